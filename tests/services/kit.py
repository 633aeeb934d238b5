"""A house on a database of its own, with a clock moved by hand."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app import assembled
from bot.services.reports.ticketing import Ticketing
from bot.settings import Settings
from tickets.desk import Desk
from tickets.policies import load_policies

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
