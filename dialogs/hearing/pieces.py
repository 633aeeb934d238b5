"""A report told in bits: a place by itself, a word at a time, or no answer to what it is about."""

from dialogs.hearing.answers import add
from dialogs.hearing.corrections import FREE, SURE
from dialogs.hearing.filling import BY_TEXT, REPORT, off_topic, words
from dialogs.hearing.routes import leave_unsorted
from dialogs.mappings import find
from dialogs.slots import MARKS, NOTHING, Mapped, SlotSpec
from dialogs.work import Work

PLACE = (Mapped("from_place", least=SURE),)
MOST_WORDS, MOST_WORDS_OF_A_PIECE = 8, 3
CONSENT = "persetujuan"


def hear_place(work: Work) -> bool:
    """Keep a place told by itself before it was asked for."""
    if not _beside_the_point(work) or words(work) > MOST_WORDS or _of_a_kind(work):
        return False
    slot, found = _empty_place(work), find(PLACE, work.message, work.meaning)
    if not slot or found is NOTHING:
        return False
    work.set(slot, {**found, "text": found["text"] or work.message.text.strip()})
    work.utter("utter_lokasi_dicatat", {"koreksi": work.shown(slot)})
    return True


def hear(work: Work) -> bool:
    """Add words that say where to what was told; before consent, any few words."""
    where = any(work.meaning.entity(name) for name in MARKS)
    few = words(work) <= MOST_WORDS_OF_A_PIECE and not off_topic(work)
    agreeing = work.open is not None and work.open.target == CONSENT and few
    if not (where or agreeing) or not _beside_the_point(work):
        return False
    if not (add(work, " ") or _begin(work)):
        return False
    work.utter("utter_ditambahkan")
    return True


def hear_undecided(work: Work) -> bool:
    """Leave it to people what a report is about when the person cannot say so at the second attempt."""
    spec = _asked(work)
    unsaid = spec is not None and spec.choices == "categories" and bool(work.now("misses"))
    return unsaid and spec is not None and leave_unsorted(work, spec.name)


def _asked(work: Work) -> SlotSpec | None:
    return work.bundle.slots.get(work.open.target) if work.open else None


def _beside_the_point(work: Work) -> bool:
    """Whether words were sent where the open question takes none of its own."""
    spec = _asked(work)
    worded = any(sign.isalnum() for sign in work.message.text)
    return spec is not None and spec.type not in FREE and worded and not work.message.button


def _of_a_kind(work: Work) -> bool:
    """Whether it tells what is wrong, too."""
    guesses = work.meaning.categories if words(work) > MOST_WORDS_OF_A_PIECE else ()
    return bool(guesses) and guesses[0].confidence >= work.bundle.settings.likely_intent


def _empty_place(work: Work) -> str:
    """The place of the report that is being told, if it has none yet."""
    names = (name for frame in work.stack if frame.flow == REPORT for name in work.bundle.flows[REPORT].slots)
    specs = (work.bundle.slots[name] for name in names if name in work.bundle.slots)
    empty = (one.name for one in specs if one.type == "location" and work.slots.get(one.name) is None)
    return next(empty, "")


def _begin(work: Work) -> bool:
    """Begin the story with a few words, where it has not begun."""
    for frame in work.stack:
        for name in work.bundle.flows[frame.flow].slots:
            spec = work.bundle.slots.get(name)
            if spec and any(mapped.kind == BY_TEXT for mapped in spec.mappings):
                work.set(name, work.message.text.strip())
                return True
    return False
