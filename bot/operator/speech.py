"""The language a chat of the staff is written to in: chosen with /bahasa, by each operator and each group."""

from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from dialogs.messages import Button
from dialogs.responses import LANGUAGES


async def show(office: Office, seat: Seat, words: str) -> None:
    """Offer the languages, or take the one that was named."""
    named = words.strip().lower()
    if named in LANGUAGES:
        await office.roster.speak(seat.chat, named)
        await office.speaking(named).answer(seat, "petugas_bahasa_dipilih")
        return
    row = tuple(
        Button(office.speaking(one).text("petugas_bahasa_nama"), Press("language", one).packed())
        for one in LANGUAGES
    )
    await office.answer(seat, "petugas_bahasa", {}, (row,))


async def choose(office: Office, seat: Seat, language: str) -> str:
    """Write to this chat in a language from now on; the words for the toast."""
    if language not in LANGUAGES:
        return office.text("petugas_tombol_lama")
    await office.roster.speak(seat.chat, language)
    return office.speaking(language).text("petugas_bahasa_dipilih")
