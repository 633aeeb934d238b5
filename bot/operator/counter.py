"""The counter and the telephone: an operator holds the citizen's talk for them, in their own chat."""

import re
from datetime import datetime

from bot.operator.office import Office
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.desk.frontdesk import MAY, Way
from bot.services.talks.intake import Intake
from dialogs.messages import InboundMessage, Location
from storage.desk.frontdesk import WalkIn

PRESSED = "q:"
"""How the payload of a button begins that belongs to the citizen's talk."""
PHONE = re.compile(r"\+?\d[\d\s.-]{6,18}\d")


class Counter:
    """What an operator says while a talk is open goes to the dialog as the citizen's words."""

    def __init__(self, office: Office, intake: Intake) -> None:
        self._office = office
        self._intake = intake

    async def begin(self, office: Office, seat: Seat, way: Way) -> None:
        """Answer /loket and /telepon."""
        held = seat.operator.memberships if seat.operator else ()
        if not seat.private or not any(one.role in MAY for one in held):
            await office.answer(seat, "petugas_loket_bukan_anda")
            return
        await office.frontdesk.begin(seat.user, way)
        await office.answer(seat, f"petugas_mulai_{way}")

    async def end(self, office: Office, seat: Seat, _words: str) -> None:
        """Answer /selesai."""
        ended = await office.frontdesk.end(seat.user)
        await office.answer(seat, "petugas_loket_selesai" if ended else "petugas_loket_kosong")

    async def phone(self, office: Office, seat: Seat, words: str) -> None:
        """Answer /telp: where the citizen can be called, if they like."""
        found = PHONE.search(words)
        kept = bool(found) and await office.frontdesk.note_phone(seat.user, found[0] if found else "")
        await office.answer(seat, "petugas_telp_dicatat" if kept else "petugas_telp_cara")

    async def heard(self, seat: Seat, said: Words, at: datetime, pin: Location | None) -> bool:
        """Take what belongs to the open talk; false for all else."""
        talk = await self._talk(seat)
        if talk is None or seat.reply_to or said.problem == "too_large":
            return False
        await self._take(seat, talk, at, said=said, pin=pin)
        return True

    async def pressed(self, seat: Seat, data: str, at: datetime) -> str:
        """Take a button of the open talk; the words for the toast."""
        talk = await self._talk(seat)
        if talk is None:
            return self._office.speaking(seat.language).text("petugas_loket_kosong")
        await self._take(seat, talk, at, button=data.removeprefix(PRESSED))
        return ""

    async def _talk(self, seat: Seat) -> WalkIn | None:
        if not seat.private or seat.operator is None:
            return None
        return await self._office.frontdesk.current(seat.user)

    async def _take(
        self,
        seat: Seat,
        talk: WalkIn,
        at: datetime,
        *,
        said: Words | None = None,
        pin: Location | None = None,
        button: str = "",
    ) -> None:
        words = said or Words("")
        kind = "button" if button else "location" if pin else "media" if words.files else "text"
        message = InboundMessage(
            channel=talk.channel,
            external_id=seat.updates[0],
            address=talk.id,
            sent_at=at,
            kind=kind,  # type: ignore[arg-type]
            text=words.text,
            attachments=words.files,
            location=pin,
            button=button,
            message_ref=seat.message,
            language_hint=seat.language,
        )
        await self._intake.citizen(message)
