"""WhatsApp, Instagram and Messenger: signed webhooks and Graph API calls, through the local stand-in."""

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import SecretStr

from bot.app import Kentongan
from bot.sandbox.graph.model import Account, File, Person, Template
from bot.sandbox.graph.server import GraphSandbox, choices, start_graph, text_of
from tests.channels.wires.base import Shown, Talk, content, fitting

SECRET, VERIFY = "rahasia-aplikasi", "kata-sandi-webhook"
NUMBER = Account("whatsapp_business_account", "106540352242922", "token-whatsapp")
PAGE = Account("page", "1122334455", "token-halaman")
INSTAGRAM = Account("instagram", "17841400000000", "token-instagram")
ACCOUNTS = (NUMBER, PAGE, INSTAGRAM)
TEMPLATES = (
    Template("laporan_diteruskan", {"id": 4, "en": 4}),
    Template("laporan_dikerjakan", {"id": 3, "en": 3}),
    Template("laporan_ada_kabar", {"id": 2, "en": 2}, buttons=1),
    Template("laporan_butuh_jawaban", {"id": 2, "en": 2}, buttons=1),
    Template("laporan_sudah_beres", {"id": 3, "en": 3}, buttons=2),
    Template("laporan_terlambat", {"id": 3, "en": 3}),
)
"""As they would be registered with Meta."""
MIMES = {"mp4": "video/mp4", "ogg": "audio/ogg; codecs=opus", "mp3": "audio/mpeg", "pdf": "application/pdf"}


@dataclass
class MetaTalk:
    sandbox: GraphSandbox
    someone: Person
    address: str

    async def write(self, text: str) -> int:
        self.sandbox.write(self.someone, text)
        return 1

    async def send_files(self, names: tuple[str, ...], caption: str) -> int:
        files = [File(content(name), _mime(name), self.sandbox.graph.clock(), name) for name in names]
        return self.sandbox.send_files(self.someone, files, caption)

    async def send_pin(self, lat: float, lon: float) -> int:
        self.sandbox.send_pin(self.someone, lat, lon)
        return 1

    async def press(self, label: str) -> int:
        for message in self.someone.seen[::-1]:
            offered = list(choices(message))
            if offered:
                self.sandbox.press(self.someone, fitting(label, offered))
                return 1
        raise LookupError(f"no button {label!r}; there are none")

    async def shown(self) -> list[Shown]:
        return [Shown(text_of(one), tuple(choices(one))) for one in self.someone.seen]


def _mime(name: str) -> str:
    return MIMES.get(name.rsplit(".", 1)[-1], "image/jpeg")


class MetaWire:
    """Every one of them on the same stand-in, as they share app, secret and webhook."""

    name: str
    account: Account
    _shared: ClassVar[list[GraphSandbox]] = []
    _users: ClassVar[int] = 0
    _numbers: ClassVar[Any] = itertools.count(1)

    def token_settings(self) -> dict[str, Any]:
        raise LookupError

    async def prepare(self) -> dict[str, Any]:
        if not MetaWire._shared:
            MetaWire._shared.append(await start_graph(ACCOUNTS, app_secret=SECRET, templates=TEMPLATES))
        MetaWire._users += 1
        return {
            "meta_api": self.sandbox.base_url,
            "meta_app_secret": SecretStr(SECRET),
            "meta_verify_token": SecretStr(VERIFY),
            **self.token_settings(),
        }

    @property
    def sandbox(self) -> GraphSandbox:
        return MetaWire._shared[0]

    async def join(self, house: Kentongan, address: str) -> None:
        del house
        self.sandbox.hooks.callback = f"{address}/meta/webhook"

    async def person(self) -> Talk:
        number = next(MetaWire._numbers)
        return MetaTalk(self.sandbox, self.someone(number), self.address(number))

    def someone(self, number: int) -> Person:
        return self.sandbox.person(self.account, "Warga", scoped=self.address(number))

    def address(self, number: int) -> str:
        return f"{9_000_000_000 + number}"

    async def close(self) -> None:
        MetaWire._users -= 1
        if not MetaWire._users:
            await MetaWire._shared.pop().stop()


class WhatsAppWire(MetaWire):
    name = "whatsapp"
    account = NUMBER

    def token_settings(self) -> dict[str, Any]:
        return {"whatsapp_token": SecretStr(NUMBER.token), "whatsapp_phone_number_id": NUMBER.id}

    def someone(self, number: int) -> Person:
        return self.sandbox.person(NUMBER, "Warga", self.address(number), f"ID.{number:015d}")

    def address(self, number: int) -> str:
        return f"62812{number:08d}"


class MessengerWire(MetaWire):
    name = "messenger"
    account = PAGE

    def token_settings(self) -> dict[str, Any]:
        return {"meta_page_token": SecretStr(PAGE.token), "meta_page_id": PAGE.id}


class InstagramWire(MetaWire):
    name = "instagram"
    account = INSTAGRAM

    def token_settings(self) -> dict[str, Any]:
        return {"meta_instagram_token": SecretStr(INSTAGRAM.token), "meta_instagram_id": INSTAGRAM.id}
