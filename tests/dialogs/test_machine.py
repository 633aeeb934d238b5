"""Random flows, random messages, random actions: what docs/dialog-invariants.md says holds in all of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dialogs.bundle import Bundle
from dialogs.conversation import MAX_CHOICES, MAX_TRAIL, Conversation, from_json, to_json
from dialogs.engine import MAX_TURN, advance, resume, tick
from dialogs.events import BotUttered, Failed, StepRun
from dialogs.loader import read_sources
from dialogs.messages import Attachment, InboundMessage, Location
from dialogs.turn import ActionResult, Context, Turn
from dialogs.work import MAX_STACK
from nlu.interpretation import Guess, Interpretation

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOURCES = {path: text for path, text in read_sources().items() if path != "flows/acak.yml"}
IDS = ("a", "b", "c", "d")
FLOWS = ("acak_satu", "acak_dua", "acak_tiga")
SLOTS = ("uraian", "kategori", "tinjau", "lokasi", "bukti", "nilai", "anonim", "waktu")
CONDITIONS = (
    "slots.nilai = '3'",
    "slots.uraian.length > 3",
    "slots.bukti is set",
    "context.interrupting",
    "not slots.anonim",
    "slots.tinjau in ['ya', 'ubah']",
)
ACTIONS = ("action_screen", "action_nearby", "action_faq", "utter_menu", "utter_bantuan")
WORDS = (
    *("lapor", "status", "batal", "kembali", "ulang", "lewati", "petugas", "bot", "menu", "ya", "tidak", "1"),
    *("acak_satu", "acak_dua", "acak_tiga", "lampu mati di pasar", "", "🙂", "x" * 5000, "SLM-26-7K3QX"),
)

targets = st.sampled_from([*IDS, "END"])
ways = st.one_of(
    targets,
    st.tuples(st.sampled_from(CONDITIONS), targets, targets).map(
        lambda way: [{"if": way[0], "then": way[1]}, {"else": way[2]}]
    ),
)
bodies = st.one_of(
    st.sampled_from(SLOTS).map(lambda slot: {"collect": slot, "utter": "utter_ask_uraian"}),
    st.sampled_from(ACTIONS).map(lambda action: {"action": action}),
    st.sampled_from([{"set_slots": [{"nilai": "3"}]}, {"set_slots": [{"uraian": None}]}, {"noop": True}]),
    st.sampled_from(FLOWS).map(lambda flow: {"call": flow}),
    st.sampled_from(FLOWS).map(lambda flow: {"link": flow}),
)


@st.composite
def flows(draw: Any) -> str:
    """Three flows of four steps each, wired at random, loops and all."""
    made = {}
    for name in FLOWS:
        steps = []
        for step_id in IDS:
            body = draw(bodies)
            wired = {} if "link" in body else {"next": draw(ways)}
            asks = {"ask_before_filling": draw(st.booleans())} if "collect" in body else {}
            steps.append({"id": step_id, **body, **asks, **wired})
        made[name] = {"commands": [name], "returns": draw(st.booleans()), "steps": steps}
    return json.dumps({"flows": made})


readings = st.builds(
    Interpretation,
    st.just(""),
    st.builds(
        Guess, st.sampled_from(["lapor", "status", "info_pertanyaan", "koreksi", "?"]), st.floats(0, 1)
    ),
    classification=st.sampled_from(["pengaduan", "informasi"]),
)
results = st.one_of(
    st.just(ActionResult(failed="rusak")),
    st.just(ActionResult()),
    st.sampled_from(SLOTS[:3]).map(lambda slot: ActionResult({slot: "ya"})),
)


class AnyDialog(RuleBasedStateMachine):
    """A citizen at random in a dialog at random."""

    @initialize(text=flows())
    def begin(self, text: str) -> None:
        self.bundle = Bundle.from_sources(SOURCES | {"flows/acak.yml": text})
        self.talk = Conversation.start("c", "telegram", "1", "w", self.bundle.hash)
        self.now, self.sent, self.turn = NOW, 0, Turn(self.talk)

    @rule(text=st.sampled_from(WORDS), meaning=readings, result=results)
    def say(self, text: str, meaning: Interpretation, result: ActionResult) -> None:
        self._take(self._message("text", text=text), meaning, result)

    @rule(at=st.integers(0, 9), result=results)
    def press(self, at: int, result: ActionResult) -> None:
        choices = self.talk.choices
        payload = choices[at % len(choices)].payload if choices else "/SetSlots(nilai=3)"
        self._take(self._message("button", button=payload), _nothing(), result)

    @rule(result=results)
    def send_a_photo(self, result: ActionResult) -> None:
        files = (Attachment("photo", f"p{self.sent}"),)
        self._take(self._message("media", attachments=files), _nothing(), result)

    @rule(result=results)
    def send_a_pin(self, result: ActionResult) -> None:
        self._take(self._message("location", location=Location(-7.7, 110.3)), _nothing(), result)

    @rule(minutes=st.sampled_from([5, 31, 1500]), result=results)
    def be_silent(self, minutes: int, result: ActionResult) -> None:
        self.now += timedelta(minutes=minutes)
        context = Context(self.now)
        self._keep(self._finish(tick(self.talk, self.bundle, context), result, context))

    def _message(self, kind: Any, **parts: Any) -> InboundMessage:
        self.sent += 1
        return InboundMessage("telegram", str(self.sent), "1", self.now, kind, **parts)

    def _take(self, message: InboundMessage, meaning: Interpretation, result: ActionResult) -> None:
        context = Context(self.now)
        quiet = self.talk.handoff and self.talk.acknowledged
        turn = advance(self.talk, message, meaning, self.bundle, context)
        assert turn == advance(self.talk, message, meaning, self.bundle, context)
        turn = self._finish(turn, result, context)
        said = [event.message for event in turn.events if isinstance(event, BotUttered)]
        assert quiet or said
        assert all(one.text.strip() for one in said)
        self._keep(turn)

    def _finish(self, turn: Turn, result: ActionResult, context: Context) -> Turn:
        actions = 0
        while turn.pending is not None:
            actions += 1
            turn = resume(turn, result, self.bundle, context)
            assert actions <= MAX_TURN + 1, "a turn that never ends"
        return turn

    def _keep(self, turn: Turn) -> None:
        self.turn = turn
        document = json.loads(json.dumps(to_json(turn.conversation)))
        self.talk = from_json(document)
        assert to_json(self.talk) == document

    @invariant()
    def it_stays_small(self) -> None:
        assert len(self.talk.stack) <= MAX_STACK + 1
        assert len(self.talk.trail) <= MAX_TRAIL
        assert len(self.talk.choices) <= MAX_CHOICES

    @invariant()
    def the_stack_is_sound(self) -> None:
        for at, frame in enumerate(self.talk.stack):
            assert frame.flow in self.bundle.flows
            assert (frame.kind == "base") == (at == 0)

    @invariant()
    def what_waits_was_asked(self) -> None:
        if not self.talk.stack or self.talk.handoff:
            return
        frame = self.talk.stack[-1]
        assert frame.asked
        assert self.bundle.flows[frame.flow].steps[frame.step].kind == "collect"

    @invariant()
    def faults_name_their_place(self) -> None:
        for event in self.turn.events:
            if isinstance(event, Failed):
                assert event.kind in {"loop", "action"}
                assert event.detail
            if isinstance(event, StepRun):
                assert event.step in self.bundle.flows[event.flow].steps


def _nothing() -> Interpretation:
    return Interpretation("", Guess("?", 0.0))


AnyDialog.TestCase.settings = settings(
    max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyDialog = AnyDialog.TestCase


def test_a_question_gone_back_to_after_a_loop_is_put_again() -> None:
    ask = {"id": "a", "collect": "uraian", "utter": "utter_ask_uraian", "next": "a"}
    flow = {"commands": ["acak_satu"], "steps": [ask]}
    bundle = Bundle.from_sources(SOURCES | {"flows/acak.yml": json.dumps({"flows": {"acak_satu": flow}})})
    talk = Conversation.start("c", "telegram", "1", "w", bundle.hash)
    for number, text in enumerate(("acak_satu", "jalan rusak")):
        message = InboundMessage("telegram", str(number), "1", NOW, "text", text=text)
        turn = advance(talk, message, _nothing(), bundle, Context(NOW))
        talk = turn.conversation
    assert [event.kind for event in turn.events if isinstance(event, Failed)] == ["loop"]
    said = [event.message.response for event in turn.events if isinstance(event, BotUttered)]
    assert said == ["utter_galat", "utter_ask_uraian"]
    assert talk.stack[-1].asked


def test_a_reminder_puts_the_question_again_although_its_slot_begins_with_a_value() -> None:
    """A yes-or-no that is "no" until told otherwise can be asked about; silence does not answer it."""
    asking = {
        "id": "a",
        "collect": "anonim",
        "utter": "utter_ask_uraian",
        "ask_before_filling": True,
        "next": "a",
    }
    text = json.dumps({"flows": {"acak_satu": {"commands": ["acak_satu"], "steps": [asking]}}})
    bundle = Bundle.from_sources(SOURCES | {"flows/acak.yml": text})
    begun = Conversation.start("c", "telegram", "1", "w", bundle.hash)
    call = InboundMessage("telegram", "1", "1", NOW, "text", text="acak_satu")
    asked = advance(begun, call, _nothing(), bundle, Context(NOW)).conversation
    later = tick(asked, bundle, Context(NOW + timedelta(minutes=31)))
    assert [one.message.response for one in later.events] == ["utter_pengingat", "utter_ask_uraian"]
    assert later.conversation.stack[-1].asked
