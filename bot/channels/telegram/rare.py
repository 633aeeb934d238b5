"""What is rare on Telegram, through aiogram: uncommon updates, files to send, refusals to understand."""

from collections.abc import Sequence
from typing import Any

from aiogram import Bot, methods
from aiogram.types import Update

from bot.channels.base import SendError
from bot.channels.telegram.client import RefusedError
from bot.channels.telegram.reading import read_full
from bot.channels.telegram.refusals import FAILURES, send_error
from bot.channels.telegram.render import Part
from bot.channels.telegram.session import UploadSession
from bot.channels.telegram.uploads import to_method


class Rare:
    """One bot in aiogram's hands; `api` is the Bot API's base address, `seconds` the longest a call takes."""

    def __init__(self, token: str, api: str, seconds: float) -> None:
        self._session = UploadSession(api, seconds)
        self._bot = Bot(token, session=self._session)

    def read(self, raw: Any) -> Update | None:
        """The update in JSON, as bytes or already read; None when it is none."""
        return read_full(raw, self._bot)

    def reason(self, refused: RefusedError) -> SendError:
        """Why a call did not do what it should."""
        method = getattr(methods, refused.name[0].upper() + refused.name[1:])(**refused.fields)
        text = refused.answer.content.decode(errors="replace")
        try:
            self._session.check_response(self._bot, method, refused.answer.status, text)
        except FAILURES as error:
            return send_error(error, self._bot.token)
        return SendError("unknown_outcome", "an answer of another kind", retryable=True)

    async def send_files(
        self, chat_id: int, part: Part, contents: Sequence[bytes], location_label: str
    ) -> tuple[str, ...]:
        """Send a part with files, whose bytes `contents` are; the ids of what was sent. Raises SendError."""
        try:
            sent = await self._bot(to_method(chat_id, part, contents, location_label))
        except FAILURES as error:
            raise send_error(error, self._bot.token) from None
        messages = sent if isinstance(sent, list) else [sent]
        return tuple(str(message.message_id) for message in messages)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
