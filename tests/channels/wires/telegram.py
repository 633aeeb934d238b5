"""Telegram: updates and Bot API calls, through the local Bot API."""

from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.app import Kentongan
from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from tests.channels.wires.base import Shown, Talk, content, fitting

BOT = CITIZEN_BOT.username
KINDS = {"mp4": "video", "ogg": "voice", "mp3": "audio", "pdf": "document"}


@dataclass
class TelegramTalk:
    user: User

    @property
    def address(self) -> str:
        return str(self.user.id)

    async def write(self, text: str) -> int:
        await self.user.send(BOT, text)
        return 1

    async def send_files(self, names: tuple[str, ...], caption: str) -> int:
        files = [(KINDS.get(name.rsplit(".", 1)[-1], "photo"), content(name)) for name in names]
        await self.user.send_files(BOT, files, caption)
        return len(files)

    async def send_pin(self, lat: float, lon: float) -> int:
        await self.user.send_location(BOT, lat, lon)
        return 1

    async def press(self, label: str) -> int:
        for message in (await self._received())[::-1]:
            if message.buttons:
                offered = [button["text"] for button in message.buttons]
                await self.user.press(fitting(label, offered), message)
                return 1
        raise LookupError(f"no button {label!r}; there are none")

    async def shown(self) -> list[Shown]:
        return [
            Shown(message.text, tuple(button["text"] for button in message.buttons))
            for message in await self._received()
        ]

    async def _received(self) -> list[Any]:
        await self.user.refresh()
        mine = [one for one in self.user.known.values() if one["from"]["id"] != self.user.id]
        return sorted(mine, key=lambda message: message.id)


class TelegramWire:
    name = "telegram"

    async def prepare(self) -> dict[str, Any]:
        self._sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
        self._client = await SandboxClient(self._sandbox.base_url).__aenter__()
        return {
            "telegram_api": self._sandbox.base_url,
            "citizen_token": SecretStr(CITIZEN_BOT.token),
        }

    async def join(self, house: Kentongan, address: str) -> None:
        del house, address

    async def person(self) -> Talk:
        return TelegramTalk(await self._client.user("Warga"))

    async def close(self) -> None:
        await self._client.__aexit__(None, None, None)
        await self._sandbox.stop()
