"""What operators write: an answer to the citizen, a note, the words an action waited for, a correction.

Silence is kept on purpose in three cases only: talk in a group that is no reply to us and stands in no
ticket's topic, commands for other bots, and anything in a group that is no desk.
"""

from dataclasses import dataclass, replace

from bot.operator import joining, second_look
from bot.operator.acting import act_with_words
from bot.operator.asking import CHOICE
from bot.operator.commands import open_card
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Prompt, prompt_of
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.reports.collisions import CollisionError
from bot.services.reports.ticketing import UnknownTicketError
from storage.talks.outbox import Link

NOTE_MARK = "//"
REPLY, NOTE = Prompt("reply"), Prompt("note")


async def heard(office: Office, seat: Seat, words: Words) -> None:
    """Take a message that is no command to where it belongs."""
    about = await link_of(office, seat)
    if is_command(words.text):
        await _no_such_command(office, seat, words.text, about)
    elif about is None:
        await _beside(office, seat, words)
    elif seat.operator is None:
        await office.answer(seat, "petugas_hanya_petugas")
    elif about.purpose.startswith(CHOICE):
        await office.answer(seat, "petugas_pilih_tombol")
    elif words.problem:
        await office.answer(seat, f"petugas_{words.problem}")
    else:
        await _said(office, seat, about, words)


def is_command(text: str) -> bool:
    """Whether a text is meant for a bot: never an answer to a citizen."""
    return text.startswith("/") and not text.startswith(NOTE_MARK)


async def _no_such_command(office: Office, seat: Seat, text: str, about: Link | None) -> None:
    """Say that we do not know it; in groups only to staff who can have meant us."""
    for_another = "@" in text.split(maxsplit=1)[0]
    if seat.private and seat.operator is None:
        await office.answer(seat, "petugas_orang_asing", {"kota": office.core.policies.city.name})
    elif seat.operator is not None and (seat.private or (about is not None and not for_another)):
        await office.answer(seat, "petugas_perintah_apa")


async def link_of(office: Office, seat: Seat) -> Link | None:
    """The ticket a message is about: by what it replies to, else by the topic it stands in."""
    found = await office.roster.about(seat.chat, seat.reply_to) if seat.reply_to else None
    if found is None and seat.thread is not None:
        card = await office.roster.in_topic(seat.chat, seat.thread)
        return Link(card.number) if card else None
    return found


async def _said(office: Office, seat: Seat, about: Link, words: Words) -> None:
    try:
        view, actor = await office.look(seat, about.ticket)
        said = _sorted(about, words)
        act = joining.heard if said.prompt.action in joining.ACTIONS else act_with_words
        await act(office, seat, Matter(view.ticket, actor), said.prompt, said.words)
    except CollisionError as met:
        await second_look.warn(office, seat, met)
    except UnknownTicketError:
        await office.answer(seat, "petugas_tidak_ada", {"nomor": about.ticket})


@dataclass(frozen=True, slots=True)
class _Said:
    """Words, and what they are for."""

    prompt: Prompt
    words: Words


def _sorted(about: Link, words: Words) -> _Said:
    """`//` is a note to colleagues, whatever it replies to."""
    if words.text.startswith(NOTE_MARK):
        return _Said(NOTE, replace(words, text=words.text.removeprefix(NOTE_MARK).strip()))
    return _Said(prompt_of(about.purpose) or REPLY, words)


async def _beside(office: Office, seat: Seat, words: Words) -> None:
    """A message about no ticket we know of: helped where we are spoken to, left alone in groups."""
    if not seat.private:
        if seat.to_us and seat.operator:
            await office.answer(seat, "petugas_tidak_jelas")
        return
    if seat.operator is None:
        await office.answer(seat, "petugas_orang_asing", {"kota": office.core.policies.city.name})
        return
    number = office.number_in(words.text)
    if not number:
        await office.answer(seat, "petugas_tidak_jelas")
        return
    try:
        await open_card(office, seat, number)
    except UnknownTicketError:
        await office.answer(seat, "petugas_tidak_ada", {"nomor": number})


async def corrected(office: Office, seat: Seat, words: Words) -> None:
    """An operator changed what they wrote: the citizen gets it as a correction, a note is noted again."""
    about = await link_of(office, seat)
    if about is None or seat.operator is None or is_command(words.text):
        return
    said = _sorted(about, words)
    if said.prompt.action not in {"reply", "ask_data", "note"} or not words.text:
        await office.answer(seat, "petugas_tidak_bisa_diralat")
        return
    text = office.text("petugas_ralat", {"pesan": said.words.text})
    prompt = NOTE if said.prompt.action == "note" else REPLY
    try:
        view, actor = await office.look(seat, about.ticket)
        await act_with_words(office, seat, Matter(view.ticket, actor), prompt, Words(text))
    except CollisionError as met:
        await second_look.warn(office, seat, met)
    except UnknownTicketError:
        await office.answer(seat, "petugas_tidak_ada", {"nomor": about.ticket})
