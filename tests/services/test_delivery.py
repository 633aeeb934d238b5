"""What the outbox promises: order, retries that respect the platform, and no failure unreported."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.channels.base import Capabilities, Delivery, FetchError, HeldError, SendError, SendResult
from bot.meters import Meters
from bot.services.sending.delivery import MOST_TRIES, Sender
from dialogs.messages import Attachment, OutboundMessage
from storage.doors.away import DatabaseAwayError
from storage.doors.database import Database
from storage.files.vault import Folder
from storage.talks import outbox
from storage.talks.outbox import Outgoing

CAPABLE = Capabilities(
    max_text=4096, max_buttons=8, max_button_label=64, sends_photos=True, asks_location=True, max_download=1
)


@dataclass
class Post:
    """A channel that does as it is told and remembers what it was given."""

    name: str = "telegram"
    capabilities: Capabilities = CAPABLE
    troubles: list[Exception] = field(default_factory=list)
    sent: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> SendResult:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(delivery)
        return SendResult((f"m{len(self.sent)}",))

    async def fetch(self, attachment: Attachment) -> bytes:
        raise FetchError(attachment.ref, retryable=False)

    @property
    def texts(self) -> list[str]:
        return [one.message.text for one in self.sent]


class Clock:
    now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    core: SimpleNamespace
    post: Post
    staff: Post
    sender: Sender
    clock: Clock

    async def put(self, *messages: OutboundMessage, origin: str = "", channel: str = "telegram") -> None:
        rows = [Outgoing(channel, "1", one, origin) for one in messages]
        await self.core.database.write(lambda c: outbox.add(c, rows, self.clock()))

    async def run(self, channel: str = "telegram", address: str = "1", most: int = 100) -> float | None:
        pause: float | None = 0
        for _ in range(most):
            pause = await self.sender.step(channel, address)
            if pause is None or pause > 0:
                break
        return pause


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    clock = Clock()
    async with Database(database_url) as database:
        core = SimpleNamespace(
            database=database, files=Folder(tmp_path / "media"), clock=clock, meters=Meters()
        )
        post, staff = Post(), Post(name="operator")
        channels = {"telegram": post, "operator": staff}
        yield Office(core, post, staff, Sender(core, channels), clock)


async def test_messages_to_an_address_go_in_order(office: Office):
    await office.put(*(OutboundMessage(str(n)) for n in range(20)))
    assert await office.run() is None
    assert office.post.texts == [str(n) for n in range(20)]


async def test_the_platforms_own_pause_is_kept_and_nothing_overtakes(office: Office):
    office.post.troubles = [SendError("flood", "retry after 7", retryable=True, retry_after=7)]
    await office.put(OutboundMessage("satu"), OutboundMessage("dua"))
    assert await office.run() == 7
    assert await office.run() == pytest.approx(7)
    office.clock.now += timedelta(seconds=7)
    await office.run()
    assert office.post.texts == ["satu", "dua"]


async def test_pauses_grow_and_end_in_a_failure_that_is_listed(office: Office):
    office.post.troubles = [SendError("down", "502", retryable=True) for _ in range(MOST_TRIES)]
    await office.put(OutboundMessage("satu", ticket="SLM-1"), OutboundMessage("dua"))
    pauses = []
    while office.post.troubles:
        pause = await office.run()
        pauses.append(pause)
        office.clock.now += timedelta(seconds=pause or 0)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert office.post.texts == ["dua"]
    (failed,) = await office.core.database.glance(outbox.undeliverable)
    assert (failed["ticket"], failed["error_code"]) == ("SLM-1", "down")


async def test_a_message_that_breaks_the_program_is_listed_and_those_behind_it_go(office: Office):
    office.post.troubles = [FileNotFoundError("gone"), *(KeyError("odd") for _ in range(MOST_TRIES - 1))]
    await office.put(OutboundMessage("satu", ticket="SLM-1"), OutboundMessage("dua"))
    while office.post.troubles:
        office.clock.now += timedelta(seconds=await office.run() or 0)
    assert office.post.texts == ["dua"]
    (failed,) = await office.core.database.glance(outbox.undeliverable)
    assert (failed["ticket"], failed["error_code"], failed["error_text"]) == ("SLM-1", "fault", "KeyError")


async def test_a_refusal_for_good_is_not_tried_again(office: Office):
    office.post.troubles = [SendError("blocked", "bot was blocked", retryable=False)]
    await office.put(OutboundMessage("satu"), OutboundMessage("dua"))
    await office.run()
    assert office.post.texts == ["dua"]


@pytest.mark.parametrize(
    "refused",
    [
        SendError("unauthorized", "Unauthorized", retryable=False),
        SendError("rate_limited", "Too many", retryable=True, retry_after=1),
    ],
    ids=str,
)
async def test_what_says_nothing_of_the_message_loses_none(office: Office, refused: SendError):
    office.post.troubles = [refused] * (MOST_TRIES + 3)
    await office.put(OutboundMessage("satu"), OutboundMessage("dua"))
    while office.post.troubles:
        office.clock.now += timedelta(seconds=await office.run() or 0)
    await office.run()
    assert office.post.texts == ["satu", "dua"]


async def test_an_operator_sees_a_tick_or_a_cross_for_their_words(office: Office):
    office.post.troubles = [SendError("blocked", "diblokir warga", retryable=False)]
    await office.put(OutboundMessage("tidak sampai", ticket="SLM-1"), origin="-100/5")
    await office.put(OutboundMessage("sampai", ticket="SLM-1"), origin="-100/6")
    await office.run()
    await office.run("operator", "-100")
    marks = [(m.message.response, m.message.reply_to, m.message.text) for m in office.staff.sent]
    assert marks == [("petugas_gagal", "5", "diblokir warga"), ("petugas_terkirim", "6", "")]


async def test_what_must_wait_for_the_person_leaves_the_line_and_comes_back_in_order(office: Office):
    office.post.troubles = [HeldError("window", "jendela tertutup")]
    await office.put(OutboundMessage("satu", ticket="SLM-1"), origin="-100/5")
    await office.put(OutboundMessage("dua"))
    await office.run()
    assert office.post.texts == ["dua"]
    await office.run("operator", "-100")
    mark = office.staff.sent[-1].message
    assert (mark.response, mark.reply_to, mark.text) == ("petugas_ditahan", "5", "jendela tertutup")
    await office.run()
    assert office.post.texts == ["dua"], "no time of waiting brings it back"

    database = office.core.database
    assert await database.write(lambda c: outbox.release(c, "telegram", "1", office.clock.now)) == 1
    await office.put(OutboundMessage("tiga"))
    await office.run()
    assert office.post.texts == ["dua", "satu", "tiga"]
    assert await database.glance(outbox.undeliverable) == ()


async def test_what_was_held_has_all_its_tries_when_it_comes_back(office: Office):
    down = SendError("down", "502", retryable=True)
    office.post.troubles = [down] * (MOST_TRIES - 1) + [HeldError("window", "jendela tertutup"), down]
    await office.put(OutboundMessage("satu"))
    while len(office.post.troubles) > 1:
        office.clock.now += timedelta(seconds=await office.run() or 0)
    database = office.core.database
    await database.write(lambda c: outbox.release(c, "telegram", "1", office.clock.now))
    office.clock.now += timedelta(seconds=await office.run())
    await office.run()
    assert office.post.texts == ["satu"]


async def test_what_went_out_while_the_database_was_away_is_recorded_later_and_sent_once(office: Office):
    database = office.core.database

    async def away(*_work, **_how):
        raise DatabaseAwayError(ConnectionError())

    await office.put(OutboundMessage("satu"), OutboundMessage("dua"))
    office.core.database = SimpleNamespace(glance=database.glance, write=away)
    for _ in range(2):
        with pytest.raises(DatabaseAwayError):
            await office.run()
    office.core.database = database
    assert await office.run() is None
    assert office.post.texts == ["satu", "dua"]


async def test_an_answer_to_news_finds_its_ticket(office: Office):
    await office.put(OutboundMessage("kabar", ticket="SLM-1", response="utter_kabar_balasan"))
    await office.run()
    link = await office.core.database.glance(lambda c: outbox.linked(c, "telegram", "1", "m1"))
    assert (link.ticket, link.purpose) == ("SLM-1", "utter_kabar_balasan")


async def test_a_long_message_that_got_halfway_goes_on_where_it_stopped(office: Office):
    office.post.troubles = [SendError("down", "502", retryable=True, refs=("a", "b"))]
    await office.put(OutboundMessage("panjang"))
    pause = await office.run()
    office.clock.now += timedelta(seconds=pause or 0)
    await office.run()
    assert office.post.sent[0].sent == ("a", "b")
