"""The words people tell time with, in Indonesian, Javanese and English, and the shapes of their phrases."""

import re

NUMBERS = {
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
UNITS = {
    "jam": ("jam", "jaman", "hours", "hour"),
    "hari": ("hari", "hr", "dina", "dino", "dinten", "days", "day"),
    "minggu": ("minggu", "mingguan", "mgg", "mg", "pekan", "weeks", "week"),
    "bulan": ("bulan", "bulanan", "bln", "sasi", "wulan", "months", "month"),
    "tahun": ("tahun", "tahunan", "thn", "th", "taun", "years", "year"),
    "malam": ("malam", "malem", "bengi", "wengi", "dalu", "nights", "night"),
}
DAYS = {"hari": 1, "malam": 1, "minggu": 7, "bulan": 30, "tahun": 365}
ONE = {
    "sedina": "hari",
    "sedino": "hari",
    "sewulan": "bulan",
    "sesasi": "bulan",
    "setaun": "tahun",
    "sejam": "jam",
}
WEEKDAYS = {
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
SHOWN_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = {
    name: month
    for month, names in enumerate(
        ("januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may",
         "juni jun june", "juli jul july", "agustus agu agt ags aug august", "september sep sept",
         "oktober okt oct october", "november nov nopember", "desember des dec december"), start=1)
    for name in names.split()
}  # fmt: skip
PARTS = {
    "pagi": ("pagi", "esuk", "enjang", "isuk", "morning"),
    "siang": ("siang", "awan", "noon"),
    "sore": ("sore", "sonten", "afternoon", "evening"),
    "malam": ("malam", "malem", "mlm", "bengi", "wengi", "dalu", "night"),
}
PART_OF = {word: part for part, words in PARTS.items() for word in words}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}

COUNTING = frozenset({*NUMBERS, "beberapa", "pirang", "several", "some"})
"""Words a unit of time may be counted by, beside numbers."""
_GONE = frozenset({"yang", "yg", "sing", "kang", *UNIT_OF})
_THIS = frozenset({"ini", "iki", "niki"})
_NOW = frozenset({*PART_OF, "malem"})
POINTING = {
    **dict.fromkeys(("hari", "dina", "dinten"), _THIS),
    **dict.fromkeys(("mau", "wau", "this"), _NOW),
    **dict.fromkeys(("lalu", "kepungkur"), _GONE),
    "baru": frozenset({"saja", "aja"}),
    "last": frozenset({"night", "week", "month", "year"}),
    "right": frozenset({"now"}),
}
"""Words that point to a time only beside certain others: `hari` beside `ini`."""


def _any(words: object) -> str:
    return "|".join(sorted((re.escape(str(word)) for word in words), key=len, reverse=True))  # type: ignore[attr-defined]


NUMBER = rf"(?:\d{{1,3}}|{_any(word for word in NUMBERS if len(word) > 2)}|a|an)"
LENGTH = (
    rf"(?:(?P<number>{NUMBER})\s*(?P<unit>{_any(UNIT_OF)})"
    rf"|se(?P<single>{_any(UNIT_OF)})|(?P<one>{_any(ONE)})"
    r"|ber(?P<many>hari|minggu|bulan|tahun)(?:2|[\s-]*(?:ber)?(?:hari|minggu|bulan|tahun)(?:-?an)?)"
    rf"|(?P<several>beberapa|pirang-pirang|pirang|several|some)\s+(?P<several_unit>{_any(UNIT_OF)}))\b"
)
SINCE_WORDS = (
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
SINCE = rf"(?P<since>(?:{_any(SINCE_WORDS)}|lebih dari)\s+)"
AGO = r"(?P<ago>\s+(?:yang\s+|yg\s+|sing\s+|kang\s+)?(?:lalu|kepungkur|kemarin|kemaren|wingi|ago|kapengker))"
PART = rf"(?P<part>{_any(PART_OF)})"
EVERY = re.compile(
    rf"\b(?:tiap|setiap|saben|every)\s+(?:(?P<day>hari|dina|minggu|bulan|day|week|month)|{PART})\b",
    re.IGNORECASE,
)
FOR = re.compile(rf"\b{SINCE}?{LENGTH}(?:{AGO}\b)?(?!\s+(?:sekali|sepisan|once))", re.IGNORECASE)
POINT = re.compile(
    r"\b(?P<since>(?:sejak|semenjak|wiwit|kawit|since|dari|dr)\s+)?"
    rf"(?:(?P<before>kemarin|kemaren|kmrn|kmaren|wingi|yesterday)(?:\s+{PART}\b)?"
    r"|(?P<night>semalam|semalem|tadi\s+mal[ae]m|mau\s+bengi|wau\s+dalu|last\s+night)"
    rf"|(?:tadi|mau|wau|this)\s+(?P<earlier>{_any(PART_OF)})"
    r"|(?P<today>hari\s+ini|dina\s+iki|dinten\s+niki|today|barusan|baru\s+saja|baru\s+aja|sekarang|saiki|right\s+now|tadi)"
    r"|(?P<last_unit>minggu|mgg|bulan|bln|tahun|thn|sasi|taun)\s+(?:yang\s+|yg\s+)?(?:lalu|kemarin|kemaren|wingi|kepungkur)"
    r"|last\s+(?P<last_english>week|month|year))\b",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    rf"\b(?:(?:sejak|since|dari|hari|dina|on|last)\s+(?P<day>{_any(WEEKDAYS)})"
    rf"|(?P<plain>{_any(WEEKDAYS.keys() - {'minggu', 'setu'})}))\b"
    rf"(?:\s+(?:kemarin|kemaren|lalu|wingi))?(?:\s+{PART}\b)?",
    re.IGNORECASE,
)
DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>\d{{4}}|\d\d)|\s+(?P<month>{_any(MONTHS)})(?:\s+(?P<year>\d{{4}}))?)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(
    rf"\b(?:jam|pukul|pkl|at)\s*(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?(?:\s*(?:an|wib))?(?:\s+{PART}\b)?(?!\s*(?:{_any(UNIT_OF)})\b)",
    re.IGNORECASE,
)
