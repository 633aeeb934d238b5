"""Slots read from a message without having been asked for."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from dialogs.flow import Flow
from dialogs.mappings import find
from dialogs.slots import MAX_TEXT, NOTHING, SlotSpec, fold
from dialogs.work import Work
from nlu.interpretation import Interpretation

REPORT, OUTSIDE = "lapor", "di_luar"
BY_TEXT, FURTHER, SECRECY = "from_text", "from_further", "from_secrecy"
CATEGORY, SUBCATEGORY, GUESSES = "kategori", "subkategori", "usulan_kategori"
NARRATIVE = "uraian"
CLASS, QUESTION = "klasifikasi", "informasi"
SURE_KIND = 0.7
NEAR = 5  # words from the one that forbids to the one that tells: "jangan sampai suami saya tau"
MOST_WORDS = 4  # of a command with its courtesies
WITHOUT_WORDS = frozenset({"from_attachments", "from_signal", "from_kind"})
"""Mappings that need no sentence."""


def words(work: Work) -> int:
    """How many words the message has."""
    return len(work.message.text.split())


def beside_a_wish(work: Work) -> int | None:
    """How many words that say anything stand beside a wish for secrecy; None where there is no such wish."""
    settings, said = work.bundle.settings, work.said.split()
    for at, word in enumerate(said):
        near = said[at + 1 : at + 1 + NEAR]
        told = [place for place, one in enumerate(near) if one in settings.telling_words]
        if word in settings.never_words and told:
            around = [*said[:at], *said[at + told[0] + 2 :]]
            return sum(one not in settings.filler_words for one in around)
    return None


def bare(work: Work) -> str:
    """A short message without its courtesies: "mau tambah foto dong", "kirim lah"."""
    told = [word for word in work.said.split() if word not in work.bundle.settings.filler_words]
    return " ".join(told) if words(work) <= MOST_WORDS else ""


def substantial(work: Work) -> bool:
    """Whether the message says enough to be a report; a word less where it is surely meant as one."""
    settings = work.bundle.settings
    told = [word for word in work.said.split() if word not in settings.filler_words]
    intent = work.meaning.intent
    meant = intent.name == REPORT and intent.confidence >= settings.sure_intent
    return len(told) >= settings.opening_words - meant


def surely_new(work: Work) -> bool:
    """Whether it reads like a report of its own: it names a subject, which no answer and no address does."""
    intent, settings = work.meaning.intent, work.bundle.settings
    meant = intent.name == REPORT and intent.confidence >= settings.sure_intent
    return meant and surely_of_a_kind(work) and words(work) >= settings.opening_words + 2


def surely_of_a_kind(work: Work) -> bool:
    """Whether the message surely names a subject."""
    return max((guess.confidence for guess in work.meaning.categories), default=0.0) >= SURE_KIND


def wants_else(work: Work) -> bool:
    """Whether the sentence surely asks for something that is neither a report nor an answer."""
    intent, bundle = work.meaning.intent, work.bundle
    known = intent.name != REPORT and intent.name in bundle.by_intent
    return known and intent.confidence >= bundle.settings.sure_intent


def off_topic(work: Work) -> bool:
    """Whether it surely speaks of nothing a city could do anything about."""
    intent = work.meaning.intent
    return intent.name == OUTSIDE and intent.confidence >= work.bundle.settings.sure_intent


@lru_cache(1024)
def _folded(name: str) -> str:
    return f"{fold(name)} "


def named_category(work: Work, said: str) -> str:
    """The category whose name begins with these words, in any language; empty for none."""
    for category in work.bundle.categories.values():
        if said and any(_folded(name).startswith(f"{said} ") for name in category.name.values()):
            return category.id
    return ""


def first_words(work: Work) -> dict[str, Any]:
    """What a report begins with when its first message is too short to be read whole: no courtesies."""
    courteous = work.bundle.settings.filler_words.issuperset(work.said.split())
    if courteous or substantial(work):
        return {}
    best = max(work.meaning.categories, key=lambda guess: guess.confidence, default=None)
    kind = best.category if best and best.confidence >= SURE_KIND else None
    return {NARRATIVE: work.message.text.strip(), CATEGORY: kind}


def telling_a_question(work: Work) -> bool:
    """Whether what is being told is itself a question to the city: then a question is its answer."""
    narrated = work.open is not None and work.open.target == NARRATIVE
    return narrated and work.slots.get("klasifikasi") == "informasi"


def readings(work: Work, flow: Flow) -> dict[str, Any]:
    """What the message tells about a flow's slots, whatever they hold now."""
    found: dict[str, Any] = {}
    for name in flow.slots:
        spec = work.bundle.slots.get(name)
        if spec is None or not spec.mappings:
            continue
        value = _value(work, flow, spec)
        if value is not NOTHING:
            found[name] = value
    return found


