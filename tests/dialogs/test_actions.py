"""Actions run by rasa-sdk's executor: what they give back is taken whole, or refused in words."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from dialogs.actions.runner import ActionRunner
from dialogs.conversation import Conversation
from dialogs.events import ConsentGiven, TicketActionRequested
from dialogs.messages import Attachment
from dialogs.turn import ActionCall, ActionResult, Context, Utterance

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Given(Action):
    """Gives back what the test says."""

    def __init__(self, events: Any, said: dict[str, Any] | None = None) -> None:
        self.events, self.said, self.tracker = events, said, None

    def name(self) -> str:
        return "action_given"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        self.tracker, self.domain = tracker, domain
        if self.said:
            dispatcher.utter_message(**self.said)
        if isinstance(self.events, Exception):
            raise self.events
        if isinstance(self.events, float):
            await asyncio.sleep(self.events)
            return []
        return self.events


async def run(kit, action: Given, seconds: float = 5.0, **slots: Any) -> ActionResult:
    runner = ActionRunner(kit.PaperDesk(), [action], seconds)
    talk = Conversation("c1", "telegram", "42", "warga-1", "jv", "hash", slots)
    call = ActionCall(
        "action_given", "lapor", "kirim", "halo", "lapor", "SLM-1", {"faq": [], "consent_version": "9"}
    )
    return await runner.run(call, talk, Context(NOW, {}))


async def test_an_action_sees_every_slot_also_those_that_hold_nothing(kit) -> None:
    action = Given([])
    declared = {"uraian": {"type": "text"}, "lokasi": {"type": "location"}}
    call = ActionCall("action_given", "lapor", "kirim", domain={"slots": declared})
    talk = Conversation("c1", "telegram", "42", "warga-1", "jv", "hash", {"uraian": "lampu"})
    await ActionRunner(kit.PaperDesk(), [action]).run(call, talk, Context(NOW, {}))
    assert action.tracker.slots == {"uraian": "lampu", "lokasi": None}


async def test_slots_events_and_utterances_come_back(kit) -> None:
    events = [
        SlotSet("saran", "baik"),
        {"event": "consent_given", "version": "9"},
        {
            "event": "ticket_action",
            "number": "N",
            "action": "rate",
            "data": {"value": 5},
            "evidence": [{"kind": "photo", "ref": "p"}],
        },
    ]
    result = await run(kit, Given(events, {"response": "utter_x", "nomor": 7, "kosong": None}))
    assert result == ActionResult(
        {"saran": "baik"},
        (
            ConsentGiven("9"),
            TicketActionRequested("N", "rate", {"value": 5}, (Attachment("photo", "p"),)),
        ),
        (Utterance("utter_x", {"nomor": "7"}),),
    )


async def test_an_action_sees_the_talk_as_a_rasa_tracker(kit) -> None:
    action = Given([])
    await run(kit, action, uraian="lampu")
    tracker = action.tracker
    assert tracker.sender_id == "c1"
    assert tracker.get_slot("uraian") == "lampu"
    assert tracker.latest_message["text"] == "halo"
    assert tracker.latest_message["intent"]["name"] == "lapor"
    assert tracker.latest_message["metadata"]["contact"] == "warga-1"
    assert tracker.latest_message["metadata"]["language"] == "jv"
    assert tracker.latest_message["metadata"]["ticket"] == "SLM-1"
    assert action.domain["faq"] == []


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (ValueError("rusak"), "ValueError: rusak"),
        ("teks", "gave back str instead of a list"),
        ([SlotSet("a", 1), {"name": "b"}], "gave back something that is no event"),
        ([SlotSet("a", 1), "slot"], "gave back something that is no event"),
        ([{"event": "menari"}], "unknown event `menari`"),
        ([{"event": "ticket_requested"}], "lacks `number`"),
        ([{"event": "slot", "value": 1}], "lacks `name`"),
        ([{"event": "ticket_action", "number": "N", "action": "x", "evidence": [{"warna": 1}]}], "TypeError"),
        (5.0, "took longer than 0.05 s"),
    ],
)
async def test_what_does_not_fit_is_refused_whole(kit, events: Any, reason: str) -> None:
    result = await run(kit, Given(events), seconds=0.05)
    assert reason in result.failed
    assert result.slots == {}
    assert result.events == ()


@pytest.mark.parametrize(
    ("slot", "value", "reason"),
    [
        ("hantu", 1, "the slot `hantu`, which is not declared"),
        ("bukti", "foto", "gives the evidence slot `bukti` a value of type str"),
        ("lokasi", ["x"], "gives the location slot `lokasi` a value of type list"),
        ("anonim", "ya", "gives the bool slot `anonim` a value of type str"),
        ("uraian", {"a": 1}, "gives the text slot `uraian` a value of type dict"),
        ("saringan", object(), "gives the slot `saringan` something that is no plain value"),
        ("saringan", {"a": {1, 2}}, "something that is no plain value"),
        ("saringan", "x" * 60_000, "a value of 60002 characters"),
    ],
)
async def test_a_slot_is_given_only_what_it_can_hold(bundle, kit, slot: str, value: Any, reason: str) -> None:
    runner = ActionRunner(kit.PaperDesk(), [Given([SlotSet(slot, value)])])
    call = ActionCall("action_given", "lapor", "x", domain=bundle.domain)
    result = await runner.run(call, Conversation.start("c", "web", "a", "k", "h"), Context(NOW))
    assert reason in result.failed
    assert result.slots == {}


class Sleeper(Given):
    """An action of the old kind that holds its thread."""

    def run(self, *_: Any) -> Any:
        time.sleep(self.events)
        return [SlotSet("a", 1)]


async def test_an_action_that_is_no_coroutine_holds_nobody_up(kit) -> None:
    beats = asyncio.create_task(asyncio.sleep(0.02))
    result = await run(kit, Sleeper(0.3), seconds=0.05)
    assert "took longer than 0.05 s" in result.failed
    assert beats.done()
    assert (await run(kit, Sleeper(0.0))).slots == {"a": 1}


async def test_an_action_that_ends_the_program_only_fails(kit) -> None:
    class Quitter(Given):
        async def run(self, *_: Any) -> Any:
            raise SystemExit(3)

    assert "SystemExit" in (await run(kit, Quitter([]))).failed


async def test_a_text_of_its_own_is_refused(kit) -> None:
    result = await run(kit, Given([], {"text": "langsung"}))
    assert "instead of a response by name" in result.failed


async def test_nothing_at_all_is_fine(kit) -> None:
    assert await run(kit, Given(None)) == ActionResult()


async def test_an_unknown_action_fails_in_words(kit) -> None:
    runner = ActionRunner(kit.PaperDesk())
    call = ActionCall("action_hantu", "lapor", "x")
    result = await runner.run(call, Conversation.start("c", "web", "a", "k", "h"), Context(NOW))
    assert result.failed == "there is no such action"


async def test_the_city_s_own_desk_has_limits_of_its_own(kit, monkeypatch) -> None:
    async def nearby(desk, *_asked):
        await asyncio.sleep(0.05)
        return desk.near

    monkeypatch.setattr(kit.PaperDesk, "nearby", nearby)
    runner = ActionRunner(kit.PaperDesk(), seconds=0.01)
    call = ActionCall("action_nearby", "lapor", "x")
    result = await runner.run(call, Conversation.start("c", "web", "a", "k", "h"), Context(NOW))
    assert not result.failed


def test_rasa_sdk_comes_without_its_web_server_which_is_there_for_whoever_wants_it():
    alone = "import sys, dialogs.actions.runner; assert 'sanic' not in sys.modules"
    program = f"{alone}; import rasa_sdk.endpoint"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
