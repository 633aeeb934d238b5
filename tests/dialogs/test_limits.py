"""Loops, bombs, huge files; and a long talk that costs what a short one does."""

import gc
import sys
from itertools import pairwise

import pytest

from benchmarks.engine import TALK, Player
from dialogs.bundle import Bundle
from dialogs.check import check
from dialogs.engine import MAX_TURN, advance, resume
from dialogs.events import Failed
from dialogs.loader import load_bundle, read_sources
from dialogs.turn import ActionResult

LETTERS = "abcdefghi"
BOMB = "a: &a [x]\n" + "".join(
    f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n" for before, after in pairwise(LETTERS)
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x" * 10_000_000, "10000000 characters"),
        (BOMB, "anchors and aliases are not used here"),
        ("flows: " + "[" * 100_000, "nested deeper than"),
        ("flows: " + "{a: " * 300, "nested deeper than"),
        ("flows: \x00", "not YAML"),
        ("flows: " + "9" * 6000, "not YAML"),
    ],
    ids=["10 MB", "bomb", "deep list", "deep map", "zero byte", "huge number"],
)
def test_a_hurtful_file_is_one_clear_fault(text: str, complaint: str) -> None:
    faults = [fault for fault in check(read_sources() | {"flows/x.yml": text}) if fault.file == "flows/x.yml"]
    assert [complaint in fault.text for fault in faults] == [True]
    assert faults[0].remedy


def test_a_loop_through_an_action_ends_in_an_apology(kit, bundle) -> None:
    steps = "[{id: a, action: action_screen, next: a}]"
    flows = f"flows:\n  putar:\n    commands: [putar]\n    steps: {steps}\n"
    talk = kit.Talk(Bundle.from_sources(bundle.sources | {"flows/putar.yml": flows}))
    turn = advance(talk.conversation, talk.message("putar"), kit.mean("putar"), talk.bundle, talk.context)
    actions = 0
    while turn.pending is not None:
        actions += 1
        turn = resume(turn, ActionResult(), talk.bundle, talk.context)
        assert actions <= MAX_TURN + 1
    assert [event.kind for event in turn.events if isinstance(event, Failed)] == ["loop"]
    assert turn.conversation.stack == ()


def test_flows_that_call_each_other_end_in_an_apology(kit, bundle) -> None:
    flows = (
        "flows:\n  satu:\n    commands: [satu]\n    steps: [{id: a, call: dua}]\n"
        "  dua:\n    steps: [{id: a, call: satu}]\n"
    )
    talk = kit.Talk(Bundle.from_sources(bundle.sources | {"flows/putar.yml": flows}))
    talk.say("satu")
    assert talk.happened(Failed)
    assert "utter_galat" in talk.responses
    talk.say("menu")
    assert talk.responses == ["utter_menu"]


def calls(player: Player) -> list[int]:
    """Python calls each turn of the talk takes; the collector, which calls what listens to it, rests."""
    counts = []
    gc.disable()
    for step in TALK:
        seen = [0]

        def count(_frame: object, event: str, _argument: object, seen: list[int] = seen) -> None:
            seen[0] += event == "call"

        sys.setprofile(count)
        try:
            player.take(step)
        finally:
            sys.setprofile(None)
        counts.append(seen[0])
    gc.enable()
    return counts


def test_a_talk_a_thousand_turns_old_costs_no_more() -> None:
    player = Player(load_bundle())
    for _ in range(6):
        for step in TALK:
            player.take(step)
    early, size = calls(player), len(player.kept)
    while player.sent < 1000 - len(TALK):
        player.take(TALK[player.sent % len(TALK)])
    assert calls(player) == early
    assert len(player.kept) <= size + 10
