"""As whom an operator acts: in the strongest role they hold where a report is."""

from storage.desk.staff import Operator
from tickets.ticket import Actor, Role
from tickets.units import serves

STRENGTH: tuple[Role, ...] = (
    "admin", "koordinator", "wbs", "penghubung", "verifikator", "petugas", "pimpinan", "pengawas"
)  # fmt: skip
"""Roles by what they may do to a ticket, the most first."""


def actor_of(operator: Operator, agency: str, coordinator: str = "") -> Actor | None:
    """An operator as an actor for one agency, in the strongest role held there; None without one.

    Coordinators and admins act for every agency; leaders at the coordinator's look at every agency.
    """
    held = [one for one in operator.memberships if serves(one.agency, agency)]
    general = [
        one
        for one in operator.memberships
        if one.role in {"koordinator", "admin"} or (one.role == "pimpinan" and one.agency == coordinator)
    ]
    best = min(held or general, key=lambda one: STRENGTH.index(one.role), default=None)
    if best is None:
        return None
    return Actor("operator", operator.id, best.agency, best.role)  # type: ignore[arg-type]