def set_category(work: Work, name: str, value: str | None, sub: str | None = None) -> None:
    """Set a category slot; the sub-category goes with it, or goes."""
    work.set(name, value)
    work.set(SUBCATEGORY, sub)


def guessed_sub(work: Work, category: str) -> str | None:
    """The sub-category the message itself suggests for a category."""
    guesses = (guess for guess in work.meaning.categories if guess.category == category)
    return next((guess.subcategory or None for guess in guesses), None)


def fill(work: Work, flow: Flow) -> list[str]:
    """Fill the flow's empty slots from the message; their names."""
    open_slot = work.open.target if work.open else ""
    filled = []
    for name, value in readings(work, flow).items():
        spec = work.bundle.slots[name]
        if work.slots.get(name) in (None, spec.initial) and name != open_slot:
            work.set(name, value)
            filled.append(name)
    return filled


def guess_anew(work: Work, flow: Flow) -> None:
    """Let words that say more replace the guesses at a category nobody has chosen yet.

    Where they surely name another than the one first read, and nobody has seen that yet, both are offered.
    """
    told = readings(work, flow)
    if work.slots.get(CLASS) == QUESTION and _likely_a_report(work):
        work.set(CLASS, told.get(CLASS))
    found, held = told.get(GUESSES), work.slots.get(CATEGORY)
    if found and held in (None, told.get(CATEGORY)):
        work.set(GUESSES, found)
    elif told.get(CATEGORY) not in (None, held) and _unseen(work, flow):
        first = {CATEGORY: held, "sub": work.slots.get(SUBCATEGORY) or ""}
        work.set(GUESSES, [first, *(one for one in found or () if one[CATEGORY] == told[CATEGORY])])
        set_category(work, CATEGORY, None)


def _likely_a_report(work: Work) -> bool:
    """Whether it is told rather than asked: a complaint that follows a question is what is to be filed."""
    intent, settings = work.meaning.intent, work.bundle.settings
    meant = intent.name == REPORT and intent.confidence >= settings.likely_intent
    return meant and work.meaning.classification != QUESTION and not work.message.text.strip().endswith("?")


def another_matter(work: Work, flow: Flow) -> bool:
    """Keep what surely tells of another thing than the report is about, for a report of its own."""
    name = next((one for one in flow.slots if _keeps_further(work, one)), "")
    held, best = work.slots.get(CATEGORY), next(iter(work.meaning.categories), None)
    if not name or held is None or best is None or _unseen(work, flow):
        return False
    if best.category == held or best.confidence < SURE_KIND:
        return False
    own = told_of(work, flow, replace(work.meaning, further=()))
    work.set(name, [*(work.slots.get(name) or ()), own, *further(work, flow)])
    return True


def _keeps_further(work: Work, name: str) -> bool:
    spec = work.bundle.slots.get(name)
    return spec is not None and any(mapped.kind == FURTHER for mapped in spec.mappings)


def _unseen(work: Work, flow: Flow) -> bool:
    """Whether the flow has shown nothing of what it read: consent is asked for it elsewhere."""
    return not work.looks["consent"] and work.frame.flow != flow.id


def further(work: Work, flow: Flow) -> list[dict[str, Any]]:
    """What the message tells of other things than the first: for each, values for the flow's slots."""
    return [told_of(work, flow, one) for one in work.meaning.further]


def told_of(work: Work, flow: Flow, meaning: Interpretation) -> dict[str, Any]:
    """Values for the flow's slots from the reading of a part of the message."""
    message = replace(work.message, text=meaning.text, attachments=(), location=None)
    specs = (work.bundle.slots[name] for name in flow.slots if name in work.bundle.slots)
    found = {spec.name: find(spec.mappings, message, meaning) for spec in specs if spec.mappings}
    return {name: value for name, value in found.items() if value is not NOTHING}


def _value(work: Work, flow: Flow, spec: SlotSpec) -> Any:
    kinds = {mapped.kind for mapped in spec.mappings}
    if FURTHER in kinds:
        return further(work, flow) or NOTHING
    if SECRECY in kinds:
        return NOTHING if beside_a_wish(work) is None else True
    pinned = spec.type == "location" and work.message.location is not None
    if not (pinned or kinds <= WITHOUT_WORDS or substantial(work)):
        return NOTHING
    value = find(spec.mappings, work.message, work.meaning)
    return _narrative(value, flow) if BY_TEXT in kinds and isinstance(value, str) else value


def _narrative(text: str, flow: Flow) -> str:
    """The text without the command word before it ("LAPOR Sidoagung lampu mati …")."""
    first, _, rest = text.partition(" ")
    if first.casefold().strip("/:,.") in flow.commands and rest.strip():
        return rest.strip()[:MAX_TEXT]
    return text[:MAX_TEXT]
