"""Links to the fuller page of figures: sealed, bound to a person and what they may see, and soon over."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.services.core import Core
from bot.services.desk.digests import scopes_of
from bot.services.desk.roster import Roster
from storage.desk.digests import StaffChat
from storage.desk.staff import Operator
from storage.seals import UnknownKeyError, UnsealError, ring
from tickets.policies import Policies

SEALED_FOR = b"figures.link"
PATH = "/angka/pimpinan"
LONGEST = 500
"""Signs a key can have; what is longer is none of ours."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Whom a link was given to, for the figures of which agency (None: all), in which language."""

    user: str
    scope: str | None
    language: str


@dataclass(frozen=True, slots=True)
class FigureLinks:
    """Makes links and says what they open."""

    core: Core
    roster: Roster

    def made(self, operator: Operator, scope: str | None, language: str) -> str:
        """A link for one of the staff; empty where there is no public address or their role is given none."""
        if not self.core.url or not _entitled(operator, scope, self.core.policies):
            return ""
        until = self.core.clock() + timedelta(hours=self.core.policies.figures.page.hours)
        told = [operator.id, scope, language, until.timestamp()]
        key = ring().seal(SEALED_FOR, json.dumps(told).encode())
        return f"{self.core.url}{PATH}?kunci={quote(key, safe='')}"

    async def opened(self, key: str) -> Pass | None:
        """What a key opens now: None when it is none of ours or over, or its holder may not see that now."""
        found = self._read(key)
        operator = await self.roster.operator(found.user) if found else None
        if found is None or operator is None:
            return None
        return found if _entitled(operator, found.scope, self.core.policies) else None

    def _read(self, key: str) -> Pass | None:
        if len(key) > LONGEST:
            return None
        try:
            user, scope, language, until = json.loads(ring().unseal(SEALED_FOR, key))
        except (UnsealError, UnknownKeyError):
            return None
        if datetime.fromtimestamp(until, self.core.clock().tzinfo) <= self.core.clock():
            return None
        return Pass(user, scope, language)


def _entitled(operator: Operator, scope: str | None, policies: Policies) -> bool:
    """Whether a role they hold now is given links, and covers these figures."""
    held = tuple(one for one in operator.memberships if one.role in policies.figures.page.roles)
    return scope in scopes_of(StaffChat(operator.id, "id", held), policies) if held else False
