"""Answers to the open question, and words that add to what was told."""

from dataclasses import replace
from typing import Any

from dialogs.hearing.filling import (
    BY_TEXT,
    CATEGORY,
    GUESSES,
    REPORT,
    another_matter,
    fill,
    guess_anew,
    guessed_sub,
    set_category,
    substantial,
    surely_of_a_kind,
    words,
)
from dialogs.mappings import find
from dialogs.slots import MAX_TEXT, NOTHING, Answer, Mapped, SlotSpec, empty, fold, location, read
from dialogs.work import Work

READINGS = (Mapped("from_place_readings"),)
DIRECT = 0.5
BARE = 2  # words
MOST_AROUND = 5  # words
MOST_OF_A_PLACE = 200  # characters


def hear(work: Work) -> bool:
    """Take the message as the answer, and fill what else it tells."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    if step is None or spec is None:
        return False
    value = _value(work, spec)
    if value is NOTHING:
        return _which_place(work, spec)
    if spec.choices == "categories":
        set_category(work, step.target, value, _sub(work, value))
    else:
        work.set(step.target, _whole(work, spec, value))
    if spec.type == "evidence" and substantial(work):
        add(work)
    fill(work, work.flow)
    return True


def _sub(work: Work, category: str) -> str | None:
    """The sub-category meant: a category's bare name takes the one it was offered with."""
    short = words(work) <= BARE or work.said in work.bundle.words.yes
    offered = work.slots.get(GUESSES) or () if short else ()
    subs = (one["sub"] for one in offered if one[CATEGORY] == category)
    return next(subs, "") or guessed_sub(work, category)


def _whole(work: Work, spec: SlotSpec, value: Any) -> Any:
    """The value, after what was told before and found too short: nothing has to be told twice."""
    before = str(work.slots.get(spec.gathers) or "") if spec.gathers else ""
    if before and isinstance(value, dict) and not value["kode"] and not value["lat"]:
        return {**value, "text": _joined(before, value["text"])}
    if not before or not isinstance(value, str) or fold(before) in fold(value):
        return value
    return f"{before} {value}"[:MAX_TEXT]


def _joined(before: str, text: str) -> str:
    """A place in the words of both answers, where the second does not repeat the first."""
    said = text if fold(before) in fold(text) else f"{before}, {text}"
    return said[:MOST_OF_A_PLACE]


def hear_more(work: Work) -> bool:
    """Words that answer nothing but say something about the report are added to it, or begin it."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    if spec is None or spec.type in {"text", "any", "location"} or not substantial(work):
        return False
    flow_id = add(work)
    if not flow_id:
        return _begin(work)
    flow = work.bundle.flows[flow_id]
    _leave_for(work, flow_id)
    if another_matter(work, flow):
        work.utter("utter_hal_lain_dicatat")
        return True
    fill(work, flow)
    guess_anew(work, flow)
    work.utter("utter_ditambahkan")
    return True


def _leave_for(work: Work, flow_id: str) -> None:
    """Leave what came between and is not taken up again: the person is back with the report."""
    while work.frame.flow != flow_id and work.frame.kind != "call" and not work.flow.returns:
        work.end("interrupted")


def _begin(work: Work) -> bool:
    """Take a story that is told while a question before it is still open, as its first word would be."""
    intent, settings = work.meaning.intent, work.bundle.settings
    sure = intent.name == REPORT and intent.confidence >= settings.sure_intent
    kind = max((guess.confidence for guess in work.meaning.categories), default=0.0)
    if not sure or (kind < settings.likely_intent and work.meaning.place is None):
        return False
    flow = work.bundle.flows[work.main.flow]
    specs = [work.bundle.slots[name] for name in flow.slots if name in work.bundle.slots]
    untold = any(BY_TEXT in _kinds(spec) and work.slots.get(spec.name) is None for spec in specs)
    return untold and bool(fill(work, flow))


def _kinds(spec: SlotSpec) -> frozenset[str]:
    return frozenset(mapped.kind for mapped in spec.mappings)


def add(work: Work, joint: str = "\n") -> str:
    """Add the message to the told text of the nearest flow that has one; the flow's id."""
    for frame in reversed(work.stack):
        name = _narrative(work, frame.flow)
        if name:
            work.set(name, f"{work.slots[name]}{joint}{work.message.text.strip()}"[:MAX_TEXT])
            return frame.flow
    return ""


