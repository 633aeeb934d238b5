"""Kinds of slots: how an answer is read into a value, and how a value is shown again."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dialogs.messages import InboundMessage
from nlu.interpretation import Area, Interpretation, Place

MAX_TEXT = 4_000
MAX_ITEMS = 20
MARKS = frozenset({"landmark", "street", "rt_rw"})
"""Entities that say where in an area something is."""
PICTURES = re.compile("[\u2600-\u27bf\U0001f170-\U0001f3fa\U0001f400-\U0001faff]")
"""Emoji, without the tones of skin that may follow one."""
NOTHING: Any = object()
"""An answer that holds no value of the kind asked for."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where a slot can be read from without being asked: `kind` is one of MAPPINGS, `least` a confidence."""

    kind: str
    entity: str = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """A slot as the domain declares it.

    `choices` names where its buttons come from; `optional` allows "lewati"; `lenient` is how many answers
    that will not do are asked again before a text is taken as it is (0: for ever); `gathers` names the slot
    that holds a text found too short, for the next one to follow on; `called` are the words people have for
    it; `shown` replaces words of its value, by language, where it is read out.
    """

    name: str
    type: str
    initial: Any = None
    values: tuple[str, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    choices: str = ""
    optional: bool = False
    lenient: int = 0
    gathers: str = ""
    called: frozenset[str] = frozenset()
    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the domain that answers are made of, folded to lower case."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person sent, with its reading, and the time it is read at."""

    message: InboundMessage
    meaning: Interpretation
    now: datetime
    words: Words
    current: Any = None
    tries: int = 0


def fold(text: str) -> str:
    """A text reduced to what matters when matching words: lower case, letters and digits, single spaces.

    One of nothing but pictures keeps each once, without the colour of a skin: 👍🏽👍🏽 is 👍.
    """
    found = re.findall(r"[^\W_]+", text.casefold())
    return " ".join(found) or "".join(dict.fromkeys(PICTURES.findall(text)))


def empty(spec: SlotSpec) -> Any:
    """What a skipped question leaves behind: answered, with nothing in it."""
    return [] if spec.type in {"evidence", "list"} else ""


def read(spec: SlotSpec, answer: Answer) -> Any:
    """The value an answer to this slot's question holds, or NOTHING."""
    return READERS[spec.type](spec, answer)


def _text(_spec: SlotSpec, answer: Answer) -> Any:
    return answer.message.text.strip()[:MAX_TEXT] or NOTHING


def _categorical(spec: SlotSpec, answer: Answer) -> Any:
    said = fold(answer.message.text)
    for value in spec.values:
        if fold(value) == said:
            return value
    return _agreement(spec, said, answer.words)


def _agreement(spec: SlotSpec, said: str, words: Words) -> Any:
    if "ya" in spec.values and said in words.yes:
        return "ya"
    return "tidak" if "tidak" in spec.values and said in words.no else NOTHING


def _bool(_spec: SlotSpec, answer: Answer) -> Any:
    said = fold(answer.message.text)
    if said in answer.words.yes:
        return True
    return False if said in answer.words.no else NOTHING


def _float(_spec: SlotSpec, answer: Answer) -> Any:
    found = re.search(r"-?\d+(?:[.,]\d+)?", answer.message.text)
    return float(found[0].replace(",", ".")) if found else NOTHING


def _date(_spec: SlotSpec, answer: Answer) -> Any:
    said = fold(answer.message.text)
    if said in answer.words.days:
        return (answer.now + timedelta(days=answer.words.days[said])).date().isoformat()
    return _calendar_date(answer.message.text, answer.now.year)


def _calendar_date(text: str, this_year: int) -> Any:
    found = re.search(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?\b", text)
    iso = re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", text)
    if not found and not iso:
        return NOTHING
    if iso:
        year, month, day = map(int, iso.groups())
    else:
        day, month, year = int(found[1]), int(found[2]), int(found[3] or this_year)  # type: ignore[index]
    try:
        return datetime(year + 2000 if year < 100 else year, month, day).date().isoformat()  # noqa: DTZ001
    except ValueError:
        return NOTHING


def _phone(_spec: SlotSpec, answer: Answer) -> Any:
    digits = re.sub(r"[ ().-]", "", answer.message.text)
    found = re.fullmatch(r"(?:\+?62|0)(\d{8,12})", digits)
    return f"+62{found[1]}" if found else NOTHING


def _list(_spec: SlotSpec, answer: Answer) -> Any:
    items = [item.strip() for item in re.split(r"[,;\n]", answer.message.text) if item.strip()]
    return items[:MAX_ITEMS] or NOTHING


def _location(spec: SlotSpec, answer: Answer) -> Any:
    found = place_of(answer.message, answer.meaning, 0.3, answer.message.text)
    if found is not NOTHING:
        return _as_told(found, answer)
    text = answer.message.text.strip()
    agreeing = fold(text) in answer.words.yes | answer.words.no
    if text and not agreeing and spec.lenient and answer.tries >= spec.lenient:
        return location(text[:300])
    return NOTHING


def _as_told(found: Mapping[str, Any], answer: Answer) -> Mapping[str, Any]:
    """The place with the whole answer for its words where that says more: "jl godean km 7 depan spbu"."""
    place, name = answer.meaning.place, fold(str(found["text"]))
    if answer.message.location or place is None or not place.label:
        return found
    marks = (fold(one.value) for one in answer.meaning.entities if one.entity in MARKS)
    more = any(mark and mark not in name for mark in marks)
    return {**found, "text": answer.message.text.strip()[:200]} if more else found


def _evidence(_spec: SlotSpec, answer: Answer) -> Any:
    return with_evidence(answer.message, answer.current)


def with_evidence(message: InboundMessage, current: Any) -> Any:
    """The files had so far and those of this message, each once, or NOTHING when it brings none."""
    if not message.attachments:
        return NOTHING
    found = {item["ref"]: item for item in current or []}
    for one in message.attachments:
        item = {
            "kind": one.kind,
            "ref": one.ref,
            "mime": one.mime,
            "size": one.size,
            "name": one.name,
            "media_id": one.media_id,
        }
        found.setdefault(one.ref, item)
    return list(found.values())[:MAX_ITEMS]


READERS: Mapping[str, Callable[[SlotSpec, Answer], Any]] = {
    "text": _text,
    "any": _text,
    "categorical": _categorical,
    "bool": _bool,
    "float": _float,
    "date": _date,
    "phone": _phone,
    "list": _list,
    "location": _location,
    "evidence": _evidence,
}


def location(text: str = "", area: Area | None = None, **extra: Any) -> dict[str, Any]:
    """The value of a location slot: what was said, the area by its official code, and the pin."""
    area = area or Area("", "", "", "")
    return {
        "text": text,
        "kode": area.kode,
        "kalurahan": area.kalurahan,
        "kapanewon": area.kapanewon,
        "kabupaten": area.kabupaten,
        "lat": extra.get("lat"),
        "lon": extra.get("lon"),
        "outside": extra.get("outside", False),
    }


def place_of(message: InboundMessage, meaning: Interpretation, least: float, said: str = "") -> Any:
    """The location a message gives by pin or in words, or NOTHING when it gives none that is sure."""
    place, pin = meaning.place, message.location
    if pin is not None:
        area = place.area if place else None
        outside = place.outside if place else False
        return location(pin.title or message.text.strip(), area, lat=pin.lat, lon=pin.lon, outside=outside)
    if place is None or place.confidence < least or place.ambiguous:
        return NOTHING
    return located(place, said)


def located(place: Place, said: str = "", area: Area | None = None) -> dict[str, Any]:
    """The location a reading found; `area` chooses another of its readings."""
    chosen = area or place.area
    same = chosen == place.area
    lat, lon = (place.lat, place.lon) if same else (None, None)
    text = place.label or said.strip()[:200]
    return location(text, chosen, lat=lat, lon=lon, outside=place.outside if same else False)
