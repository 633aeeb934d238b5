"""Adverts, tricks, keyboard mashing and repetition."""

import re
from collections import Counter
from collections.abc import Sequence

from nlu.interpretation import Entity, Signal, Span
from nlu.reading import Reading

LIST = "spam"
KINDS = ("gambling", "loans", "adverts")
OUTRIGHT = "certain"  # phrases that only adverts use
CERTAIN = 2  # different advertising words that make an advert
REPEATS = 6  # times one word stands in a text that says little else
HARMLESS_LINKS = re.compile(
    r"\.go\.id|\.ac\.id|\.sch\.id|maps\.|goo\.gl|google\.|youtu|instagram|facebook|tiktok|drive|desa\.id|x\.com|twitter|whatsapp"
)
_HELD = re.compile(r"\b(?:(\w)\1{2,}\b\W*){2,}", re.IGNORECASE)  # zzzz qqqq
_MASHED = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|(.)\1{4,}|asdf|qwer|zxcv|hjkl")
_STUCK = re.compile(r"\W*(\w{1,3}?)\1{5,}\W*", re.IGNORECASE)  # one key held down, a message of nothing else


def find_spam(reading: Reading, entities: Sequence[Entity], common: frozenset[str]) -> Signal | None:
    """Whether a text is an advert, a trick or no language at all."""
    links = [
        entity for entity in entities if entity.entity == "link" and not HARMLESS_LINKS.search(entity.value)
    ]
    severity = _advert(reading, links) or _noise(reading, entities, common) or int(bool(links))
    if not severity:
        return None
    spans = [reading.span(match) for match in reading.matches(LIST) if match.entry in (*KINDS, OUTRIGHT)]
    spans += [Span(link.start, link.end) for link in links]
    return Signal(LIST, severity, tuple(spans) or (Span(0, len(reading.text)),))


def _advert(reading: Reading, links: Sequence[Entity]) -> int:
    """3 for an advert with several marks, 0 when somebody complains about one or marks are too few."""
    matches = [match for match in reading.matches(LIST) if match.entry in KINDS]
    marks = len({(match.first, match.entry) for match in matches})
    outright = bool(reading.part(f"{LIST}.{OUTRIGHT}"))
    if reading.part(f"{LIST}.complaint") and not (links and marks + outright > CERTAIN):
        return 0
    return 3 if outright or (marks and marks + bool(links) >= CERTAIN) else 0


def _noise(reading: Reading, entities: Sequence[Entity], common: frozenset[str]) -> int:
    """2 for keys hit at random or a word over and over, 1 for a sentence: somebody desperate does that."""
    stuck = _STUCK.fullmatch(reading.text) or _HELD.fullmatch(reading.text)
    mashed = not entities and _mashed(reading, common)
    if stuck or mashed or not _repeated(reading):
        return 2 if stuck or mashed else 0
    return 2 if len({token.text for token in reading.tokens}) == 1 else 1


def _mashed(reading: Reading, common: frozenset[str]) -> bool:
    """Keys hit at random: no known word, and letters no language puts in a row."""
    words = [token.text for token in reading.tokens if not token.text.isdigit()]
    unknown = words and not any(word in common for word in words) and not reading.found
    return bool(unknown) and any(_MASHED.search(word) for word in words)


def _repeated(reading: Reading) -> bool:
    counts = Counter(token.text for token in reading.tokens)
    most = max(counts.values(), default=0)
    return most >= REPEATS and len(counts) <= len(reading.tokens) / REPEATS + 1
