"""The agencies' desks: whether somebody reads what lies there."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.doctor.finding import Check, Finding
from bot.doctor.records import Records
from tickets.policies import load_policies

GONE = "Name it again in agencies.yml, or forward its reports (/antrian)."
EMPTY = "Let somebody in: kentongan operator invite --agency {agency} --role penghubung"


@dataclass(frozen=True, slots=True)
class Desks:
    """A check of agencies with open reports."""

    records: Records

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        yield "desks", self.desks

    async def desks(self) -> Finding:
        """Whether every agency with open reports is listed, and somebody of the city's own reads them."""
        what, found = "desks", await self.records.look()
        known = load_policies(self.records.settings.policies_dir).agencies
        loads = found.loads if found else ()
        gone = [one for one in loads if one.agency not in known]
        empty = [one for one in loads if not one.read and not known[one.agency].external]
        if not gone and not empty:
            return Finding(what, "well", "every open report has its readers")
        told = [
            *(f"{one.open} open with {one.agency}, which agencies.yml does not name" for one in gone),
            *(f"{one.open} open with {one.agency}, where nobody reads them" for one in empty),
        ]
        remedies = ([GONE] if gone else []) + [EMPTY.format(agency=one.agency) for one in empty[:1]]
        return Finding(what, "look", "; ".join(told), " ".join(remedies))
