"""Asking a citizen for data item by item: ticked on a list of the category's, with words of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from bot.channels.rendering import clip
from bot.operator.asking import ask_words
from bot.operator.grid import in_rows
from bot.operator.matter import Matter
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from bot.services.reports.ticketing import Act, DeskRefusal
from dialogs.messages import Button, OutboundMessage
from tickets.checklist import asked_of, listed
from tickets.policies.questions import Question, questions_for
from tickets.ticket import Asked, Command, Ticket

MAX_LABEL = 60
WIDTH = 2
ACTION = "ask_data"
LIST = "petugas_data"


@dataclass(frozen=True, slots=True)
class Picked:
    """The items of a category and which of them are ticked; it travels in the buttons themselves."""

    questions: tuple[Question, ...]
    mask: int = 0

    @classmethod
    def read(cls, office: Office, ticket: Ticket, packed: str) -> "Picked | None":
        """What a button carries; None when the list has changed since it was made."""
        fresh = cls(questions_for(office.core.policies.questions, ticket.report.category))
        mask, _, sign = packed.partition(".")
        try:
            picked = cls(fresh.questions, int(mask or "0", 16))
        except ValueError:
            return None
        return picked if sign.partition(".")[0] == fresh.sign else None

    @property
    def sign(self) -> str:
        """Four letters that change when the list does."""
        return f"{crc32('/'.join(one.code for one in self.questions).encode()):08x}"[:4]

    @property
    def packed(self) -> str:
        """As a button carries it."""
        return f"{self.mask:x}.{self.sign}"

    @property
    def chosen(self) -> tuple[Question, ...]:
        """The ticked items, in the list's order."""
        return tuple(one for at, one in enumerate(self.questions) if self.mask >> at & 1)

    def turned(self, place: int) -> "Picked":
        """With one item ticked or unticked."""
        return Picked(self.questions, self.mask ^ (1 << place))


async def offer(office: Office, seat: Seat, ticket: Ticket) -> None:
    """Show the list."""
    picked = Picked(questions_for(office.core.policies.questions, ticket.report.category))
    values = {"nomor": ticket.number, "judul": ticket.title}
    rows = buttons(office, ticket, picked)
    purpose = Prompt(ACTION).purpose  # words in reply to the list are a question of one's own
    message = OutboundMessage(office.text(LIST, values), rows, response=purpose, ticket=ticket.number)
    await office.say(seat, message)


def turn(office: Office, ticket: Ticket, extra: str) -> Rows:
    """The list's buttons after one was pressed; empty when the list has changed since."""
    picked, place = Picked.read(office, ticket, extra), extra.rpartition(".")[2]
    if picked is None or not place.isdigit() or int(place) >= len(picked.questions):
        return ()
    return buttons(office, ticket, picked.turned(int(place)))


def buttons(office: Office, ticket: Ticket, picked: Picked) -> Rows:
    """Every item with its box, then what to do with those ticked."""
    items = [
        Button(
            clip(f"{'☑' if picked.mask >> at & 1 else '☐'} {one.name[office.language]}", MAX_LABEL),
            Press("tick", ticket.number, extra=f"{picked.packed}.{at}").packed(),
        )
        for at, one in enumerate(picked.questions)
    ]
    own = Button(office.text(f"{LIST}_sendiri"), Press("tool", ticket.number, "own", picked.packed).packed())
    label = office.text(f"{LIST}_kirim", {"jumlah": str(len(picked.chosen))})
    send = Button(label, Press("tool", ticket.number, "asked", picked.packed).packed())
    return (*in_rows(items, WIDTH), (own, send) if picked.mask else (own,))


async def send(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Ask the citizen for what is ticked."""
    picked = Picked.read(office, matter.ticket, extra)
    if picked is None or not picked.chosen:
        return office.text("petugas_tombol_lama")
    try:
        await office.act(
            seat, matter.ticket.number, Act(command(matter, picked.chosen, ""), origin=seat.origin)
        )
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    return office.text(f"{LIST}_diminta", {"nomor": matter.ticket.number})


async def add_words(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Ask the operator for an item of their own, beside what is ticked."""
    if Picked.read(office, matter.ticket, extra) is None:
        return office.text("petugas_tombol_lama")
    await ask_words(office, seat, matter.ticket, Prompt(ACTION, extra))
    return ""


def with_words(office: Office, matter: Matter, extra: str, own: str) -> Command:
    """The request for what was ticked and what the operator wrote."""
    picked = Picked.read(office, matter.ticket, extra) if extra else None
    return command(matter, picked.chosen if picked else (), own)


def command(matter: Matter, questions: Sequence[Question], own: str) -> Command:
    """The request in the reporter's language; a single question of one's own needs no list."""
    asked = asked_of(questions, own, matter.ticket.report.language)
    items: tuple[Asked, ...] = asked if questions else ()
    return Command(ACTION, matter.actor, text=listed(asked) if questions else own, items=items)
