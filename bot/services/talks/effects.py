"""Write: one table from what a turn brought about to what it changes, all in the turn's own transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from bot.services.core import OPERATOR, Core
from bot.services.files import copies
from bot.services.lanes import keys_of
from bot.services.people.requests import told_of
from bot.services.reports import ways
from bot.services.reports.masking import masked
from bot.services.reports.ticketing import (
    Act,
    DeskRefusal,
    Done,
    Filing,
    Known,
    UnknownTicketError,
    apply,
    open_ticket,
    to_know,
)
from bot.services.sending.desks import to_coordinator, to_desks
from bot.services.talks import floods, restraints
from bot.services.talks.slots import report_of
from dialogs import events
from dialogs.messages import OutboundMessage
from dialogs.responses import find, render
from storage.desk import staff
from storage.doors.database import Connection
from storage.doors.inquiries import together
from storage.people import consents, linking, requests
from storage.people.consents import Consent
from storage.people.requests import Wish
from storage.reports import cases, following
from storage.reports.cases import Home
from storage.talks import conversations, outbox
from storage.talks.outbox import Outgoing
from tickets.ticket import Actor, Command

Asked = tuple[str, str]
"""A question for consent: the name of its response, and its text."""
NOT_ASKED = ("", "")


@dataclass(slots=True)
class Writing:
    """A turn's transaction: where it writes, for whom, and which addresses it gives something to read.

    `asked` is the question for consent that this person had before them, where the turn gives any.
    """

    connection: Connection
    core: Core
    home: Home
    language: str
    asked: Asked = NOT_ASKED
    wake: set[tuple[str, str]] = field(default_factory=set)

    def say(self, message: OutboundMessage) -> None:
        """Put a message to the citizen in line."""
        self.send([Outgoing(self.home.channel, self.home.address, message)])

    def send(self, messages: list[Outgoing]) -> None:
        """Put messages in line."""
        outbox.add(self.connection, messages, self.core.clock())
        self.wake.update(keys_of(messages))

    def note(self, done: Done) -> None:
        """Remember whom a change of a ticket has news for."""
        self.wake.update(done.wake)


Effect = Callable[[Writing, Any], None]
EXPORT, HAND_OVER = "export", "salinan"
"""A copy by the data officer, and one handed over in the talk itself."""


def _nothing(_writing: Writing, _event: Any) -> None:
    """Events that live in the conversation itself, or in the trace only."""


def _say(writing: Writing, event: events.BotUttered) -> None:
    writing.say(event.message)


def _open(writing: Writing, event: events.TicketRequested) -> None:
    told = {**event.slots, "bahasa": writing.language, "kanal": writing.home.channel}
    report = report_of(told, event.evidence)
    filing = Filing(event.number, report, event.evidence)
    connection, core, home = writing.connection, writing.core, writing.home
    refused, near = to_know(core, filing)
    before = floods.earlier(core, filing, home)
    earlier, unusable, beside = together(connection, before, refused, near)
    writing.note(open_ticket(connection, core, filing, home, Known(unusable, beside)))
    writing.wake.update(floods.gather(connection, core, earlier))


def _act(writing: Writing, event: events.TicketActionRequested) -> None:
    if event.action == "ban_appeal":
        _appeal_ban(writing, event.number)
        return
    follow = FOLLOWING.get(event.action)
    try:
        if follow is not None:
            follow(writing, event)
        else:
            _do(writing, event)
    except (DeskRefusal, UnknownTicketError):
        writing.say(_text(writing, "utter_tidak_bisa_sekarang", {"nomor": event.number}))


def _do(writing: Writing, event: events.TicketActionRequested) -> None:
    data = event.data
    command = Command(
        action=event.action,
        actor=Actor("citizen", writing.home.contact),
        text=str(data.get("text") or ""),
        reason=str(data.get("reason") or ""),
        value=data.get("value"),
        proof=tuple(one.media_id for one in event.evidence),
        instead_of=str(data.get("instead_of") or ""),
    )
    late = bool(data.get("late"))
    act = Act(command, event.evidence, writing.home.channel, "evidence" if late else "message")
    number = _joined(writing, event.number) if late else event.number
    writing.note(apply(writing.connection, writing.core, number, act))


def _joined(writing: Writing, number: str) -> str:
    """Where a photo goes that came later than the report it was sent with: that, or what it was joined to."""
    case = cases.case(writing.connection, number)
    return (case.ticket.parent if case else "") or number


def _follow(writing: Writing, event: events.TicketActionRequested) -> None:
    """Follow, and add what was told and shown: one more voice, with its evidence."""
    number, contact = event.number, writing.home.contact
    if not following.follows(writing.connection, number, contact):
        act = Act(Command("follow", Actor("citizen", contact)))
        writing.note(apply(writing.connection, writing.core, number, act))
        following.follow(writing.connection, number, writing.home, writing.core.clock())
    text = str(event.data.get("text") or "")
    if event.evidence or text:
        data = {"text": masked(writing.core, text) if text else ""}
        _do(writing, replace(event, action="message", data=data))


def _unfollow(writing: Writing, event: events.TicketActionRequested) -> None:
    number, contact = event.number, writing.home.contact
    if following.unfollow(writing.connection, number, contact):
        act = Act(Command("unfollow", Actor("citizen", contact)))
        writing.note(apply(writing.connection, writing.core, number, act))


FOLLOWING: Mapping[str, Effect] = {"follow": _follow, "unfollow": _unfollow}


def _appeal_ban(writing: Writing, number: str) -> None:
    told = restraints.appealed(writing.connection, writing.core, number, writing.home.contact)
    writing.send(told)
    if not told:
        writing.say(_text(writing, "utter_batas_tidak_ada", {"nomor": number}))


async def asked_for_consent(core: Core, home: Home, happened: Iterable[events.Event]) -> Asked:
    """What a person who agrees in a turn had before them: it was put to them before, and stays as it was."""
    if not any(isinstance(one, events.ConsentGiven) for one in happened):
        return NOT_ASKED
    questions = core.bundles.live.consent
    return await core.database.glance(lambda c: consents.last_asked(c, home.channel, home.address, questions))


def _consent(writing: Writing, event: events.ConsentGiven) -> None:
    """Keep what was agreed to as the very words the person had before them."""
    consent = Consent(event.version, writing.language, writing.home.channel, *writing.asked)
    consents.keep(writing.connection, writing.home.contact, consent, writing.core.clock())


def _language(writing: Writing, event: events.LanguageChanged) -> None:
    conversations.set_language(writing.connection, writing.home.contact, event.language)


def _handoff(writing: Writing, event: events.HandoffStarted) -> None:
    _tell_coordinator(writing, "petugas_minta_petugas", {"pesan": event.reason})


def _emergency(writing: Writing, event: events.EmergencyRaised) -> None:
    core = writing.core
    for desk in staff.desks(writing.connection, core.policies.agencies.coordinator):
        values = {"pesan": event.text, "jenis": _kind(writing, event.kind, desk.language)}
        writing.send(to_desks(core, [desk], "petugas_darurat", values))


def _kind(writing: Writing, kind: str, language: str) -> str:
    """The kind of an emergency in words, where it has any of its own."""
    live, name = writing.core.bundles.live, f"petugas_jenis_{kind}"
    named = find(live, name, language) is not None
    return render(live, name, language, OPERATOR, {}).text if named else kind


def _failed(writing: Writing, event: events.Failed) -> None:
    where = f"{event.flow} · {event.step}"
    values = {"judul": where, "pesan": f"{event.kind}: {event.detail}"}
    _tell_coordinator(writing, "petugas_galat_dialog", values)


def _data(writing: Writing, event: events.DataRequested) -> None:
    """Keep what was asked for; a copy goes out at once, the rest is for the data officer and the desks."""
    now, contact = writing.core.clock(), writing.home.contact
    due = now + writing.core.policies.retention.requests.within
    if event.right == HAND_OVER:
        requests.ask(writing.connection, Wish(contact, EXPORT), now, due)
        requests.done(writing.connection, contact, EXPORT, now)
        writing.say(replace(_text(writing, "utter_data_salinan", {}), attachments=copies.attached()))
        return
    requests.ask(writing.connection, Wish(contact, event.right, event.words), now, due)
    values = told_of(contact, event.right, event.words)
    desks = requests.desks(writing.connection, writing.core.policies.agencies.coordinator)
    writing.send(to_desks(writing.core, desks, "petugas_hak_data", values))


def _offer(writing: Writing, event: events.LinkOffered) -> None:
    linking.offer(writing.connection, event.code, writing.home.contact, writing.core.clock())


def _link(writing: Writing, event: events.LinkTaken) -> None:
    """Make two people one, and tell the older channel so: a stolen code must not go unnoticed."""
    connection, now = writing.connection, writing.core.clock()
    owner = linking.take(connection, event.code, writing.home.contact, now)
    if owner is None:
        writing.say(_text(writing, "utter_tautan_gagal", {}))
        return
    language = conversations.language_of(connection, owner)
    values = {"kanal_kabar": ways.name(writing.home.channel, language)}
    for way in linking.ways(connection, owner):
        if (way.channel, way.address) != (writing.home.channel, writing.home.address):
            bundle = writing.core.bundles.live
            message = render(bundle, "utter_tautan_kabar", language, way.channel, values)
            writing.send([Outgoing(way.channel, way.address, message)])


def _choose(writing: Writing, event: events.WayChosen) -> None:
    linking.choose(writing.connection, writing.home.contact, event.channel)


def _tell_coordinator(writing: Writing, name: str, values: Mapping[str, str]) -> None:
    writing.send(to_coordinator(writing.connection, writing.core, name, values))


def _text(writing: Writing, name: str, values: Mapping[str, str]) -> OutboundMessage:
    return render(writing.core.bundles.live, name, writing.language, writing.home.channel, values)


EFFECTS: Mapping[type, Effect] = {
    events.SlotSet: _nothing,
    events.FlowStarted: _nothing,
    events.FlowEnded: _nothing,
    events.StepRun: _nothing,
    events.HandoffEnded: _nothing,
    events.BotUttered: _say,
    events.TicketRequested: _open,
    events.TicketActionRequested: _act,
    events.ConsentGiven: _consent,
    events.LanguageChanged: _language,
    events.HandoffStarted: _handoff,
    events.EmergencyRaised: _emergency,
    events.DataRequested: _data,
    events.LinkOffered: _offer,
    events.LinkTaken: _link,
    events.WayChosen: _choose,
    events.Failed: _failed,
}

missing = set(get_args(events.Event)) - set(EFFECTS)
if missing:
    raise RuntimeError(f"events without an effect: {sorted(one.__name__ for one in missing)}")


def carry_out(writing: Writing, happened: tuple[events.Event, ...]) -> None:
    """Write everything a turn brought about: first what was said, then the rest with its news, in order."""
    for event in sorted(happened, key=lambda event: not isinstance(event, events.BotUttered)):
        EFFECTS[type(event)](writing, event)
