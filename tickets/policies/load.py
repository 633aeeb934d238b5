"""All policies of a city, read from one folder."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tickets.policies.agencies import Agencies, read_agencies
from tickets.policies.calendar import CalendarPolicy, read_calendar
from tickets.policies.city import City, read_city
from tickets.policies.duplicates import DuplicatePolicy, read_duplicates
from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.lifecycle import Lifecycle
from tickets.policies.lifecycle_checks import check_lifecycle
from tickets.policies.lifecycle_reading import read_lifecycle
from tickets.policies.reader import Node, read
from tickets.policies.reasons import Reason, read_reasons
from tickets.policies.routing import Routing, read_routing
from tickets.policies.screening import ScreeningPolicy, read_screening
from tickets.policies.sla import SlaPolicy, read_sla


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything a city decides about its tickets; one field per data file."""

    city: City
    agencies: Agencies
    calendar: CalendarPolicy
    routing: Routing
    sla: SlaPolicy
    lifecycle: Lifecycle
    screening: ScreeningPolicy
    reasons: dict[str, Reason]
    duplicates: DuplicatePolicy


def load_policies(folder: Path | Traversable | None = None) -> Policies:
    """The policies of a folder, or the delivered ones.

    Raises:
        PolicyFaults: listing every fault of every file, each with its place and remedy.
    """
    faults: list[Fault] = []
    policies = _read_all(folder or files("tickets") / "data", faults)
    if faults:
        raise PolicyFaults(tuple(faults))
    return policies


def _read_all(folder: Path | Traversable, faults: list[Fault]) -> Policies:
    def top(file: str) -> Node:
        return read(folder, file, faults)

    agencies = read_agencies(top("agencies.yml"))
    reasons = read_reasons(top("reasons.yml"))
    lifecycle = top("lifecycle.yml")
    policies = Policies(
        city=read_city(top("city.yml")),
        agencies=agencies,
        calendar=read_calendar(top("calendar.yml")),
        routing=read_routing(top("routing.yml"), agencies),
        sla=read_sla(top("sla.yml"), agencies),
        lifecycle=read_lifecycle(lifecycle),
        screening=read_screening(top("screening.yml"), reasons),
        reasons=reasons,
        duplicates=read_duplicates(top("duplicates.yml")),
    )
    if not faults:
        check_lifecycle(lifecycle, policies.lifecycle)
    return policies
