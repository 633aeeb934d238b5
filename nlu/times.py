"""When something happened: phrases in Indonesian, Javanese and English, with a date where one follows."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nlu.interpretation import Entity
from nlu.lately import Lately
from nlu.normalize import Token
from nlu.time_words import (
    CLOCK,
    COUNTING,
    DATE,
    DAYS,
    EVERY,
    FOR,
    MONTHS,
    NUMBERS,
    ONE,
    PART_OF,
    POINT,
    POINTING,
    SHOWN_DAYS,
    UNIT_OF,
    WEEKDAY,
    WEEKDAYS,
)

_DATED = re.compile(r"\s*[/.-]\s*\d")


class _Found(NamedTuple):
    value: str
    day: date | None
    start: int
    end: int


class _Shape(NamedTuple):
    """A way to tell a time: its pattern, what a match says, and words one of which every match holds."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date | None], tuple[str, date | None] | None]
    words: frozenset[str]
    reach: int  # words around one of them within which all of the phrase stands
    mixed: bool = False  # whether any word of letters and digits may be one, too: `3hari`
    may: Callable[[Sequence[Token], int, str], bool] | None = None
    """Whether the words beside one of them allow it, given all words, which one it is, and the text."""


A_MOMENT_AGO = "tadi"  # says little, and nothing beside any other time


def find_times(tokens: tuple[Token, ...], text: str, now: datetime | None) -> list[Entity]:
    """`time` entities with a normal phrase; beside each a `date` (ISO) where `now` makes one computable."""
    found: list[_Found] = []
    for one in _all(tokens, text, now.date() if now else None):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    telling = [one for one in found if text[one.start : one.end].lower() != A_MOMENT_AGO]
    return [
        entity for one in sorted(telling or found, key=lambda one: one.start) for entity in _entities(one)
    ]


def _entities(found: _Found) -> Iterator[Entity]:
    yield Entity("time", found.value, found.start, found.end)
    if found.day:
        yield Entity("date", found.day.isoformat(), found.start, found.end)


def _all(tokens: tuple[Token, ...], text: str, today: date | None) -> Iterator[_Found]:
    told = [(at, shapes) for at, token in enumerate(tokens) if (shapes := _told[token.text])]
    for number in sorted({number for _, shapes in told for number in shapes}):
        shape = SHAPES[number]
        places = [at for at, shapes in told if number in shapes and _may(shape, tokens, at, text)]
        for start, end in _around(places, tokens, shape.reach):
            for match in shape.pattern.finditer(text, start, end):
                result = shape.read(match, today)
                if result:
                    yield _Found(result[0], result[1], match.start(), match.end())


def _told_by(word: str) -> tuple[int, ...]:
    """The numbers of the shapes a word may be part of."""
    if word.isdigit():
        return (DATE_SHAPE,)
    digit = any(map(str.isdigit, word))
    return tuple(at for at, shape in enumerate(SHAPES) if word in shape.words or (digit and shape.mixed))


_told = Lately(_told_by)


def _around(words: list[int], tokens: tuple[Token, ...], reach: int) -> Iterator[tuple[int, int]]:
    """The stretches of text around some words, those that overlap as one: all that is searched."""
    first = last = -1
    for at in words:
        if last < 0:
            first = max(at - reach, 0)
        elif at - reach > last:
            yield tokens[first].start, tokens[last].end
            first = at - reach
        last = min(at + reach, len(tokens) - 1)
    if words:
        yield tokens[first].start, tokens[last].end


def _may(shape: _Shape, tokens: Sequence[Token], at: int, text: str) -> bool:
    return shape.may is None or shape.may(tokens, at, text)


def _dated(tokens: Sequence[Token], at: int, text: str) -> bool:
    """Whether a number goes on as a date does, or stands before the name of a month."""
    if tokens[at].text.isdigit():
        return _DATED.match(text, tokens[at].end) is not None
    return at > 0 and tokens[at - 1].text.isdigit()


def _counted(tokens: Sequence[Token], at: int, _text: str) -> bool:
    """Whether a unit stands after a number; words that hold their number need none."""
    before = tokens[at - 1].text if at else ""
    return tokens[at].text not in UNIT_OF or before in COUNTING or any(map(str.isdigit, before))


