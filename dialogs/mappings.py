"""Slots read from a message without being asked for: what each mapping of the domain finds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dialogs.messages import InboundMessage
from dialogs.slots import NOTHING, Mapped, located, place_of, with_evidence
from nlu.interpretation import CategoryGuess, Interpretation

Finder = Callable[[Mapped, InboundMessage, Interpretation], Any]
TOP = 3
STANDS_OUT, LEFT_BEHIND = 0.5, 0.2


def find(mappings: tuple[Mapped, ...], message: InboundMessage, meaning: Interpretation) -> Any:
    """The first value these mappings find in the message, or NOTHING."""
    for mapped in mappings:
        value = MAPPINGS[mapped.kind](mapped, message, meaning)
        if value is not NOTHING:
            return value
    return NOTHING


def _text(_mapped: Mapped, message: InboundMessage, _meaning: Interpretation) -> Any:
    return message.text.strip() or NOTHING


def _entity(mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    found = meaning.entity(mapped.entity)
    return found.value if found else NOTHING


def _category(mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    best = meaning.categories[0] if meaning.categories else None
    return best.category if best and best.confidence >= mapped.least else NOTHING


def _subcategory(mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    best = meaning.categories[0] if meaning.categories else None
    return best.subcategory if best and best.subcategory and best.confidence >= mapped.least else NOTHING


def _guesses(_mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    best: dict[str, CategoryGuess] = {}
    for guess in meaning.categories:
        best.setdefault(guess.category, guess)
    found: list[dict[str, Any]] = [
        {"kategori": name, "sub": guess.subcategory} for name, guess in best.items()
    ]
    if _stands_out(list(best.values())):
        found[0]["likely"] = True
    return found[:TOP] or NOTHING


def _stands_out(guesses: Sequence[CategoryGuess]) -> bool:
    """Whether a plain yes can only mean the first of them."""
    sure = bool(guesses) and guesses[0].confidence >= STANDS_OUT
    return sure and all(guess.confidence <= LEFT_BEHIND for guess in guesses[1:])


def _place(mapped: Mapped, message: InboundMessage, meaning: Interpretation) -> Any:
    return place_of(message, meaning, mapped.least)


def _readings(_mapped: Mapped, message: InboundMessage, meaning: Interpretation) -> Any:
    """The places a text may mean when it is not clear which one."""
    place = meaning.place
    if place is None or not place.ambiguous or message.location is not None:
        return NOTHING
    areas = dict.fromkeys((place.area, *place.ambiguous))
    return [located(place, "", area) for area in areas][: TOP + 2]


def _attachments(_mapped: Mapped, message: InboundMessage, _meaning: Interpretation) -> Any:
    return with_evidence(message, None)


def _signal(mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    """True where a signal of that kind is at least so grave."""
    heard = (one for one in meaning.signals if one.kind == mapped.entity and one.severity >= mapped.least)
    return True if any(heard) else NOTHING


def _kind(mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    """True where it may well be about that category."""
    guesses = (one for one in meaning.categories if one.category == mapped.entity)
    return True if any(one.confidence >= mapped.least for one in guesses) else NOTHING


def _classification(_mapped: Mapped, _message: InboundMessage, meaning: Interpretation) -> Any:
    return meaning.classification


def _further(_mapped: Mapped, _message: InboundMessage, _meaning: Interpretation) -> Any:
    return NOTHING  # filled slot by slot, see dialogs.hearing.filling


def _secrecy(_mapped: Mapped, _message: InboundMessage, _meaning: Interpretation) -> Any:
    return NOTHING  # needs the domain's words, see dialogs.hearing.filling


def _custom(_mapped: Mapped, _message: InboundMessage, _meaning: Interpretation) -> Any:
    return NOTHING


MAPPINGS: Mapping[str, Finder] = {
    "from_text": _text,
    "from_entity": _entity,
    "from_category": _category,
    "from_subcategory": _subcategory,
    "from_category_guesses": _guesses,
    "from_place": _place,
    "from_place_readings": _readings,
    "from_attachments": _attachments,
    "from_classification": _classification,
    "from_signal": _signal,
    "from_kind": _kind,
    "from_further": _further,
    "from_secrecy": _secrecy,
    "custom": _custom,
}
