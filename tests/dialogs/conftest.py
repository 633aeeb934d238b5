"""Talking to the engine without anything around it: a desk of paper, and meanings made by hand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation, from_json, to_json
from dialogs.engine import advance, resume, tick
from dialogs.events import BotUttered, Event
from dialogs.loader import load_bundle
from dialogs.messages import Attachment, InboundMessage, Location, OutboundMessage
from dialogs.turn import Context, Turn
from nlu.interpretation import (
    Area,
    CategoryGuess,
    Emergency,
    Entity,
    Guess,
    Interpretation,
    Place,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CITY = {
    "kota": "Kabupaten Sleman",
    "nomor_darurat": "112 (Darurat terpadu)",
    "bantuan_jiwa": "119 ext. 8",
    "ombudsman": "Ombudsman RI, 137",
    "versi_privasi": "2026-1",
    "awalan": "SLM",
    "hari_verifikasi": "3",
    "hari_tanggapan": "5",
    "hari_selesai": "14",
}
GODEAN = Place(
    Area("34.04.02.2003", "Sidoagung", "Godean", "Sleman"), 0.9, "Pasar Godean", lat=-7.77, lon=110.29
)
MLATI = Area("34.04.06", "", "Mlati", "Sleman")
DEPOK = Area("34.04.07", "", "Depok", "Sleman")
LAMP = (
    CategoryGuess("lampu_jalan", "mati", 0.9, ("lampu", "mati")),
    CategoryGuess("jalan", "berlubang", 0.05),
    CategoryGuess("listrik", "padam", 0.02),
)
REPORT = "lampu jalan depan pasar godean mati udah seminggu"


def mean(text: str = "", intent: str = "di_luar", sure: float = 0.3, **more: Any) -> Interpretation:
    return Interpretation(text, Guess(intent, sure), **more)


def lamp(text: str = REPORT, **more: Any) -> Interpretation:
    facts = {"categories": LAMP, "place": GODEAN, "entities": (Entity("time", "seminggu", 0, 0),)} | more
    return mean(text, "lapor", 0.95, **facts)


def emergency(text: str) -> Interpretation:
    return mean(text, "lapor", 0.9, emergency=Emergency("kebakaran", 0.95, ("kebakaran",)))


def photo(ref: str = "p1", kind: Any = "photo") -> Attachment:
    return Attachment(kind, ref, "image/jpeg", 1000)


@dataclass
class PaperDesk:
    """A city's desk that answers what the test tells it to."""

    verdicts: list[Mapping[str, Any]] = field(default_factory=list)
    near: list[Mapping[str, Any]] = field(default_factory=list)
    book: dict[str, dict[str, Any]] = field(default_factory=dict)
    count: int = 0
    screened: list[str] = field(default_factory=list)

    async def screen(self, narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        self.screened.append(narrative)
        standard = {"verdict": "pass", "rules": [], "advice": "", "masked": narrative}
        return standard | (self.verdicts.pop(0) if self.verdicts else {})

    async def new_number(self) -> str:
        self.count += 1
        return f"SLM-26-0000{self.count}"

    async def nearby(self, slots: Mapping[str, Any], contact: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        return self.near

    async def ticket(self, number: str, contact: str) -> Mapping[str, Any] | None:  # noqa: ARG002
        return self.book.get(number)

    async def tickets(self, contact: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        return [one for one in self.book.values() if one["own"]]

    async def receipt(self, slots: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        return {"agency": "Dinas Perhubungan", "due": "2026-11-25"}

    async def data_of(self, contact: str) -> Mapping[str, Any]:  # noqa: ARG002
        return {"laporan": ["SLM-26-00001"], "bahasa": "id"}

    def add(self, number: str, **facts: Any) -> None:
        standard = {
            "number": number,
            "own": True,
            "title": "Lampu jalan mati",
            "status": "PROSES",
            "status_text": "Dikerjakan",
            "agency": "Dishub",
            "due": "2026-11-25",
            "history": [{"at": "2026-11-22", "text": "Diteruskan ke Dishub"}],
            "actions": ["message", "cancel"],
        }
        self.book[number] = standard | facts


class Talk:
    """One citizen talking: every turn round-trips the conversation through JSON, as storage does."""

    def __init__(self, bundle: Bundle, desk: PaperDesk | None = None, channel: str = "telegram") -> None:
        self.bundle = bundle
        self.desk = desk or PaperDesk()
        self.runner = ActionRunner(self.desk)
        self.conversation = Conversation.start("c1", channel, "42", "warga-1", bundle.hash)
        self.now = NOW
        self.sent = 0
        self.events: tuple[Event, ...] = ()
        self.history: list[Event] = []
        self.context = Context(NOW, CITY)

    def message(self, text: str = "", **more: Any) -> InboundMessage:
        self.sent += 1
        kind = more.pop("kind", "media" if more.get("attachments") else "text")
        return InboundMessage("telegram", str(self.sent), "42", self.now, kind, text, **more)

    def say(self, text: str, meaning: Interpretation | None = None, **more: Any) -> str:
        return self.send(self.message(text, **more), meaning)

    def press(self, label: str) -> str:
        choice = next(c for c in self.conversation.choices if c.label == label)
        return self.payload(choice.payload)

    def payload(self, payload: str) -> str:
        return self.send(self.message(kind="button", button=payload))

    def photos(
        self, *refs: str, text: str = "", group: str = "", meaning: Interpretation | None = None
    ) -> str:
        files = tuple(photo(ref) for ref in refs)
        return self.send(self.message(text, attachments=files, group=group), meaning)

    def pin(self, place: Place | None = None) -> str:
        message = self.message(kind="location", location=Location(-7.7, 110.3))
        return self.send(message, mean("", place=place))

    def send(self, message: InboundMessage, meaning: Interpretation | None = None) -> str:
        context = replace(self.context, now=self.now)
        meaning = meaning or mean(message.text)
        turn = advance(self.conversation, message, meaning, self.bundle, context)
        return self.settle(turn, context)

    def silence(self, **time: int) -> str:
        self.now += timedelta(**time)
        context = replace(self.context, now=self.now)
        return self.settle(tick(self.conversation, self.bundle, context), context)

    def settle(self, turn: Turn, context: Context) -> str:
        while turn.pending is not None:
            result = asyncio.run(self.runner.run(turn.pending, turn.conversation, context))
            turn = resume(turn, result, self.bundle, context)
        self.conversation = from_json(to_json(turn.conversation))
        assert to_json(self.conversation) == to_json(turn.conversation)
        self.events = turn.events
        self.history.extend(turn.events)
        return "\n".join(message.text for message in self.said)

    @property
    def said(self) -> list[OutboundMessage]:
        return [event.message for event in self.events if isinstance(event, BotUttered)]

    @property
    def responses(self) -> list[str]:
        return [message.response for message in self.said]

    @property
    def buttons(self) -> list[str]:
        return [button.label for message in self.said for row in message.buttons for button in row]

    @property
    def slots(self) -> Mapping[str, Any]:
        return self.conversation.slots

    def happened(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def report(self) -> str:
        """As far as the review card: a lamp, with consent and a photo."""
        self.say(REPORT, lamp())
        self.press("Setuju")
        self.press("Betul")
        return self.photos("p1", "p2", "p3")


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return load_bundle()


@pytest.fixture
def talk(bundle: Bundle) -> Talk:
    return Talk(bundle)


@pytest.fixture
def asked(talk, kit):
    """A talk that waits for photos."""
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    talk.press("Betul")
    assert talk.responses == ["utter_ask_bukti"]
    return talk


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """What tests make meanings of."""
    names = ("REPORT", "GODEAN", "MLATI", "DEPOK", "LAMP", "mean", "lamp", "emergency", "photo")
    return SimpleNamespace(**{name: globals()[name] for name in names}, Talk=Talk, PaperDesk=PaperDesk)