def _pointed(tokens: Sequence[Token], at: int, _text: str) -> bool:
    """Whether a word that points to a time only together with another stands beside one that may be it."""
    needed = POINTING.get(tokens[at].text)
    beside = (tokens[at - 1].text if at else "", tokens[at + 1].text if at + 1 < len(tokens) else "")
    return needed is None or not needed.isdisjoint(beside)


def _read_length(match: re.Match[str], today: date | None) -> tuple[str, date | None] | None:
    single = match["single"] or match["one"]
    if single:
        unit = ONE.get(single.lower()) or UNIT_OF[single.lower()]
        shown, number = f"se{unit}", 1
    elif match["number"]:
        unit = UNIT_OF[match["unit"].lower()]
        number = _count(match["number"])
        shown = f"se{unit}" if number == 1 else f"{number} {unit}"
    else:
        unit = UNIT_OF[(match["many"] or match["several_unit"]).lower()]
        return (f"sejak ber{unit}-{unit}" if match["many"] else f"sejak beberapa {unit}"), None
    day = _back(today, number * DAYS[unit]) if unit in DAYS else None
    if match["ago"]:
        return f"{shown} lalu", day
    return (f"sejak {shown}", day) if match["since"] else (shown, None)


def _read_point(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    shown, days = _point(match)
    since = "sejak " if match["since"] else ""
    return since + shown, None if days is None else _back(today, days)


def _point(match: re.Match[str]) -> tuple[str, int | None]:
    if match["before"]:
        part = match["part"]
        return ("kemarin " + PART_OF[part.lower()] if part else "kemarin"), 1
    if match["night"]:
        return "semalam", 1
    if match["earlier"]:
        return f"tadi {PART_OF[match['earlier'].lower()]}", 0
    if match["today"]:
        return "hari ini", 0
    unit = UNIT_OF[(match["last_unit"] or match["last_english"]).lower()]
    return f"{unit} lalu", 7 if unit == "minggu" else None


def _read_every(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    del today
    repeated = UNIT_OF[match["day"].lower()] if match["day"] else PART_OF[match["part"].lower()]
    return f"setiap {repeated}", None


def _read_weekday(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    weekday = WEEKDAYS[(match["day"] or match["plain"]).lower()]
    back = ((today.weekday() - weekday) % 7 or 7) if today else 0
    part = f" {PART_OF[match['part'].lower()]}" if match["part"] else ""
    return SHOWN_DAYS[weekday] + part, _back(today, back)


def _read_clock(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    del today
    part = f" {PART_OF[match['part'].lower()]}" if match["part"] else ""
    return f"jam {int(match['hour'])}.{match['minute'] or '00'}{part}", None


def _read_date(match: re.Match[str], today: date | None) -> tuple[str, date | None] | None:
    month = int(match["m"]) if match["m"] else MONTHS[match["month"].lower()]
    year = int(match["y"] or match["year"] or (today.year if today else 0))
    year += 2000 if 0 < year < 100 else 0
    if not year:
        return match[0], None
    try:
        day = date(year, month, int(match["d"]))
    except ValueError:
        return None
    return day.isoformat(), day


def _back(today: date | None, days: int) -> date | None:
    try:
        return today - timedelta(days=days) if today else None
    except OverflowError:
        return None


def _count(number: str) -> int:
    return int(number) if number.isdigit() else NUMBERS[number.lower()]


SHAPES = (
    _Shape(DATE, _read_date, frozenset(MONTHS), reach=5, may=_dated),
    _Shape(CLOCK, _read_clock, frozenset({"jam", "pukul", "pkl", "at"}), reach=6, mixed=True),
    _Shape(EVERY, _read_every, frozenset({"tiap", "setiap", "saben", "every"}), reach=3),
    _Shape(
        FOR,
        _read_length,
        frozenset({*UNIT_OF, *ONE, *(f"{prefix}{unit}" for prefix in ("se", "ber") for unit in UNIT_OF)}),
        reach=5,
        mixed=True,
        may=_counted,
    ),
    _Shape(WEEKDAY, _read_weekday, frozenset({*WEEKDAYS, "jum"}), reach=4),
    _Shape(
        POINT,
        _read_point,
        frozenset(
            {
                *("kemarin", "kemaren", "kmrn", "kmaren", "wingi", "yesterday", "semalam", "semalem", "tadi"),
                *("today", "barusan", "sekarang", "saiki", *POINTING),
            }
        ),
        reach=4,
        may=_pointed,
    ),
)
DATE_SHAPE = 0
