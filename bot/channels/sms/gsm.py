"""The alphabet of SMS (GSM 03.38), what fits into it, and how many segments a text takes."""

import unicodedata
from math import ceil
from typing import Final, Literal

Encoding = Literal["gsm7", "ucs2"]

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""Characters that take two septets: an escape goes before them."""
SPELLED: Final = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("–—―‐‑‒−", "-"),
    **dict.fromkeys("•·▪◦●", "-"),
    **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
    "…": "...",
    "×": "x",
    "→": "->",
    "⭐": "*",
    "½": "1/2",
    "°": " derajat",
    "đ": "d",
    "ł": "l",
}
HANGING: Final = (
    range(0x0300, 0x0370),
    range(0x20D0, 0x2100),
    range(0xFE00, 0xFE10),
    range(0xE0100, 0xE01F0),
)
"""Marks that change the sign before them: accents, enclosures, and which picture is meant."""
ONE: Final = {"gsm7": 160, "ucs2": 70}
PART: Final = {"gsm7": 153, "ucs2": 67}
"""Septets (or UTF-16 units) a segment holds alone, and as one of several, where a header takes its share."""


def transliterate(text: str) -> str:
    """The text in the SMS alphabet: accents and fancy signs spelled plainly, pictures left out.

    Letters of another script stay: without them nothing would be said.
    """
    spelled = "".join(map(_spelled, text))
    return "\n".join(" ".join(line.split()) for line in spelled.split("\n"))


def encoding_of(text: str) -> Encoding:
    """The alphabet that a text needs."""
    return "gsm7" if all(one in BASIC or one in EXTENDED for one in text) else "ucs2"


def units(text: str) -> int:
    """How long a text is in its own alphabet: septets, or UTF-16 units."""
    if encoding_of(text) == "gsm7":
        return len(text) + sum(one in EXTENDED for one in text)
    return len(text) + sum(one > "\uffff" for one in text)


def segments(text: str) -> int:
    """How many SMS the network counts for a text; a character of two units is never cut in half."""
    encoding, whole = encoding_of(text), units(text)
    if whole <= ONE[encoding]:
        return 1
    wide = EXTENDED if encoding == "gsm7" else frozenset(one for one in text if one > "\uffff")
    if not any(one in wide for one in text):
        return ceil(whole / PART[encoding])
    return _cut(text, wide, PART[encoding])


def _cut(text: str, wide: frozenset[str], room: int) -> int:
    count, left = 1, room
    for one in text:
        needed = 2 if one in wide else 1
        if needed > left:
            count, left = count + 1, room
        left -= needed
    return count


def _spelled(character: str) -> str:
    if character in BASIC or character in EXTENDED:
        return character
    if character in SPELLED:
        return SPELLED[character]
    plain = "".join(one for one in unicodedata.normalize("NFKD", character) if one in BASIC)
    if plain:
        return plain
    return character if _of_a_script(character) else ""


def _of_a_script(character: str) -> bool:
    """Whether it is a letter, digit or vowel sign; accents and selectors that hang on pictures are none."""
    kind = unicodedata.category(character)[0]
    return kind in "LN" or (kind == "M" and not any(ord(character) in hanging for hanging in HANGING))
