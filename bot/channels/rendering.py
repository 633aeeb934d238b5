"""Fitting a message to what a channel can do: cutting long texts, turning buttons into a numbered list."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from dialogs.messages import Button

Rows = tuple[tuple[Button, ...], ...]
Measure = Callable[[str], int]

BORDERS = ("\n\n", "\n", " ")


def utf16_units(text: str) -> int:
    """How long Telegram finds a text: characters beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int, measure: Measure = len) -> list[str]:
    """Parts of at most `limit`, cut at a paragraph, else a line, else a word; blank text gives no parts."""
    parts = []
    rest = text.strip()
    while measure(rest) > limit:
        window = _longest(rest, limit, measure)
        end = _border(rest, len(window))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _longest(text: str, limit: int, measure: Measure) -> str:
    """The longest beginning that fits; at least one character, so that cutting always gets on."""
    if measure(text[:limit]) <= limit:
        return text[:limit]
    fitting = bisect_right(range(1, limit + 1), limit, key=lambda size: measure(text[:size]))
    return text[: max(1, fitting)]


def _border(text: str, end: int) -> int:
    """Where to cut at or before `end`; borders in the first half do not count, they would leave a stump."""
    for border in BORDERS:
        found = text.rfind(border, end // 2, end + len(border))
        if found > 0:
            return found
    return end


def clip(text: str, limit: int, measure: Measure = len) -> str:
    """The text, or its beginning and an ellipsis when it is longer than `limit`."""
    return text if measure(text) <= limit else _longest(text, limit - 1, measure).rstrip() + "…"


def line(text: str, limit: int) -> str:
    """The text on one line, clipped: nobody's words make a line of their own where others' stand."""
    return clip(" ".join(text.split()), limit)


def flat(rows: Rows) -> list[Button]:
    """The buttons of all rows in reading order."""
    return [button for row in rows for button in row]


def numbered(buttons: Sequence[Button]) -> str:
    """The choices as a list to answer by number, for where they cannot be buttons."""
    return "\n".join(f"{number}. {_spelled(button)}" for number, button in enumerate(buttons, start=1))


def _spelled(button: Button) -> str:
    return f"{button.label}: {button.url}" if button.url else button.label


def with_list(text: str, rows: Rows) -> str:
    """The text followed by its buttons as a numbered list."""
    return "\n\n".join(part for part in (text.strip(), numbered(flat(rows))) if part)
