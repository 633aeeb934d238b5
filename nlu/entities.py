"""Pieces of a text with a normal form: numbers of all kinds, addresses, streets and landmarks."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from nlu.data import Data
from nlu.interpretation import Entity

FILE = "entities.yml"
LONGEST = 4000  # characters looked at


class _Rule(NamedTuple):
    entity: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str]


class Entities:
    """Finds entities by their shape; where two overlap the first rule wins."""

    def __init__(self, data: Data) -> None:
        words: dict[str, list[str]] = data.yaml(FILE)
        self._rules = (
            _Rule("link", _link(words["link_endings"]), lambda m: m[0].rstrip(".,!?)").lower()),
            _Rule("email", _EMAIL, lambda m: m[0].lower()),
            _Rule("report_number", _report_number(words["report_prefixes"]), _report_value),
            _Rule("nik", _NIK, lambda m: m[0]),
            _Rule("phone", _PHONE, _phone_value),
            _Rule("plate", _plate(words["plate_areas"]), _plate_value),
            _Rule("rt_rw", _RT_RW, _rt_rw_value),
            _Rule("street", _street(words["street_stops"]), _street_value),
            _Rule("landmark", _landmark(words), lambda m: " ".join(m["name"].split())),
            _Rule("number", _NUMBER, lambda m: m[0]),
        )

    def find(self, text: str, taken: tuple[Entity, ...] = ()) -> list[Entity]:
        """Entities of the text in order, leaving alone what is taken."""
        found: list[Entity] = []
        for rule in self._rules:
            for entity in _entities(rule, text[:LONGEST]):
                if not any(_overlap(entity, other) for other in (*taken, *found)):
                    found.append(entity)
        return sorted(found, key=lambda entity: entity.start)


def _entities(rule: _Rule, text: str) -> Iterator[Entity]:
    for match in rule.pattern.finditer(text):
        name = "name" if "name" in rule.pattern.groupindex else 0
        yield Entity(rule.entity, rule.value(match), match.start(name), match.end(name))


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


_EMAIL = re.compile(r"[\w.+-]{1,64}@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,4}")
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
_PHONE = re.compile(r"(?<![\w+])(?:\+?62[\s-]?|0)(?:8\d{1,2}|27\d)(?:[\s.-]?\d){6,9}(?!\d)")
_RT_RW = re.compile(
    r"\brt\W{0,3}(?P<rt>\d{1,3})(?:\W{0,4}rw\W{0,3}(?P<rw>\d{1,3})|\s?/\s?(?P<slash>\d{1,3}))?\b"
    r"|\brw\W{0,3}(?P<rw_only>\d{1,3})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?:[.,]\d{1,3})?(?![\w])")


def _link(endings: list[str]) -> re.Pattern[str]:
    known = "|".join(endings)
    return re.compile(
        rf"\bhttps?://\S+|\bwww\.\S+|(?<![@\w.-])\w[\w-]{{1,40}}(?:\.\w[\w-]{{1,40}}){{0,2}}\.(?:{known})\b(?:/\S*)?",
        re.IGNORECASE,
    )


def _report_number(prefixes: list[str]) -> re.Pattern[str]:
    known = "|".join(re.escape(prefix) for prefix in prefixes)
    gap = r"[\s./_-]{0,3}"
    return re.compile(
        rf"\b({known}){gap}(\d\d){gap}((?:[0-9a-z]{gap}){{4}}[0-9a-z])(?![0-9a-z])", re.IGNORECASE
    )


def _report_value(match: re.Match[str]) -> str:
    code = re.sub(r"[^0-9A-Za-z]", "", match[3])
    return f"{match[1]}-{match[2]}-{code}".upper()


def _phone_value(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "+62" + (digits.removeprefix("62") if digits.startswith("62") else digits.removeprefix("0"))


def _plate(areas: list[str]) -> re.Pattern[str]:
    lower = "|".join(area.lower() for area in areas if len(area) == 2)
    return re.compile(
        rf"\b(?P<name>(?:{'|'.join(areas)})[ -]?\d{{3,4}}[ -]?[A-Z]{{1,3}}"
        rf"|(?:{lower})[ -]?\d{{4}}[ -]?[a-z]{{2,3}})\b"
    )


def _plate_value(match: re.Match[str]) -> str:
    parts = re.fullmatch(r"([A-Z]+)(\d+)([A-Z]+)", re.sub(r"[ -]", "", match["name"].upper()))
    return " ".join(parts.groups()) if parts else match["name"].upper()


def _rt_rw_value(match: re.Match[str]) -> str:
    rt, rw = match["rt"], match["rw"] or match["slash"] or match["rw_only"]
    shown = [f"{kind} {int(number):02d}" for kind, number in (("RT", rt), ("RW", rw)) if number]
    return " ".join(shown)


def _street(stops: list[str]) -> re.Pattern[str]:
    stopped = rf"(?!(?:{'|'.join(stops)})\b)"
    number = r"(?:\s+(?i:no|nomor|km)\.?\s*\d+[a-z]?)?"
    capital = r"(?!No\b|KM\b|Km\b)[A-Z][\w.'-]+"
    return re.compile(
        rf"\b(?:(?:[Jj]alan|JALAN)(?:\s+{capital}){{1,4}}"
        rf"|(?i:jln?|gg|gang)\b\.?\s*{stopped}[A-Za-z][\w'-]+(?:\s+{capital}){{0,3}}){number}"
    )


def _street_value(match: re.Match[str]) -> str:
    name = re.sub(r"^(?i:jalan|jln|jl)\b\.?\s*", "Jalan ", match[0])
    name = re.sub(r"^(?i:gang|gg)\b\.?\s*", "Gang ", name)
    return " ".join(word[0].upper() + word[1:] for word in name.split())


def _landmark(words: dict[str, list[str]]) -> re.Pattern[str]:
    cues, kinds = "|".join(words["landmark_cues"]), "|".join(words["landmark_kinds"])
    stops = "|".join(words["landmark_stops"])
    return re.compile(
        rf"\b(?:{cues})\s+(?P<name>(?:{kinds})\b(?:\s+(?!(?:{stops})\b)[\w'-]{{1,20}}){{0,3}})", re.IGNORECASE
    )
