"""Pieces of a text with a normal form: numbers of all kinds, addresses, streets and landmarks."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from nlu.data import Data
from nlu.interpretation import Entity
from nlu.normalize import Token
from nlu.reading import Reading

FILE = "entities.yml"


class _Rule(NamedTuple):
    entity: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str]
    may: Callable[[Reading], bool]


class _WordRule(NamedTuple):
    """A rule whose matches begin at certain words, `follow` being such as must come next if given."""

    entity: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str]
    words: frozenset[str]
    follow: frozenset[str] = frozenset()


class Entities:
    """Finds entities by their shape; where two overlap the first rule wins."""

    def __init__(self, data: Data) -> None:
        words: dict[str, list[str]] = data.yaml(FILE)
        prefixes = [prefix.lower() for prefix in words["report_prefixes"]]
        cues, kinds = frozenset(words["landmark_cues"]), frozenset(words["landmark_kinds"])
        self._rules = (
            _Rule("link", _link(words["link_endings"]), _link_value, _has_link),
            _Rule("email", _EMAIL, lambda m: m[0].lower(), lambda said: "@" in said.text),
            _Rule(
                "report_number",
                _report_number(words["report_prefixes"]),
                _report_value,
                lambda said: said.digits > 1 and any(prefix in said.text.lower() for prefix in prefixes),
            ),
            _Rule("nik", _NIK, lambda m: m[0], lambda said: said.digits >= 16),
            _Rule("phone", _PHONE, _phone_value, lambda said: said.digits >= 9),
            _Rule("plate", _plate(words["plate_areas"]), _plate_value, lambda said: said.digits >= 3),
            _Rule("rt_rw", _RT_RW, _rt_rw_value, _has_rt_rw),
            _WordRule("street", _street(words["street_stops"]), _street_value, STREETS),
            _WordRule("landmark", _landmark(words), lambda m: " ".join(m["name"].split()), cues, kinds),
            _Rule("number", _NUMBER, lambda m: m[0], lambda said: said.digits > 0),
        )
        self._cues = STREETS | cues

    def find(self, said: Reading, taken: tuple[Entity, ...] = ()) -> list[Entity]:
        """Entities of the text in order, leaving alone what is taken."""
        found: list[Entity] = []
        cues = [at for at, token in enumerate(said.tokens) if token.text in self._cues]
        for rule in self._rules:
            for match in _shaped(rule, said) if isinstance(rule, _Rule) else _begun(rule, said, cues):
                entity = _entity(rule, match)
                if not any(_overlap(entity, other) for other in (*taken, *found)):
                    found.append(entity)
        return sorted(found, key=lambda entity: entity.start)


def _shaped(rule: _Rule, said: Reading) -> Iterable[re.Match[str]]:
    return rule.pattern.finditer(said.shown) if rule.may(said) else ()


def _begun(rule: _WordRule, said: Reading, cues: Sequence[int]) -> Iterator[re.Match[str]]:
    end = 0
    for at in cues:
        token = said.tokens[at]
        if token.text in rule.words and token.start >= end and _followed(rule, said.tokens, at):
            match = rule.pattern.match(said.shown, token.start)
            if match:
                end = match.end()
                yield match


def _followed(rule: _WordRule, tokens: tuple[Token, ...], at: int) -> bool:
    return not rule.follow or (at + 1 < len(tokens) and tokens[at + 1].text in rule.follow)


def _entity(rule: _Rule | _WordRule, match: re.Match[str]) -> Entity:
    name = "name" if "name" in rule.pattern.groupindex else 0
    return Entity(rule.entity, rule.value(match), match.start(name), match.end(name))


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _has_link(said: Reading) -> bool:
    return "." in said.text and _MAYBE_LINK.search(said.text) is not None


def _has_rt_rw(said: Reading) -> bool:
    lower = said.text.lower() if said.digits else ""
    return "rt" in lower or "rw" in lower


STREETS = frozenset({"jalan", "jl", "jln", "gg", "gang"})
_MAYBE_LINK = re.compile(r"\w\.\w|://")
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


def _link_value(match: re.Match[str]) -> str:
    return match[0].rstrip(".,!?)").lower()


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
