"""The two-level taxonomy a report is filed under: data, with names in every language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu.data import Data, DataError
from nlu.interpretation import Language

FILE = "categories.yml"
LANGUAGES: tuple[Language, ...] = ("id", "jv", "en")


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of report with its sub-kinds; names by language."""

    id: str
    emoji: str
    name: Mapping[str, str]
    subcategories: Mapping[str, Mapping[str, str]]

    def label(self, language: Language = "id", subcategory: str = "") -> str:
        """The name to show: the sub-category's when one is given and known."""
        return self.subcategories.get(subcategory, self.name)[language]


def load_categories(data: Data | None = None) -> tuple[Category, ...]:
    """The taxonomy in its order in the file.

    Raises:
        DataError: an entry lacks a name in one of the languages, or is given twice.
    """
    rows = (data or Data()).yaml(FILE)["categories"]
    categories = tuple(_category(row) for row in rows)
    seen: set[str] = set()
    for category in categories:
        if category.id in seen:
            raise DataError(f"{FILE}: category {category.id} is given twice; remove one")
        seen.add(category.id)
    return categories


def _category(row: dict[str, Any]) -> Category:
    missing = {"id", "emoji", "name", "subcategories"} - row.keys()
    if missing:
        raise DataError(f"{FILE}: {row.get('id', row)} lacks {', '.join(sorted(missing))}; add it")
    subs = {sub: _names(f"{row['id']}.{sub}", names) for sub, names in row["subcategories"].items()}
    return Category(row["id"], row["emoji"], _names(row["id"], row["name"]), subs)


def _names(key: str, names: Mapping[str, str]) -> Mapping[str, str]:
    for language in LANGUAGES:
        if not names.get(language):
            raise DataError(f"{FILE}: {key} has no name in {language}; add name.{language}")
    return dict(names)
