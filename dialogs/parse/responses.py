"""Reading responses, written as Rasa writes them: variations, buttons, channels, conditions."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from dialogs.faults import Fault
from dialogs.flow import Condition
from dialogs.parse.notes import Place
from dialogs.responses import LANGUAGES, ButtonTemplate, Response, Template, Variation
from dialogs.source import Table

KEYS = frozenset({"text", "buttons", "channel", "condition", "image", "metadata"})
EXTRAS = frozenset({"if", "ask_location"})
"""What Rasa does not have; it stands under `metadata`, so that Rasa reads the file all the same."""
PREFIXES = ("utter_", "petugas_")
BUTTON_KEYS = frozenset({"title", "payload", "if", "url"})


def parse_responses(files: Mapping[str, str], faults: list[Fault]) -> dict[str, dict[str, Response]]:
    """The responses of every language: the file's name is the language."""
    found: dict[str, dict[str, Response]] = {language: {} for language in LANGUAGES}
    for path, text in files.items():
        place = Place(path, faults)
        language = PurePosixPath(path).stem
        if language not in found:
            place.note(0, f"`{language}` is no language", "Name the file id.yml, jv.yml or en.yml")
            continue
        _file(place, text, found[language])
    return found


def _file(place: Place, text: str, into: dict[str, Response]) -> None:
    content = place.open(text)
    responses = place.table(content.get("responses"), content.line_of("responses"), "`responses`")
    for name, rows in responses.items():
        line = responses.line_of(name)
        if not name.startswith(PREFIXES):
            place.note(line, f"the response `{name}` has a strange name", "Begin it with utter_ or petugas_")
        if name in into:
            place.note(
                line, f"the response `{name}` is written twice", f"See also {into[name].file}; keep one"
            )
        variations = tuple(_variation(place, row, line) for row in place.rows(rows, line, f"`{name}`"))
        if not variations:
            place.note(line, f"the response `{name}` says nothing", "Give it at least one `- text:`")
        about = any("{nomor}" in _words(variation) for variation in variations)
        into[name] = Response(name, variations, about, place.file, line)


def _words(variation: Variation) -> str:
    buttons = "".join(button.payload.source for button in variation.buttons)
    return variation.text.source + buttons


def _variation(place: Place, row: Any, line: int) -> Variation:
    table = place.table(row, line, "a variation")
    place.unknown_keys(table, KEYS)
    extras = place.table(table.get("metadata"), table.line_of("metadata"), "`metadata`")
    place.unknown_keys(extras, EXTRAS)
    rows = place.rows(table.get("buttons"), table.line_of("buttons"), "`buttons`")
    return Variation(
        text=Template.of(str(table.get("text") or "")),
        buttons=tuple(_button(place, button, table.line_of("buttons")) for button in rows),
        channel=str(table.get("channel") or ""),
        when=_when(place, table, extras),
        ask_location=bool(extras.get("ask_location")),
        line=table.line or line,
    )


def _button(place: Place, row: Any, line: int) -> ButtonTemplate:
    table = place.table(row, line, "a button")
    place.unknown_keys(table, BUTTON_KEYS)
    when = place.condition(table["if"], table.line_of("if")) if "if" in table else None
    label, payload = str(table.get("title") or ""), str(table.get("payload") or "")
    if not label or not (payload or table.get("url")):
        place.note(table.line or line, "a button lacks its title or payload", "Give it both")
    return ButtonTemplate(Template.of(label), Template.of(payload), when, str(table.get("url") or ""))


def _when(place: Place, table: Table, extras: Table) -> Condition | None:
    """A condition in our language, or in Rasa's: a list of slots with the value each must have."""
    if "if" in extras:
        return place.condition(extras["if"], extras.line_of("if"))
    given, line = table.get("condition"), table.line_of("condition")
    tests = [_rasa_test(place, one, line) for one in place.rows(given, line, "`condition`")]
    return place.condition(" and ".join(tests), line) if tests else None


def _rasa_test(place: Place, row: Any, line: int) -> str:
    table = place.table(row, line, "a condition")
    name, value = str(table.get("name") or ""), table.get("value")
    if not re.fullmatch(r"\w+", name):
        place.note(line, "a condition names no slot", "Write `- type: slot`, `name: …`, `value: …`")
        return "true"
    literal = str(value).lower() if isinstance(value, bool) or value is None else value
    shown = f'"{literal}"' if isinstance(value, str) else literal
    return f"slots.{name} = {'null' if value is None else shown}"
