"""What became of sent messages: kept, counted as delivered, sent again, or told to who wrote the words."""

from dataclasses import dataclass

from bot.channels.base import Receipt, SeenUntil
from bot.services.core import Core
from bot.services.lanes import Keys, Lanes
from bot.services.sending import outcomes
from storage.doors.database import Connection
from storage.talks import receipts
from storage.talks.receipts import Told, Word

REACHED = frozenset({"delivered", "read"})


@dataclass(frozen=True, slots=True)
class Receipts:
    """Takes in what platforms report, in whatever order and however often."""

    core: Core
    deliveries: Lanes

    async def note(self, *reports: Receipt | SeenUntil) -> None:
        """Keep reports and do what follows from each, once; returns when that is durable."""
        if not reports:
            return

        def work(connection: Connection) -> Keys:
            return tuple(key for one in reports for key in self._take(connection, one))

        self.deliveries.wake_all(await self.core.database.write(work))

    def _take(self, connection: Connection, report: Receipt | SeenUntil) -> Keys:
        if isinstance(report, Receipt):
            return self._note(connection, report)
        refs = receipts.unread_until(connection, report.channel, report.address, report.until)
        every = (Receipt(report.channel, report.address, ref, report.state, report.until) for ref in refs)
        return tuple(key for one in every for key in self._note(connection, one))

    def _note(self, connection: Connection, report: Receipt) -> Keys:
        told = (report.code or "undelivered", report.text or report.code, report.retryable, report.held)
        error = told if report.state == "failed" else None
        word = Word(report.ref, report.state, report.at, error)
        before = receipts.told(connection, report.channel, report.ref)
        if not receipts.note(connection, report.channel, word) or before is None:
            return ()
        if error:
            sent = before.state == "sent" and report.ref in before.row.refs
            at = (before.channel, before.address)
            return outcomes.failed_later(connection, self.core, at, before.row, word) if sent else ()
        return self._reached(connection, report, before) if report.state in REACHED else ()

    def _reached(self, connection: Connection, report: Receipt, told: Told) -> Keys:
        if told.state == "held":  # only the notice arrived; it puts the question, too
            return outcomes.question_arrived(connection, self.core, told.row)
        refs = told.row.refs
        if told.state == "waiting" or not receipts.all_reached(connection, report.channel, refs):
            return ()
        receipts.reached(connection, told.row.id, report.state, report.at)
        return () if told.delivered else outcomes.arrived(connection, self.core, told.row)
