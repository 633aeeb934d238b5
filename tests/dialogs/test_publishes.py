"""Random flows, answers and publishes: nobody is thrown out, nothing told is lost or asked twice."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialogs.bundle import Bundle
from dialogs.conversation import Conversation, from_json, to_json
from dialogs.engine import advance, tick
from dialogs.events import BotUttered, Failed
from dialogs.impact import carry, outcome
from dialogs.loader import read_sources
from dialogs.messages import InboundMessage
from dialogs.turn import Context
from nlu.interpretation import Guess, Interpretation

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOURCES = read_sources()
SLOTS = ("masukan", "pesan", "topik", "darurat_teks", "alasan")
ORDERS = st.sampled_from([SLOTS, SLOTS[::-1], SLOTS[:2], SLOTS[2:], (*SLOTS[1:], SLOTS[0]), SLOTS[:1]])
BUNDLES: dict[tuple[object, ...], Bundle] = {}


def dialog(steps: tuple[str, ...], retyped: str) -> Bundle:
    """A flow that asks for these slots in this order; one slot of the domain may have another type."""
    key = (steps, retyped)
    if key not in BUNDLES:
        rows = "".join(f"      - {{id: {one}, collect: {one}, utter: utter_sapa}}\n" for one in steps)
        flow = f"flows:\n  uji:\n    name: Uji\n    commands: [uji]\n    steps:\n{rows}"
        domain = SOURCES["domain.yml"].replace(f"  {retyped}: {{type: text", f"  {retyped}: {{type: list")
        BUNDLES[key] = Bundle.from_sources(SOURCES | {"flows/uji.yml": flow, "domain.yml": domain})
    return BUNDLES[key]


class Publishes(RuleBasedStateMachine):
    """One citizen in a flow, admins who publish at any moment."""

    @initialize(steps=ORDERS)
    def begin(self, steps):
        self.live = self.pinned = dialog(steps, "")
        self.talk = Conversation.start("c", "telegram", "1", "w", self.live.hash)
        self.told: dict[str, str] = {}
        self.said = 0
        self.send(kind="button", button="/uji")

    def send(self, text: str = "", **more):
        self.said += 1
        message = InboundMessage("telegram", str(self.said), "1", NOW, more.pop("kind", "text"), text, **more)
        meaning = Interpretation(text, Guess("di_luar", 0.2))
        turn = advance(self.talk, message, meaning, self.pinned, Context(NOW))
        assert not [one for one in turn.events if isinstance(one, Failed)]
        assert [one for one in turn.events if isinstance(one, BotUttered)], "nobody is left without an answer"
        self.talk = from_json(to_json(turn.conversation))

    @property
    def asking(self) -> str:
        """The slot of the flow's open question; empty when the flow is over."""
        frame = self.talk.stack[-1] if self.talk.stack else None
        return frame.step if frame and frame.flow == "uji" and frame.asked else ""

    @precondition(lambda self: self.asking)
    @rule()
    def answer(self):
        slot = self.asking
        assert slot not in self.told, "nothing is asked twice"
        words = f"jawaban nomor {self.said}"
        self.send(words)
        self.told[slot] = words

    @precondition(lambda self: self.asking)
    @rule()
    def silence(self):
        later = replace(Context(NOW), now=self.talk.quiet_at or NOW)
        self.talk = tick(self.talk, self.pinned, later).conversation

    @rule(steps=ORDERS, retyped=st.sampled_from(("", "", SLOTS[0], SLOTS[3])))
    def publish(self, steps, retyped):
        new = dialog(steps, retyped)
        foretold = outcome(self.talk, self.pinned, new).fate if self.talk.stack else "carried"
        before = self.talk
        self.talk = carry(before, self.pinned, new)
        assert self.talk.stack == before.stack
        assert (self.talk.bundle == new.hash) or foretold == "stays"
        self.live, self.pinned = new, new if self.talk.bundle == new.hash else self.pinned

    @precondition(lambda self: not self.talk.stack)
    @rule()
    def start_again(self):
        self.pinned, self.told = self.live, {}
        self.talk = replace(self.talk, bundle=self.live.hash)
        self.send(kind="button", button="/uji")

    @invariant()
    def what_was_told_is_kept(self):
        if self.asking:
            for name, words in self.told.items():
                assert self.talk.slots.get(name) in (words, [words])
            assert self.talk.bundle == self.pinned.hash


Publishes.TestCase.settings = settings(max_examples=100, stateful_step_count=15, deadline=None)
TestPublishes = Publishes.TestCase
