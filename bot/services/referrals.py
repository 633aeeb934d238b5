"""Reports passed to other bodies: written out for them, listed, and their receipt recorded."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import orjson

from bot.reporting.tables import Sheet
from bot.reporting.written import csv_of
from bot.services.one_by_one import one_by_one
from storage.doors.database import Connection, Database
from storage.files.vault import write_whole
from storage.reports import cases
from tickets.policies import Policies
from tickets.referral import REFERRED, Referral, fields, referral_of

FOLDER = "terusan"


@dataclass(frozen=True, slots=True)
class Referrals:
    """Keeps a folder in which each referral lies as JSON and CSV, whole or not at all."""

    database: Database
    policies: Policies
    folder: Path

    async def all(self) -> tuple[Referral, ...]:
        """Every ticket that lies with another body, those waiting longest first."""

        def look(connection: Connection) -> tuple[Referral, ...]:
            tickets = [case.ticket for case in cases.standing_at(connection, REFERRED)]
            found = (referral_of(one, cases.history(connection, one.number)) for one in tickets)
            return tuple(one for one in found if one is not None)

        return tuple(sorted(await self.database.read(look), key=lambda one: one.since))

    async def run_once(self) -> int:
        """Write out what is not in the folder yet; as a job of the clock, it then rests."""
        missing = [one for one in await self.all() if not self.path(one, "csv").exists()]
        await one_by_one(missing, self._written_out, lambda one: f"writing out of {one.ticket.number}")
        return 0

    async def _written_out(self, referral: Referral) -> None:
        await asyncio.to_thread(self._write, referral)

    def path(self, referral: Referral, ending: str) -> Path:
        """Where a referral lies: in a folder of the body it is for."""
        return self.folder / referral.ticket.agency / f"{referral.name}.{ending}"

    def _write(self, referral: Referral) -> None:
        told = fields(referral, self.policies)
        sheet = Sheet("", tuple(told), (tuple(told.values()),))
        write_whole(self.path(referral, "json"), orjson.dumps(told, option=orjson.OPT_INDENT_2))
        # Last, as whatever has it counts as written out.
        write_whole(self.path(referral, "csv"), csv_of(sheet).encode())