def _narrative(work: Work, flow_id: str) -> str:
    """The told text of a flow that a message may be added to."""
    for name in work.bundle.flows[flow_id].slots:
        spec = work.bundle.slots.get(name)
        if spec and work.slots.get(name) and any(mapped.kind == BY_TEXT for mapped in spec.mappings):
            return name
    return ""


def _value(work: Work, spec: SlotSpec) -> Any:
    current = work.slots.get(spec.name)
    answer = Answer(
        work.message, work.meaning, work.context.now, work.bundle.words, current, work.frame.tries
    )
    value = read(spec, answer)
    if value is NOTHING and spec.optional and work.said in work.bundle.words.no:
        return empty(spec)
    if value is NOTHING and spec.type in {"categorical", "bool"}:
        return _in_a_word(work, spec, answer) or _by_intent(work, spec)
    return value


def _in_a_word(work: Work, spec: SlotSpec, answer: Answer) -> Any:
    """A yes or no with words around it that say nothing: "ya terserah", "iya kirim dah"."""
    plain = work.bundle.words.yes | work.bundle.words.no
    fillers = work.bundle.settings.filler_words - plain
    told = [word for word in work.said.split() if word not in fillers]
    if not told or len(told) == words(work) or words(work) > MOST_AROUND:
        return None
    value = read(spec, replace(answer, message=replace(work.message, text=" ".join(told))))
    return None if value is NOTHING else value


def _by_intent(work: Work, spec: SlotSpec) -> Any:
    if spec.choices == "categories" and work.said in work.bundle.words.yes:
        return _likely(work)
    if spec.choices == "categories":
        return _named_likely(work)
    intent, settings = work.meaning.intent, work.bundle.settings
    if intent.confidence < settings.sure_intent:
        return NOTHING
    yes, no = intent.name in settings.yes_intents, intent.name in settings.no_intents
    if spec.type == "bool" and (yes or no):
        return yes
    said = "ya" if yes else "tidak" if no else ""
    return said if said and said in spec.values else NOTHING


def _named_likely(work: Work) -> Any:
    """The category the words tell: of one that was not offered they must be sure."""
    found = find((Mapped("from_category", least=DIRECT),), work.message, work.meaning)
    offered = work.slots.get(GUESSES) or ()
    known = not offered or any(one[CATEGORY] == found for one in offered)
    return found if known or surely_of_a_kind(work) else NOTHING


def _likely(work: Work) -> Any:
    """The category a yes means: the first that was offered, where the others are far behind."""
    first: dict[str, Any] = next(iter(work.slots.get(GUESSES) or ()), {})
    return first[CATEGORY] if first.get("likely") and not work.slots.get("halaman") else NOTHING


def _which_place(work: Work, spec: SlotSpec) -> bool:
    """A place name with several readings: ask which one; an unknown one: ask for another word."""
    if spec.type != "location":
        return False
    if spec.gathers and work.slots.get(spec.gathers) and work.said in work.bundle.words.yes:
        work.set(spec.name, location(work.slots[spec.gathers]))
        return True
    plain = work.said in work.bundle.words.yes or work.said in work.bundle.words.no
    named = not plain and any(map(str.isalpha, work.said))
    work.stack[-1] = work.frame.asking(work.frame.tries + named)
    if spec.gathers and work.said not in work.bundle.words.yes:
        work.set(spec.gathers, work.message.text.strip()[:MOST_OF_A_PLACE] if named else None)
    readings = find(READINGS, work.message, work.meaning)
    work.set("usulan_lokasi", None if readings is NOTHING else readings)
    if readings is NOTHING:
        work.utter("utter_lokasi_tautan" if _kept_link(work) else "utter_lokasi_belum_ketemu")
    return True


def _kept_link(work: Work) -> bool:
    """Whether it is a link that cannot be read here: it goes into the report for people who can open it."""
    return work.meaning.entity("link") is not None and bool(add(work))
