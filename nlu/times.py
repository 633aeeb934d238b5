"""When something happened: phrases in Indonesian, Javanese and English, with a date where one follows."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nlu.interpretation import Entity

LONGEST = 4000  # characters looked at

_NUMBERS = {
    **dict.fromkeys(("se", "satu", "siji", "sa", "setunggal", "a", "an", "one"), 1),
    **dict.fromkeys(("dua", "loro", "rong", "kalih", "two"), 2),
    **dict.fromkeys(("tiga", "telu", "telung", "tigang", "three"), 3),
    **dict.fromkeys(("empat", "papat", "patang", "sekawan", "four"), 4),
    **dict.fromkeys(("lima", "limang", "gangsal", "five"), 5),
    **dict.fromkeys(("enam", "enem", "nem", "six"), 6),
    **dict.fromkeys(("tujuh", "pitu", "pitung", "seven"), 7),
    **dict.fromkeys(("delapan", "wolu", "wolung", "eight"), 8),
    **dict.fromkeys(("sembilan", "sanga", "sangang", "nine"), 9),
    **dict.fromkeys(("sepuluh", "ten"), 10),
}
_UNITS = {
    "jam": ("jam", "jaman", "hours", "hour"),
    "hari": ("hari", "hr", "dina", "dino", "dinten", "days", "day"),
    "minggu": ("minggu", "mingguan", "mgg", "mg", "pekan", "weeks", "week"),
    "bulan": ("bulan", "bulanan", "bln", "sasi", "wulan", "months", "month"),
    "tahun": ("tahun", "tahunan", "thn", "th", "taun", "years", "year"),
    "malam": ("malam", "malem", "bengi", "wengi", "dalu", "nights", "night"),
}
_DAYS = {"hari": 1, "malam": 1, "minggu": 7, "bulan": 30, "tahun": 365}
_ONE = {
    "sedina": "hari",
    "sedino": "hari",
    "sewulan": "bulan",
    "sesasi": "bulan",
    "setaun": "tahun",
    "sejam": "jam",
}
_WEEKDAYS = {
    **{
        name: day for day, name in enumerate(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"))
    },
    **{
        name: day
        for day, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
    },
    "senen": 0,
    "slasa": 1,
    "rebo": 2,
    "kemis": 3,
    "jum'at": 4,
    "jemuwah": 4,
    "setu": 5,
    "ngahad": 6,
}
_SHOWN_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = {
    name: month
    for month, names in enumerate(
        ("januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may",
         "juni jun june", "juli jul july", "agustus agu agt ags aug august", "september sep sept",
         "oktober okt oct october", "november nov nopember", "desember des dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_PARTS = {
    "pagi": ("pagi", "esuk", "enjang", "isuk", "morning"),
    "siang": ("siang", "awan", "noon"),
    "sore": ("sore", "sonten", "afternoon", "evening"),
    "malam": ("malam", "malem", "mlm", "bengi", "wengi", "dalu", "night"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}


def _any(words: object) -> str:
    return "|".join(sorted((re.escape(str(word)) for word in words), key=len, reverse=True))  # type: ignore[attr-defined]


_NUMBER = rf"(?:\d{{1,3}}|{_any(word for word in _NUMBERS if len(word) > 2)}|a|an)"
_LENGTH = (
    rf"(?:(?P<number>{_NUMBER})\s*(?P<unit>{_any(_UNIT_OF)})"
    rf"|se(?P<single>{_any(_UNIT_OF)})|(?P<one>{_any(_ONE)})"
    r"|ber(?P<many>hari|minggu|bulan|tahun)(?:2|[\s-]*(?:ber)?(?:hari|minggu|bulan|tahun)(?:-?an)?)"
    rf"|(?P<several>beberapa|pirang-pirang|pirang|several|some)\s+(?P<several_unit>{_any(_UNIT_OF)}))\b"
)
_SINCE_WORDS = (
    *(
        "sejak",
        "semenjak",
        "wiwit",
        "kawit",
        "since",
        "udah",
        "sudah",
        "sdh",
        "udh",
        "uda",
        "wis",
        "uwis",
        "wes",
    ),
    *("sampun", "selama", "hampir", "meh", "for", "already", "over", "dari", "dr"),
)
_SINCE = rf"(?P<since>(?:{_any(_SINCE_WORDS)}|lebih dari)\s+)"
_AGO = r"(?P<ago>\s+(?:yang\s+|yg\s+|sing\s+|kang\s+)?(?:lalu|kepungkur|kemarin|kemaren|wingi|ago|kapengker))"
_PART = rf"(?P<part>{_any(_PART_OF)})"
_EVERY = re.compile(
    rf"\b(?:tiap|setiap|saben|every)\s+(?:(?P<day>hari|dina|minggu|bulan|day|week|month)|{_PART})\b",
    re.IGNORECASE,
)
_FOR = re.compile(rf"\b{_SINCE}?{_LENGTH}(?:{_AGO}\b)?(?!\s+(?:sekali|sepisan|once))", re.IGNORECASE)
_POINT = re.compile(
    r"\b(?P<since>(?:sejak|semenjak|wiwit|kawit|since|dari|dr)\s+)?"
    rf"(?:(?P<before>kemarin|kemaren|kmrn|kmaren|wingi|yesterday)(?:\s+{_PART}\b)?"
    r"|(?P<night>semalam|semalem|tadi\s+mal[ae]m|mau\s+bengi|wau\s+dalu|last\s+night)"
    rf"|(?:tadi|mau|wau|this)\s+(?P<earlier>{_any(_PART_OF)})"
    r"|(?P<today>hari\s+ini|dina\s+iki|dinten\s+niki|today|barusan|baru\s+saja|baru\s+aja|sekarang|saiki|right\s+now|tadi)"
    r"|(?P<last_unit>minggu|mgg|bulan|bln|tahun|thn|sasi|taun)\s+(?:yang\s+|yg\s+)?(?:lalu|kemarin|kemaren|wingi|kepungkur)"
    r"|last\s+(?P<last_english>week|month|year))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b(?:(?:sejak|since|dari|hari|dina|on|last)\s+(?P<day>{_any(_WEEKDAYS)})"
    rf"|(?P<plain>{_any(_WEEKDAYS.keys() - {'minggu', 'setu'})}))\b"
    rf"(?:\s+(?:kemarin|kemaren|lalu|wingi))?(?:\s+{_PART}\b)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>\d{{4}}|\d\d)|\s+(?P<month>{_any(_MONTHS)})(?:\s+(?P<year>\d{{4}}))?)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"\b(?:jam|pukul|pkl|at)\s*(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?(?:\s*(?:an|wib))?(?:\s+{_PART}\b)?(?!\s*(?:{_any(_UNIT_OF)})\b)",
    re.IGNORECASE,
)


class _Found(NamedTuple):
    value: str
    day: date | None
    start: int
    end: int


def find_times(text: str, now: datetime | None) -> list[Entity]:
    """`time` entities with a normal phrase; beside each a `date` (ISO) where `now` makes one computable."""
    found: list[_Found] = []
    for one in _all(text[:LONGEST], now.date() if now else None):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return [entity for one in sorted(found, key=lambda one: one.start) for entity in _entities(one)]


def _entities(found: _Found) -> Iterator[Entity]:
    yield Entity("time", found.value, found.start, found.end)
    if found.day:
        yield Entity("date", found.day.isoformat(), found.start, found.end)


def _all(text: str, today: date | None) -> Iterator[_Found]:
    readers = (
        (_DATE, _read_date),
        (_CLOCK, _read_clock),
        (_EVERY, _read_every),
        (_FOR, _read_length),
        (_WEEKDAY, _read_weekday),
        (_POINT, _read_point),
    )
    for pattern, read in readers:
        for match in pattern.finditer(text):
            result = read(match, today)
            if result:
                yield _Found(result[0], result[1], match.start(), match.end())


def _read_length(match: re.Match[str], today: date | None) -> tuple[str, date | None] | None:
    single = match["single"] or match["one"]
    if single:
        unit = _ONE.get(single.lower()) or _UNIT_OF[single.lower()]
        shown, number = f"se{unit}", 1
    elif match["number"]:
        unit = _UNIT_OF[match["unit"].lower()]
        number = _count(match["number"])
        shown = f"se{unit}" if number == 1 else f"{number} {unit}"
    else:
        unit = _UNIT_OF[(match["many"] or match["several_unit"]).lower()]
        return (f"sejak ber{unit}-{unit}" if match["many"] else f"sejak beberapa {unit}"), None
    day = _back(today, number * _DAYS[unit]) if unit in _DAYS else None
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
        return ("kemarin " + _PART_OF[part.lower()] if part else "kemarin"), 1
    if match["night"]:
        return "semalam", 1
    if match["earlier"]:
        return f"tadi {_PART_OF[match['earlier'].lower()]}", 0
    if match["today"]:
        return "hari ini", 0
    unit = _UNIT_OF[(match["last_unit"] or match["last_english"]).lower()]
    return f"{unit} lalu", 7 if unit == "minggu" else None


def _read_every(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    del today
    repeated = _UNIT_OF[match["day"].lower()] if match["day"] else _PART_OF[match["part"].lower()]
    return f"setiap {repeated}", None


def _read_weekday(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    weekday = _WEEKDAYS[(match["day"] or match["plain"]).lower()]
    back = ((today.weekday() - weekday) % 7 or 7) if today else 0
    part = f" {_PART_OF[match['part'].lower()]}" if match["part"] else ""
    return _SHOWN_DAYS[weekday] + part, _back(today, back)


def _read_clock(match: re.Match[str], today: date | None) -> tuple[str, date | None]:
    del today
    part = f" {_PART_OF[match['part'].lower()]}" if match["part"] else ""
    return f"jam {int(match['hour'])}.{match['minute'] or '00'}{part}", None


def _read_date(match: re.Match[str], today: date | None) -> tuple[str, date | None] | None:
    month = int(match["m"]) if match["m"] else _MONTHS[match["month"].lower()]
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
    return int(number) if number.isdigit() else _NUMBERS[number.lower()]
