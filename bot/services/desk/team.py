"""Who may bring in or send away whom; to make an admin takes two."""

import secrets
from collections.abc import Mapping
from typing import Final

from bot.services.core import Core
from bot.services.desk.roster import LastAdminError, Roster
from storage.desk import oversight, staff
from storage.desk.oversight import Approval
from storage.desk.staff import Membership, Operator
from storage.doors.database import Connection
from tickets.ticket import Role
from tickets.units import serves

ADMINS_NEEDED: Final = 2
"""From so many admins on, a further one is asked for by one and confirmed by another."""
BRINGS: Mapping[str, frozenset[Role]] = {
    "admin": frozenset(
        {"admin", "koordinator", "wbs", "pengawas", "penghubung", "petugas", "verifikator", "pimpinan"}
    ),
    "koordinator": frozenset({"penghubung", "petugas", "verifikator", "pimpinan"}),
    "penghubung": frozenset({"petugas"}),
}
"""Which roles each role may give and take; a liaison only at their own agency."""


class NotYoursError(Exception):
    """This person may not give or take that role."""


class Team:
    """The service behind invitations and leave-takings from within the chat."""

    def __init__(self, core: Core, roster: Roster) -> None:
        self._core = core
        self._roster = roster

    def may(self, operator: Operator, agency: str, role: str) -> bool:
        """Whether somebody may give or take a role at an agency."""
        return any(
            role in BRINGS.get(one.role, ()) and (one.role != "penghubung" or serves(one.agency, agency))
            for one in operator.memberships
        )

    async def invite(self, operator: Operator, agency: str, role: Role) -> str:
        """A one-time invitation's token.

        Raises:
            NotYoursError: they may not, or it takes a second admin.
            bot.services.desk.roster.UnknownAgencyError: there is no such agency.
        """
        if role == "admin" or not self.may(operator, agency, role):
            raise NotYoursError(role)
        return await self._roster.invite(agency, role)

    async def ask_for_admin(self, operator: Operator, agency: str) -> tuple[str, tuple[str, ...]]:
        """Ask the other admins for a further one; the request's id and whom to ask, nobody when alone.

        Raises:
            NotYoursError: they are no admin themselves.
        """
        if not self.may(operator, agency, "admin"):
            raise NotYoursError("admin")
        others = tuple(one for one in await self.admins() if one != operator.id)
        approval = Approval(secrets.token_hex(4), agency, "admin", operator.id)
        if others:
            await self._core.database.write(lambda c: oversight.ask(c, approval, self._core.clock()))
        return approval.id, others

    async def decide(self, operator: Operator, approval: str, *, granted: bool) -> tuple[Approval, str]:
        """Grant or deny a request; it and the invitation's token, empty when denied.

        Raises:
            NotYoursError: they are no admin, asked for it themselves, or it has been decided.
        """
        if not any(one.role == "admin" for one in operator.memberships):
            raise NotYoursError("admin")
        now = self._core.clock()

        def work(connection: Connection) -> tuple[Approval, str]:
            found = oversight.decide(connection, approval, operator.id, now, granted=granted)
            if found is None:
                raise NotYoursError("admin")
            return found, self._roster.invited(connection, found.agency, "admin") if granted else ""

        return await self._core.database.write(work)

    async def end(self, operator: Operator, other: str) -> tuple[Membership, ...]:
        """Take from somebody every role one may take; those taken. With none left, they are out at once.

        Raises:
            NotYoursError: there is none one may take, or the last admin would go.
        """
        them = await self._roster.operator(other)
        held = them.memberships if them else ()
        taken = tuple(one for one in held if self.may(operator, one.agency, one.role))
        if not taken:
            raise NotYoursError(other)
        try:
            if len(taken) == len(held):
                await self._roster.revoke(other, spare_last_admin=True)
            else:
                await self._roster.reduce(other, taken)
        except LastAdminError:
            raise NotYoursError(other) from None
        return taken

    async def admins(self) -> tuple[str, ...]:
        """The ids of all admins."""

        def look(connection: Connection) -> tuple[str, ...]:
            return oversight.holders(connection, "admin")

        return await self._core.database.read(look)

    async def members(self, agency: str) -> tuple[Operator, ...]:
        """Everybody who works for an agency."""
        return await self._core.database.read(lambda c: staff.members(c, agency))
