"""A publish in the middle of many talks: every fate is told beforehand, and then is what happens."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.bundle import Bundle
from dialogs.check import check
from dialogs.conversation import Answered, Choice, Conversation, Frame
from dialogs.engine import advance
from dialogs.events import Failed
from dialogs.impact import HOLDS, carry, impact, outcome
from dialogs.loader import read_sources
from dialogs.messages import InboundMessage
from dialogs.slots import READERS
from dialogs.turn import Context, Turn
from nlu.interpretation import Guess, Interpretation

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOURCES = read_sources()
TOLD: Mapping[str, Any] = {
    "uraian": "lampu jalan depan pasar mati seminggu",
    "klasifikasi": "pengaduan",
    "kategori": "lampu_jalan",
    "lokasi": {"text": "pasar", "kode": "34.04.02.2003", "kalurahan": "Sidoagung", "outside": False},
    "waktu": "seminggu",
    "bukti": [{"kind": "photo", "ref": "p1", "media_id": "m1"}],
    "anonim": False,
    "rahasia": True,
}


def edited(*changes: tuple[str, str, str]) -> Bundle:
    """The delivered dialog with words replaced: (file, pattern, replacement)."""
    sources = dict(SOURCES)
    for file, pattern, replacement in changes:
        sources[file], count = re.subn(pattern, replacement, sources[file])
        assert count, pattern
    return Bundle.from_sources(sources)


CALLED = {"izin": ("persetujuan", "tanya"), "tambahan": ("pertanyaan_aparatur", "collect_asal_tahu")}
"""Steps of `lapor` that wait inside a flow they called."""


def waiting(number: int, step: str, bundle: Bundle, **more: Any) -> Conversation:
    """A talk that waits at a step of `lapor`, with everything told but what that step asks."""
    asked = bundle.flows["lapor"].steps[step].slot
    slots = {name: value for name, value in TOLD.items() if name != asked}
    stack = (Frame("lapor", step, asked=bool(asked)),)
    if step in CALLED:
        stack = (*stack, Frame(*CALLED[step], "call", asked=True))
    who = (f"c{number}", "telegram", str(number), f"w{number}", "id", bundle.hash)
    return Conversation(*who, slots, stack, **more)


def answered(talk: Conversation, bundle: Bundle) -> Turn:
    meaning = Interpretation("halo", Guess("di_luar", 0.2))
    return advance(talk, message("halo"), meaning, bundle, Context(NOW))


@pytest.fixture(scope="module")
def old() -> Bundle:
    return Bundle.from_sources(SOURCES)


@pytest.fixture(scope="module")
def talks(old: Bundle) -> list[Conversation]:
    steps = islice(cycle(old.flows["lapor"].steps), 200)
    return [waiting(number, step, old, consent="2026-1") for number, step in enumerate(steps)]


DELETED = ("flows/lapor.yml", r"      - id: bukti\n        collect: bukti\n", "")
TO_REVIEW = ("flows/lapor.yml", r"next: bukti", "next: tinjau")
RENAMED = ("flows/lapor.yml", r"id: kategori\n", "id: jenis\n")
LEADS_TO_RENAMED = ("flows/lapor.yml", r"(else|then|next): kategori\b", r"\1: jenis")
REORDERED = (
    "flows/lapor.yml",
    r"(      - id: kategori\n(?:.+\n)+?)(      - id: lokasi\n(?:.+\n)+)",
    r"\2\1\n",
)
LEADS_PAST = (
    "flows/lapor.yml",
    r"(- action: utter_lokasi_luar)\n          - else: serupa",
    r"\1\n          - else: kategori",
)
RETYPED = ("domain.yml", r"  bukti: \{type: evidence", "  bukti: {type: text")
NARROWED = (
    "domain.yml",
    r"  ikuti: \{type: categorical, values: \[ya, lain, tidak\]",
    "  ikuti: {type: categorical, values: [ya, nanti]",
)

PUBLISHES = {
    "delete": (DELETED, TO_REVIEW),
    "rename": (RENAMED, LEADS_TO_RENAMED),
    "reorder": (REORDERED, LEADS_PAST),
    "retype": (RETYPED,),
    "everything": (DELETED, TO_REVIEW, RENAMED, LEADS_TO_RENAMED, RETYPED),
    "narrow": (NARROWED,),
}


@pytest.mark.parametrize("what", PUBLISHES)
def test_two_hundred_talks_outlive_every_publish_as_foretold(
    what: str, old: Bundle, talks: list[Conversation]
):
    new = edited(*PUBLISHES[what])
    foretold = impact(talks, lambda _: old, new)
    after = [carry(talk, old, new) for talk in talks]

    assert foretold.open == 200 == sum(foretold.counts.values())
    for told, before, talk in zip(foretold.outcomes, talks, after, strict=True):
        assert (talk.bundle == new.hash) == (told.fate != "stays")
        assert talk.slots == before.slots
        bundle = new if talk.bundle == new.hash else old
        turn = answered(talk, bundle)
        assert not [event for event in turn.events if isinstance(event, Failed)]
        assert turn.events, "nobody is left without an answer"
        without = answered(before, old)
        assert opened(turn) == opened(without), "the report is as open as without the publish"
        assert emptied(before, turn) <= emptied(before, without), "no slot is lost by the publish"


def emptied(before: Conversation, turn: Turn) -> set[str]:
    """The slots that held something before a turn and hold nothing after it."""
    return {name for name in before.slots if turn.conversation.slots.get(name) is None}


def opened(turn: Turn) -> str:
    """The flow at the bottom: what the talk is about."""
    return turn.conversation.stack[0].flow if turn.conversation.stack else ""


def message(text: str) -> InboundMessage:
    return InboundMessage("telegram", "1", "1", NOW, "text", text)


@pytest.mark.parametrize(
    ("what", "step", "fate", "why"),
    [
        ("delete", "bukti", "stays", "step_gone"),
        ("delete", "tinjau", "carried", ""),
        ("rename", "kategori", "stays", "step_gone"),
        ("rename", "lokasi", "carried", ""),
        ("reorder", "lokasi", "carried", ""),
        ("retype", "bukti", "stays", "type_changed"),
        ("retype", "tinjau", "stays", "value_lost"),
        ("narrow", "tanya_ikuti", "carried", ""),
    ],
)
def test_the_fate_of_a_talk_at_a_step(what: str, step: str, fate: str, why: str, old: Bundle):
    found = outcome(waiting(1, step, old), old, edited(*PUBLISHES[what]))
    assert (found.fate, found.why, found.step) == (fate, why, step)


def test_a_button_that_is_gone_puts_the_question_anew(old: Bundle):
    new = edited(NARROWED)
    shown = (Choice("Ya", "/SetSlots(ikuti=ya)"), Choice("Tidak", "/SetSlots(ikuti=tidak)"))
    talk = waiting(1, "tanya_ikuti", old, choices=shown)
    assert outcome(talk, old, new).fate == "restarts"
    after = carry(talk, old, new)
    assert (after.bundle, after.choices, after.stack[-1].asked) == (new.hash, (), True)
    turn = advance(after, message("2"), Interpretation("2", Guess("di_luar", 0.2)), new, Context(NOW))
    assert turn.conversation.slots.get("ikuti") is None, "a number of the old list chooses nothing"


def flow(*steps: str) -> str:
    rows = "".join(f"      - {{id: {step}, collect: {step}, utter: utter_sapa}}\n" for step in steps)
    return f"flows:\n  uji:\n    name: Uji\n    steps:\n{rows}"


def dialog(*steps: str) -> Bundle:
    return Bundle.from_sources(SOURCES | {"flows/uji.yml": flow(*steps)})


def test_no_question_is_passed_over_because_it_was_moved():
    old, new = dialog("masukan", "pesan"), dialog("pesan", "masukan")
    talk = Conversation("c", "telegram", "1", "w", "id", old.hash, {}, (Frame("uji", "masukan", asked=True),))
    assert outcome(talk, old, new).why == "question_skipped"
    answered = Conversation("c", "telegram", "1", "w", "id", old.hash, {"pesan": "hai"}, talk.stack)
    assert outcome(answered, old, new).fate == "carried"


def test_going_back_leads_only_to_questions_there_still_are(old: Bundle):
    trail = (Answered(0, "lapor", "kategori", "kategori"), Answered(0, "lapor", "lokasi", "lokasi"))
    new = edited(RENAMED, LEADS_TO_RENAMED)
    after = carry(waiting(1, "tinjau", old, trail=trail), old, new)
    assert [entry.step for entry in after.trail] == ["lokasi"]


def test_a_flow_below_must_stand_too(old: Bundle):
    top = Frame("menu", old.flows["menu"].first, "over")
    talk = waiting(1, "bukti", old)
    covered = Conversation(
        **{name: getattr(talk, name) for name in talk.__slots__} | {"stack": (*talk.stack, top)}
    )
    assert outcome(covered, old, edited(DELETED, TO_REVIEW)).why == "step_gone"


def test_a_talk_with_nothing_open_is_not_counted_and_goes_over(old: Bundle):
    idle = Conversation("c", "telegram", "1", "w", "id", old.hash, dict(TOLD))
    new = edited(RETYPED)
    assert impact([idle], lambda _: old, new).open == 0
    after = carry(idle, old, new)
    assert after.bundle == new.hash
    assert "bukti" not in after.slots
    assert after.slots["uraian"] == TOLD["uraian"]


def test_the_same_bundle_changes_nothing(old: Bundle, talks: list[Conversation]):
    assert all(carry(talk, old, old) is talk for talk in talks)
    assert impact(talks, lambda _: old, old).counts == {"carried": 200, "restarts": 0, "stays": 0}


def test_the_edits_played_here_are_ones_an_admin_could_publish():
    for what in ("delete", "rename", "reorder"):
        sources = edited(*PUBLISHES[what]).sources
        assert [str(fault) for fault in check(sources)] == []


def test_every_type_of_slot_knows_what_it_can_hold():
    assert HOLDS.keys() == READERS.keys()


STEPS = ["masukan", "pesan", "alasan", "nilai"]
ORDERS = st.permutations(STEPS).flatmap(lambda order: st.integers(1, 4).map(lambda most: order[:most]))
BUNDLES: dict[tuple[str, ...], Bundle] = {}


def cached(steps: list[str]) -> Bundle:
    return BUNDLES.setdefault(tuple(steps), dialog(*steps))


@settings(max_examples=60, deadline=None)
@given(before=ORDERS, after=ORDERS, at=st.integers(0, 3), told=st.sets(st.sampled_from(STEPS)))
def test_any_edit_keeps_the_step_the_slots_and_the_questions_to_come(before, after, at, told):
    old, new = cached(before), cached(after)
    step = before[at % len(before)]
    slots = dict.fromkeys(told - {step}, "5")
    talk = Conversation("c", "telegram", "1", "w", "id", old.hash, slots, (Frame("uji", step, asked=True),))
    moved = carry(talk, old, new)
    foretold = outcome(talk, old, new).fate
    assert (moved.bundle == new.hash) == (foretold != "stays")
    assert (moved.slots, moved.stack) == (talk.slots, talk.stack)
    if foretold != "stays":
        assert step in after
        still = {name for name in before[before.index(step) :] if name in after and name not in slots}
        assert still <= set(after[after.index(step) :])
