"""The operators' bot on a sandbox, with a real database and real services; citizens are played by a stub."""

import asyncio
import io
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.base import Capabilities, Delivery, FetchError, SendError, SendResult
from bot.operator.bot import OperatorBot
from bot.operator.office import Office
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.model import BotAccount
from bot.sandbox.server import start_sandbox
from bot.services.core import Bundles, Core
from bot.services.desk.roster import Roster
from bot.services.files.examining import Examiner
from bot.services.files.keeping import Keeper
from bot.services.files.proofs import Proofs
from bot.services.lanes import Lanes
from bot.services.reports.ticketing import Act, Filing, Ticketing, open_ticket
from bot.services.sending.delivery import Sender
from bot.services.talks.intake import Intake
from dialogs.bundle import Bundle
from nlu.interpreter import Interpreter
from storage.doors.database import Database
from storage.files.vault import Folder
from storage.reports import cases
from storage.reports.cases import Home
from storage.talks import conversations, outbox
from storage.talks.conversations import Kept, NewContact
from tickets.desk import Desk
from tickets.policies import Policies, load_policies
from tickets.ticket import Actor, Command, Report, ReportPlace, ScreeningResult, Ticket

STAFF = BotAccount("1002:petugas-rahasia", "petugas_bot", "Petugas", privacy=False)
BOT = STAFF.username
GODEAN = ReportPlace("depan Pasar Godean", "34.04.01.2001", "Sidoagung", "Godean", "Sleman", -7.767, 110.293)
STORY = "lampu jalan depan pasar godean mati seminggu"
NUMBER = "SLM-26-7XW2T"
CITIZEN_TEXTS = """
responses:
  utter_kabar_diteruskan: [{text: "{nomor} diteruskan ke {dinas}"}]
  utter_kabar_diproses: [{text: "{nomor} dikerjakan {dinas}"}]
  utter_kabar_balasan: [{text: "{dinas}: {pesan}"}]
  utter_kabar_minta_data: [{text: "{dinas} bertanya: {pesan}"}]
  utter_kabar_ditolak: [{text: "ditolak: {alasan} {pesan}"}]
  utter_kabar_selesai_tak_sampai: [{text: "ditutup: {alasan}"}]
  utter_kabar_konfirmasi: [{text: "sudah beres? {pesan}"}]
  utter_kabar_pengumuman: [{text: "{dinas} mengumumkan: {pesan}"}]
  utter_kabar_data_sebagian: [{text: "masih kurang: {kurang}"}]
"""


@pytest.fixture(scope="session")
def policies() -> Policies:
    return load_policies()


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    return Interpreter.load()


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    folders = [
        Path("dialogs/responses") / name for name in ("petugas", "petugas_gabung", "petugas_latihan", "angka")
    ]
    files = [file for folder in folders for file in folder.glob("*.yml")]
    sources = {f"responses/{file.parent.name}/{file.name}": file.read_text() for file in files}
    return Bundle.from_sources({**sources, "responses/id.yml": CITIZEN_TEXTS, "domain.yml": "slots: {}"})


CAPABLE = Capabilities(
    max_text=4096, max_buttons=8, max_button_label=64, sends_photos=True, asks_location=True, max_download=1
)


@dataclass
class Citizens:
    """Where citizens would read: remembers what they were sent, fails as it is told."""

    name: str = "telegram"
    capabilities: Capabilities = CAPABLE
    read: list[Delivery] = field(default_factory=list)
    trouble: SendError | None = None

    async def send(self, delivery: Delivery) -> SendResult:
        if self.trouble:
            raise self.trouble
        self.read.append(delivery)
        return SendResult((str(len(self.read)),))

    async def fetch(self, attachment: Any) -> bytes:
        raise FetchError(attachment.ref, retryable=False)

    @property
    def texts(self) -> list[str]:
        return [one.message.text for one in self.read]


@dataclass
class Clock:
    """The time of day goes on; a test may leap."""

    leap: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.leap


