"""Reports that are another government's: sent there, the receipt kept, news brought back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.forwarding.wire import ForwardError, Outgoing, Standing, Wire
from bot.services.core import Core
from bot.services.lanes import Keys, Lanes, keys_of
from bot.services.one_by_one import one_by_one
from bot.services.reports.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from bot.services.sending.desks import to_coordinator
from storage.doors.database import Connection
from storage.reports import cases, forwards
from storage.reports.forwards import Forward, Fresh
from storage.talks import outbox
from tickets.policies.forwarding import Target
from tickets.referral import REFERRED, Referral, fields, referral_of
from tickets.ticket import Actor, Command

log = structlog.get_logger(__name__)

AT_ONCE = 20
"""Referrals dealt with in one round."""
FIRST_PAUSE = timedelta(minutes=1)
IN_HAND = timedelta(minutes=5)
"""How long one is left to whoever took it on; after a crash it is taken up again."""
LONGEST_PAUSE = timedelta(hours=6)
"""Between one try and the next; the pauses double from the first on."""
SECRET = frozenset({"RAHASIA", "WBS"})
"""Flags of reports that are handed over by people only."""
MACHINE = Actor("system", "forwarding")


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Sends what was passed to another body and asks after it; rows hold how far each has come."""

    core: Core
    deliveries: Lanes
    wire: Wire

    async def run_once(self) -> int:
        """Note what was passed on since, then send and ask what is due; how many."""
        await self.note_new()
        now = self.core.clock()
        found = await self.core.database.glance(lambda c: forwards.due(c, now, AT_ONCE))
        await one_by_one(found, self._taken_on, lambda one: f"passing on of {one.number}")
        return len(found)

    async def _taken_on(self, forward: Forward) -> None:
        """Send it or ask after it, unless another process has it in hand."""
        until = self.core.clock() + IN_HAND
        if await self.core.database.write(lambda c: forwards.claim(c, forward, until)):
            await self._go_on(forward)

    async def again(self, row: int) -> bool:
        """Try one that failed, or had no target, once more; false when there is none of that id."""

        def work(connection: Connection) -> bool:
            kept = forwards.one(connection, row)
            target = self._target(connection, kept) if kept else None
            if kept is None or target is None or kept.state not in {"failed", "by_hand", "waiting"}:
                return False
            values: dict[str, Any] = {"state": "waiting", "target": target.id, "tries": 0, "reason": ""}
            forwards.change(connection, row, next_at=self.core.clock(), **values)
            return True

        return await self.core.database.write(work)

    async def note_new(self) -> None:
        """Note what was passed on since we looked last; what cannot be sent by machine is told."""
        fresh = await self.core.database.read(self._unnoted)

        async def note(referral: Referral) -> None:
            await self._write(lambda c: self._note(c, referral))

        await one_by_one(fresh, note, lambda one: f"passing on of {one.ticket.number}")

    def _unnoted(self, connection: Connection) -> tuple[Referral, ...]:
        known = {(one.number, one.since) for one in forwards.every(connection)}
        standing = [case.ticket for case in cases.standing_at(connection, REFERRED)]
        found = (referral_of(one, cases.history(connection, one.number)) for one in standing)
        return tuple(one for one in found if one and (one.ticket.number, one.since) not in known)

    def _note(self, connection: Connection, referral: Referral) -> Keys:
        ticket = referral.ticket
        target = self.core.policies.forwarding.target(ticket.agency, ticket.report.place.kode)
        reason = "rahasia: tidak dikirim lewat mesin" if ticket.flags & SECRET else ""
        if target is None and not reason:
            reason = "tidak ada sasaran di forwarding.yml: serahkan berkasnya"
        to = "" if reason or target is None else target.id
        fresh = Fresh(ticket.number, referral.since, ticket.agency, to, reason)
        if not forwards.add(connection, fresh, self.core.clock()) or not reason:
            return ()
        return self._tell(connection, fresh.number, fresh.agency, reason)

    async def _go_on(self, forward: Forward) -> None:
        target = self.core.policies.forwarding.named(forward.target)
        referral = await self.core.database.glance(lambda c: self._referral(c, forward))
        if target is None or referral is None:
            state = "failed" if target is None else "closed"
            reason = "sasarannya tidak ada lagi di forwarding.yml" if target is None else ""
            await self._write(lambda c: self._end(c, forward, state, reason))
            return
        try:
            if forward.state == "waiting":
                await self._send(forward, target, referral)
            else:
                await self._ask(forward, target)
        except ForwardError as error:
            await self._write(partial(self._failed, forward=forward, error=error))

    def _referral(self, connection: Connection, forward: Forward) -> Referral | None:
        """The passing on, while it still is one."""
        case = cases.case(connection, forward.number)
        found = referral_of(case.ticket, cases.history(connection, forward.number)) if case else None
        return found if found and found.since == forward.since else None

    async def _send(self, forward: Forward, target: Target, referral: Referral) -> None:
        report = Outgoing(fields(referral, self.core.policies), f"{forward.number}-{forward.id}")
        receipt = await self.wire.send(target, report)
        name = receipt.their_id or receipt.token or "-"

        def work(connection: Connection) -> Keys:
            values = {"state": "sent", "their_id": receipt.their_id, "token": receipt.token, "reason": ""}
            forwards.change(connection, forward.id, tries=0, next_at=self._next_poll(), **values)
            return self._act(connection, forward, Command("acknowledge", MACHINE, text=name))

        await self._write(work)

    async def _ask(self, forward: Forward, target: Target) -> None:
        if target.kind != "open311" or not (forward.their_id or forward.token):
            await self._write(lambda c: self._end(c, forward, "closed", ""))
            return
        their_id = forward.their_id or await self.wire.number(target, forward.token)
        standing = await self.wire.standing(target, their_id) if their_id else Standing("", "")
        await self._write(lambda c: self._heard(c, forward, their_id, standing))

    def _heard(self, connection: Connection, forward: Forward, their_id: str, standing: Standing) -> Keys:
        told = " ".join(part for part in (standing.status, standing.notes) if part)
        state = "closed" if standing.status == "closed" else "sent"
        values = {"state": state, "their_id": their_id, "told": told, "tries": 0, "reason": ""}
        forwards.change(connection, forward.id, next_at=self._next_poll(), **values)
        if not told or told in (forward.told, "open"):
            return ()
        return self._act(connection, forward, Command("hear_outside", MACHINE, text=_words(standing)))

    def _failed(self, connection: Connection, forward: Forward, error: ForwardError) -> Keys:
        tries = forward.tries + 1
        log.warning("not forwarded", ticket=forward.number, target=forward.target, tries=tries)
        if forward.state == "sent" or (error.retryable and tries < self.core.policies.forwarding.most_tries):
            pause = min(FIRST_PAUSE * float(2 ** min(tries - 1, 12)), LONGEST_PAUSE)
            at = self.core.clock() + pause
            forwards.change(connection, forward.id, tries=tries, next_at=at, reason=error.text)
            return ()
        return self._end(connection, forward, "failed", error.text)

    def _end(self, connection: Connection, forward: Forward, state: str, reason: str) -> Keys:
        forwards.change(connection, forward.id, state=state, tries=forward.tries + 1, reason=reason)
        return self._tell(connection, forward.number, forward.agency, reason) if reason else ()

    def _act(self, connection: Connection, forward: Forward, command: Command) -> Keys:
        try:
            return apply(connection, self.core, forward.number, Act(command)).wake
        except (DeskRefusal, UnknownTicketError) as refusal:
            log.info("news from outside without effect", ticket=forward.number, reason=str(refusal))
            return ()

    def _tell(self, connection: Connection, number: str, agency: str, reason: str) -> Keys:
        """Let the coordinator know what could not be sent, and why."""
        name = self.core.policies.agencies.short(agency)
        values = {"nomor": number, "tujuan": name, "alasan": reason}
        found = to_coordinator(connection, self.core, "petugas_terusan_gagal", values)
        outbox.add(connection, found, self.core.clock())
        return keys_of(found)

    def _target(self, connection: Connection, forward: Forward) -> Target | None:
        case = cases.case(connection, forward.number)
        if case is None or case.ticket.flags & SECRET:
            return None
        return self.core.policies.forwarding.target(forward.agency, case.ticket.report.place.kode)

    def _next_poll(self) -> datetime:
        return self.core.clock() + timedelta(minutes=self.core.policies.forwarding.poll_minutes)

    async def _write(self, work: Callable[[Connection], Keys]) -> None:
        self.deliveries.wake_all(await self.core.database.write(work))


def _words(standing: Standing) -> str:
    state = {"closed": "selesai", "open": "dikerjakan"}.get(standing.status, standing.status)
    return f"{state}. {standing.notes}" if standing.notes else state
