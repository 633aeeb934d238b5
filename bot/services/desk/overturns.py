"""The moderators' decisions of a period, for supervisors: what was overturned, and which rules too often."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.core import OPERATOR, Core
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage.doors.database import Connection, Database
from storage.reports import cases
from tickets.overturns import OUTCOMES, Decision, by_rule, decisions

WEEK = timedelta(days=7)
SHOWN = 8
"""Rules a message lists; `kentongan screen overturns` lists all."""


async def decided(database: Database, since: datetime, until: datetime) -> tuple[Decision, ...]:
    """Every decision made from `since` until before `until`, oldest first."""

    def look(connection: Connection) -> tuple[Decision, ...]:
        found: list[Decision] = []
        for case in cases.with_action(connection, OUTCOMES, since, until):
            found += decisions(case.ticket, cases.history(connection, case.ticket.number))
        return tuple(sorted((one for one in found if since <= one.at < until), key=lambda one: one.at))

    return await database.read(look)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Writes the week's decisions as a message."""

    core: Core

    async def weekly(self, language: str) -> OutboundMessage:
        """The week's decisions, the same for every agency: moderation is the coordinator's."""
        now = self.core.clock()
        found = await decided(self.core.database, now - WEEK, now)
        values = {
            "jumlah": str(len(found)),
            "lolos": str(sum(one.overturned == "screening" for one in found)),
            "banding": str(sum(one.overturned == "person" for one in found)),
            "gugur": str(sum(not one.by for one in found)),
            "daftar": self._rules(found, language),
        }
        name = "petugas_ringkasan_putusan" if found else "petugas_ringkasan_putusan_kosong"
        return OutboundMessage(
            render(self.core.bundles.live, name, language, OPERATOR, values).text, response=name
        )

    def _rules(self, found: tuple[Decision, ...], language: str) -> str:
        return "\n".join(
            render(
                self.core.bundles.live,
                "petugas_putusan_aturan",
                language,
                OPERATOR,
                {
                    "aturan": one.rule.replace("_", " "),
                    "lolos": str(one.passed),
                    "jumlah": str(one.decided),
                },
            ).text
            for one in by_rule(found)[:SHOWN]
        )