@dataclass
class House:
    """The services and the bot over them."""

    core: Core
    ticketing: Ticketing
    roster: Roster
    bot: OperatorBot
    office: Office
    staff: Lanes
    deliveries: Lanes
    keeper: Keeper
    citizens: Citizens
    clock: Clock
    polling: asyncio.Task[None]

    async def stop_polling(self) -> None:
        """The process hears nothing any more."""
        self.polling.cancel()
        await asyncio.gather(self.polling, return_exceptions=True)

    async def open(self, number: str = NUMBER, **changed: Any) -> Ticket:
        """A citizen's report becomes a ticket."""
        told = changed.get("narrative", STORY)
        report = Report(
            narrative=told,
            classification="pengaduan",
            category="lampu_jalan",
            subcategory="mati",
            place=GODEAN,
            screening=ScreeningResult("pass", (), told),
        )
        report = replace(report, **changed)

        def work(connection):
            if conversations.load(connection, "telegram", "77") is None:
                contact = NewContact("warga-1", "telegram", "77", "id")
                kept = Kept("c-1", "warga-1", self.core.bundles.live.hash, {}, 1)
                conversations.begin(connection, contact, kept, self.clock())
            home = Home("warga-1", "telegram", "77")
            return open_ticket(connection, self.core, Filing(number, report), home)

        done = await self.core.database.write(work)
        self.deliveries.wake_all(done.wake)
        return done.change.ticket

    async def citizen(self, action: str, number: str = NUMBER, **words: Any) -> None:
        """The reporter does something."""
        await self.ticketing.act(number, Act(Command(action, Actor("citizen", "warga-1"), **words)))

    async def ticket(self, number: str = NUMBER) -> Ticket:
        found = await self.core.database.read(lambda c: cases.case(c, number))
        return found.ticket

    async def history(self, number: str = NUMBER) -> list[tuple[str, str]]:
        found = await self.core.database.read(lambda c: cases.history(c, number))
        return [(one.action, one.text) for one in found]

    async def settled(self) -> None:
        """Everything in hand is done; files are fetched."""
        for _ in range(3):
            await self.staff.idle()
            await self.keeper.run_once()
            await self.deliveries.idle()


@asynccontextmanager
async def running(core: Core, api: str, citizens: Citizens, clock: Clock) -> AsyncIterator[House]:
    channels: dict[str, Any] = {citizens.name: citizens}
    sender = Sender(core, channels, lambda keys: deliveries.wake_all(keys))  # noqa: PLW0108 it stands below
    deliveries = Lanes("deliveries", sender.step)
    turns, examiner = Lanes("turns", nothing), Examiner(core.policies.evidence)
    keeper = Keeper(core, channels, examiner, turns, deliveries)
    ticketing = Ticketing(core, deliveries, Proofs(core, keeper).check)
    roster = Roster(core, deliveries)
    intake = Intake(core, turns, deliveries)
    bot = OperatorBot(core, ticketing, roster, intake, token=STAFF.token, api=api)
    staff = Lanes("staff", bot.step)
    intake.serve_staff(staff)
    channels[bot.channel.name] = bot.channel
    await bot.start()
    polling = asyncio.create_task(bot.poll(lambda: 0.0))
    await intake.resume()
    deliveries.wake_all(await core.database.read(outbox.addresses_waiting))
    office = Office(core, ticketing, roster)
    try:
        house = House(
            core, ticketing, roster, bot, office, staff, deliveries, keeper, citizens, clock, polling
        )
        yield house
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await staff.stop()
        await deliveries.stop()
        await examiner.stop()
        await bot.stop()


async def nothing(_channel: str, _address: str) -> None:
    return None


@pytest.fixture
async def sandbox_url() -> AsyncIterator[str]:
    sandbox = await start_sandbox(bots=[STAFF], limits=Limits(enabled=False))
    yield sandbox.base_url
    await sandbox.stop()


@pytest.fixture
async def sandbox(sandbox_url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox_url) as client:
        yield client


@pytest.fixture
async def core(
    database_url: str, tmp_path: Path, policies: Policies, bundle: Bundle, interpreter: Interpreter
) -> AsyncIterator[Core]:
    async with Database(database_url) as database:
        clock = Clock()
        yield Core(
            database=database,
            files=Folder(tmp_path / "media"),
            policies=policies,
            desk=Desk(policies),
            interpreter=interpreter,
            bundles=Bundles(database, bundle),
            clock=clock,
            chance=random.Random(7),
        )


@pytest.fixture
async def house(core: Core, sandbox_url: str) -> AsyncIterator[House]:
    async with running(core, sandbox_url, Citizens(), core.clock) as house:
        yield house


@pytest.fixture
def restarted(core: Core, sandbox_url: str) -> Callable[[], Any]:
    """A second life of the same installation, on the same database."""
    return lambda: running(core, sandbox_url, Citizens(), core.clock)


@pytest.fixture
def joined(house: House, sandbox: SandboxClient) -> Callable[..., Any]:
    """Somebody who has joined an agency by invitation."""

    async def join(name: str = "Rina", agency: str = "dishub", role: str = "penghubung") -> User:
        person = await sandbox.user(name, role="operator")
        await person.start(BOT, await house.roster.invite(agency, role))
        await person.wait_for("Selamat bergabung")
        return person

    return join


@pytest.fixture
def photo() -> Callable[[int], bytes]:
    def make(shade: int = 90) -> bytes:
        content = io.BytesIO()
        Image.new("RGB", (64, 48), (shade, shade // 2, 255 - shade)).save(content, "JPEG")
        return content.getvalue()

    return make
