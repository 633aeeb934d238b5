"""The services on offer, made of the city's categories, and their extra questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from nlu.categories import Category
from tickets.policies.open311 import LISTS, Attribute

Kind = tuple[str, str]
JOIN = "-"


def code_of(category: str, subcategory: str) -> str:
    """The service code of a kind of report."""
    return f"{category}{JOIN}{subcategory}" if subcategory else category


class Catalogue:
    """Services by code; every category is one, and so is every sub-category in it."""

    def __init__(
        self, categories: Sequence[Category], attributes: Mapping[str, tuple[Attribute, ...]]
    ) -> None:
        self._attributes = attributes
        self._categories = {one.id: one for one in categories}
        self.kinds: dict[str, Kind] = {}
        for one in categories:
            for sub in ("", *one.subcategories):
                self.kinds[code_of(one.id, sub)] = (one.id, sub)

    def code(self, category: str, subcategory: str) -> str:
        """The code of a report's kind; a sub-category that is no longer offered goes by its category."""
        whole = code_of(category, subcategory)
        return whole if whole in self.kinds else category

    def name(self, code: str, language: str) -> str:
        """What a service is called."""
        category, sub = self.kinds.get(code, (code, ""))
        found = self._categories.get(category)
        if found is None:
            return code
        return (found.subcategories[sub] if sub else found.name)[language]

    def questions(self, code: str) -> tuple[Attribute, ...]:
        """The extra questions of a service."""
        return self._attributes.get(self.kinds[code][0], ())

    def listed(self, language: str) -> list[dict[str, Any]]:
        """The services as the standard lists them."""
        return [self._service(code, language) for code in self.kinds]

    def definition(self, code: str, language: str) -> dict[str, Any]:
        """One service with its questions."""
        rows = [_attribute(one, place, language) for place, one in enumerate(self.questions(code), 1)]
        return {"service_code": code, "attributes": rows}

    def _service(self, code: str, language: str) -> dict[str, Any]:
        category, _ = self.kinds[code]
        found = self._categories[category]
        name, group = self.name(code, language), found.name[language]
        return {
            "service_code": code,
            "service_name": name,
            "description": group if name == group else f"{group}: {name}",
            "metadata": bool(self.questions(code)),
            "type": "realtime",
            "keywords": ", ".join(dict.fromkeys([name, group, *found.name.values()])),
            "group": group,
        }


def _attribute(one: Attribute, order: int, language: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "variable": True,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.required,
        "datatype_description": one.hint[language] or None,
        "order": order,
        "description": one.description[language],
    }
    if one.datatype in LISTS:
        row["values"] = [{"key": key, "name": names[language]} for key, names in one.values.items()]
    return row
