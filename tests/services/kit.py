"""A house on a database of its own, with a clock moved by hand."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app import assembled
from bot.services.reports.ticketing import Filing, Ticketing, open_ticket
from bot.settings import Settings
from storage.reports.cases import Home
from storage.talks import conversations
from storage.talks.conversations import Kept, NewContact
from tickets.desk import Desk
from tickets.policies import load_policies
from tickets.ticket import Report, ReportPlace, ScreeningResult

POLICIES = load_policies()
ZONE = POLICIES.city.timezone
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=ZONE)


@dataclass
class Hands:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def house_in(tmp_path, clock, policies=POLICIES):
    async with assembled(Settings(data_dir=tmp_path, _env_file=None), clock=clock) as house:
        core = replace(house.core, policies=policies, desk=Desk(policies))
        for name in ("recounting", "deadlines"):
            object.__setattr__(house, name, replace(getattr(house, name), core=core))
        object.__setattr__(house, "ticketing", Ticketing(core, house.deliveries))
        yield house


NUMBERS = (
    *("SLM-26-7XW2T", "SLM-26-2222A", "SLM-26-3333B", "SLM-26-4444C"),
    *("SLM-26-5555D", "SLM-26-6666E", "SLM-26-7777F"),
)


async def open_tickets(house, count, category="lampu_jalan", part="", numbers=NUMBERS):
    """Reports of one citizen, under the first of these numbers."""
    report = Report("lampu mati", "pengaduan", category, part, ReportPlace(), ScreeningResult("pass", (), ""))

    def work(connection):
        if conversations.load(connection, "telegram", "77") is None:
            kept = Kept("c-1", "warga-1", house.core.bundles.live.hash, {}, 1)
            new = NewContact("warga-1", "telegram", "77", "id")
            conversations.begin(connection, new, kept, house.core.clock())
        for number in numbers[:count]:
            open_ticket(connection, house.core, Filing(number, report), Home("warga-1", "telegram", "77"))

    await house.core.database.write(work)
