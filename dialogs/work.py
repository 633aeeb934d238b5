"""A turn being made: what hearing and steps change, before it is frozen again."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from typing import Any

from dialogs.bundle import Bundle
from dialogs.conversation import MAX_CHOICES, MAX_TRAIL, Answered, Choice, Conversation, Frame, FrameKind
from dialogs.display import Values, evidence, show
from dialogs.events import BotUttered, Event, FlowEnded, FlowStarted, SlotSet, StepRun
from dialogs.flow import Flow, Step
from dialogs.messages import Button, InboundMessage, OutboundMessage
from dialogs.responses import Voice, say
from dialogs.slots import fold
from dialogs.turn import ActionCall, Context
from nlu.interpretation import Interpretation

GAP = re.compile(r"\{(\w+)\}")
MAX_STACK = 8
"""Flows on top of each other; a further one takes the place of the lowest that can be left out."""


class Work:
    """The state of a turn while it is made; the only thing in a dialog that changes."""

    def __init__(
        self,
        conversation: Conversation,
        bundle: Bundle,
        context: Context,
        heard: tuple[InboundMessage, Interpretation] | None = None,
    ) -> None:
        self.before = conversation
        self.bundle = bundle
        self.context = context
        self.heard = heard
        self.turn = conversation.turn + 1 if heard else conversation.turn
        self.slots: dict[str, Any] = {**bundle.initial, **conversation.slots}
        self.stack: list[Frame] = list(conversation.stack)
        self.trail: list[Answered] = list(conversation.trail)
        self.choices = conversation.choices
        self.language = conversation.language
        self.changes: dict[str, Any] = {}
        self.events: list[Event] = []
        self.pending: ActionCall | None = None
        self.waiting = False
        self.hushed = False

    @property
    def message(self) -> InboundMessage:
        """What the person sent; only in a turn that has a message."""
        assert self.heard is not None  # noqa: S101 - hearing runs only in such turns
        return self.heard[0]

    @cached_property
    def said(self) -> str:
        """Its words, folded for comparing."""
        return fold(self.message.text)

    @property
    def meaning(self) -> Interpretation:
        """What it means."""
        assert self.heard is not None  # noqa: S101 - as above
        return self.heard[1]

    @property
    def frame(self) -> Frame:
        """The flow that is being talked through."""
        return self.stack[-1]

    @property
    def main(self) -> Frame:
        """The frame of the flow that is being talked about: the caller, where a called flow is on top."""
        at = len(self.stack) - 1
        while at > 0 and self.stack[at].kind in {"call", "quiet"}:
            at -= 1
        return self.stack[at]

    @property
    def topic(self) -> str:
        """The flow on top, or the one that called it."""
        calls = takewhile(lambda frame: frame.kind == "call", reversed(self.stack))
        return self.stack[-1 - sum(1 for _ in calls)].flow

    @property
    def flow(self) -> Flow:
        """Its steps."""
        return self.bundle.flows[self.frame.flow]

    @property
    def step(self) -> Step:
        """The step it is at."""
        return self.flow.steps[self.frame.step]

    @property
    def open(self) -> Step | None:
        """The question put to the person that waits for an answer, if one does."""
        if not self.stack or not self.frame.asked:
            return None
        step = self.step
        return step if step.kind == "collect" else None

    @property
    def consent_version(self) -> str:
        """The privacy sentence in force: the city's, else the one the domain names."""
        return self.context.values.get("versi_privasi") or self.bundle.settings.consent_version

    @cached_property
    def looks(self) -> dict[str, Any]:
        """What conditions see as `context`."""
        context, before = self.context, self.before
        return {
            "channel": before.channel,
            "language": self.language,
            "hour": context.now.hour,
            "in_office_hours": context.in_office_hours,
            "consent": bool(before.consent) and before.consent == self.consent_version,
            "first_time": self.turn <= 1,
            "tickets": len(before.tickets),
            "interrupting": len(self.stack) > 1,
            "asking": any(frame.asked for frame in self.stack),
            "choosing": bool(before.choices),
            "flows": [frame.flow for frame in self.stack],
            "audience": context.audience,
        }

    def now(self, name: str) -> Any:
        """A field of the conversation as this turn has left it."""
        return self.changes.get(name, getattr(self.before, name))

    def change(self, **fields: Any) -> None:
        """Give fields of the conversation new values."""
        self.changes.update(fields)

    def set(self, name: str, value: Any) -> None:
        """Put a value into a slot, told as an event when it differs."""
        if self.slots.get(name) != value:
            self.slots[name] = value
            self.events.append(SlotSet(name, value))

    def start(self, flow_id: str, kind: FrameKind = "over", given: Mapping[str, Any] | None = None) -> None:
        """Put a flow on the stack, with fresh slots of its own unless it was called."""
        flow = self.bundle.flows[flow_id]
        self._leave_what_does_not_return(kind)
        if kind != "call":
            self._empty(flow.slots)
            self._forget_sent(flow_id)
        for name, value in (given or {}).items():
            self.set(name, value)
        self.stack.append(Frame(flow_id, flow.first, kind if self.stack else "base"))
        self.looks["interrupting"] = len(self.stack) > 1
        self.looks["flows"] = [frame.flow for frame in self.stack]
        self.events.append(FlowStarted(flow_id))

    def end(self, reason: str) -> Frame:
        """Take the top flow off the stack; what it does not keep is emptied."""
        frame = self.stack.pop()
        flow = self.bundle.flows[frame.flow]
        self.events.append(FlowEnded(frame.flow, reason))
        self.trail = [entry for entry in self.trail if entry.depth < len(self.stack)]
        if frame.kind != "call":
            kept = flow.keeps if reason == "completed" else frozenset()
            self._empty(name for name in flow.slots if name not in kept)
        return frame

    def go(self, step_id: str) -> None:
        """Move the top flow to a step; END is left to the engine."""
        self.stack[-1] = self.frame.at(step_id)

    def leave_step(self) -> None:
        """Move on by the first way whose condition holds."""
        step = self.step
        branch = next(b for b in step.next if b.when is None or b.when(self.slots, self.looks))
        self.ran(branch.text)
        self.go(branch.to)

    def ran(self, why: str = "") -> None:
        """Note that the step ran, and the condition that chose what comes next."""
        self.events.append(StepRun(self.frame.flow, self.frame.step, why))

    def ask(self, response: str, buttons: list[Button] | None = None, **values: str) -> None:
        """Put the open step's question."""
        self.stack[-1] = self.frame.asking(self.frame.tries)
        self.waiting = True
        self.choices = ()
        self.change(asked_at=self.context.now, reminded=False)
        self.utter(response, values, buttons)

    def answered(self, slot: str) -> None:
        """Remember an answered question, for going back to it."""
        entry = Answered(len(self.stack) - 1, self.frame.flow, self.frame.step, slot)
        self.trail = [*self.trail, entry][-MAX_TRAIL:]

    def utter(
        self, response: str, values: Mapping[str, str] | None = None, buttons: list[Button] | None = None
    ) -> None:
        """Say a response; `buttons` come after its own."""
        message = self.compose(response, values or {})
        if buttons:
            shown = tuple((button,) for button in buttons)
            message = replace(message, buttons=shown + message.buttons)
        self.speak(message)

    def speak(self, message: OutboundMessage) -> None:
        """Send a message; its buttons are what a number or a label typed next will choose from."""
        self.events.append(BotUttered(message))
        flat = [Choice(b.label, b.payload) for row in message.buttons for b in row if b.payload]
        if flat:
            self.choices = tuple(flat[:MAX_CHOICES])

    def compose(self, response: str, values: Mapping[str, str]) -> OutboundMessage:
        """A response in this conversation's voice, not yet said."""
        voice = Voice(self.language, self.before.channel, self.turn, self.slots, self.looks)
        filled = Values(self.bundle, voice, self.context.values, values)
        return say(self.bundle, response, voice, filled)

    def named(self, text: str) -> str:
        """A text of the flow with its gaps (`{slot}`) filled by the slots' plain values."""
        return GAP.sub(lambda gap: str(self.slots.get(gap[1]) or ""), text)

    def shown(self, name: str) -> str:
        """A slot's value in words."""
        return show(name, self.slots, self.bundle, self.language)

    def shown_files(self, message: InboundMessage) -> str:
        """What a message brings beside words: "2 foto"."""
        return evidence([{"kind": one.kind} for one in message.attachments], self.language)

    def _empty(self, names: Any) -> None:
        for name in names:
            spec = self.bundle.slots.get(name)
            self.set(name, spec.initial if spec else None)

    def _forget_sent(self, flow_id: str) -> None:
        sent = self.now("sent")
        if flow_id in sent:
            self.change(sent={name: number for name, number in sent.items() if name != flow_id})

    def _leave_what_does_not_return(self, kind: FrameKind) -> None:
        """Drop flows that are not taken up again once another comes over them."""
        while kind != "call" and self.stack and not self.flow.returns:
            self.end("interrupted")
        if len(self.stack) >= MAX_STACK:
            kept = self.stack[-1]
            while self.stack:
                self.end("too deep")
            self.stack.append(replace(kept, kind="base"))
