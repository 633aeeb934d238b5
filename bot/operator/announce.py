"""A word to everybody who follows a ticket: shown with the number of readers before it goes."""

from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.reports.ticketing import DeskRefusal
from dialogs.messages import Button, OutboundMessage

NAME = "petugas_siaran"


async def confirm(office: Office, seat: Seat, matter: Matter, words: Words) -> None:
    """Show what would go out and to how many, and wait for the word."""
    number = matter.ticket.number
    view = await office.ticketing.view(number, matter.actor)
    kept = OutboundMessage(words.text, attachments=words.files, ticket=number)
    announcement = await office.announcing.draft(number, matter.actor, seat.origin, kept)
    values = {"nomor": number, "jumlah": str(view.followers + 1), "teks": words.text}
    row = tuple(
        Button(office.text(f"{NAME}_{verb}", values), Press("tool", number, verb, announcement).packed())
        for verb in ("spread", "keep")
    )
    await office.say(
        seat, OutboundMessage(office.text(f"{NAME}_yakin", values), (row,), response=NAME, ticket=number)
    )


async def send(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Let it go out; the counts are told when the last copy has met its fate."""
    try:
        copies = await office.announcing.send(extra, matter.actor, seat.updates)
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    if not copies:
        return office.text("petugas_tombol_lama")
    return office.text(f"{NAME}_jalan", {"jumlah": str(copies), "nomor": matter.ticket.number})


async def drop(office: Office, _seat: Seat, matter: Matter, extra: str) -> str:
    """Leave it unsaid."""
    gone = await office.announcing.drop(extra, matter.actor)
    return office.text(f"{NAME}_batal" if gone else "petugas_tombol_lama")


def outcome(office: Office, number: str, counts: str) -> str:
    """How it fared, from `delivered/failed/total`."""
    delivered, failed, total = counts.split("/")
    gone = "" if failed == "0" else failed
    return office.text(
        f"{NAME}_hasil", {"nomor": number, "sampai": delivered, "gagal": gone, "jumlah": total}
    )
