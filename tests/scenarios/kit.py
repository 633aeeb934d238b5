"""A running installation on a sandbox, and the means to play its people."""

from dataclasses import dataclass

from bot.app import Kentongan
from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient, User
from storage import cases
from storage.cases import Case

CITIZENS = CITIZEN_BOT.username
OPERATORS = OPERATOR_BOT.username


@dataclass(frozen=True)
class Town:
    """A running installation on a sandbox, and the means to play its people."""

    house: Kentongan
    address: str
    sandbox: SandboxClient

    async def case(self, number: str) -> Case:
        found = await self.house.core.database.read(lambda c: cases.case(c, number))
        assert found is not None, f"no ticket {number}"
        return found

    async def cases(self) -> tuple[Case, ...]:
        return await self.house.core.database.read(cases.all_cases)

    async def operator(self, name: str, agency: str, role: str = "penghubung") -> User:
        """Somebody who has joined an agency's desk by an invitation."""
        token = await self.house.roster.invite(agency, role)
        person = await self.sandbox.user(name, role="operator")
        await person.start(OPERATORS, token)
        await person.wait_for(text="bergabung")
        return person
