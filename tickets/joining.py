"""What may be joined to what, and taken out again; each breach is a refusal."""

from tickets.case import Case
from tickets.duplicates import PRIVATE
from tickets.lifecycle import OVERRULES
from tickets.refusal import DeskRefusal
from tickets.ticket import Ticket


def mergeable(case: Case) -> None:
    """What its reporter took out again, only the coordinator may merge once more."""
    if case.ticket.splits and case.command.actor.role not in OVERRULES:
        raise DeskRefusal("pelapor_menolak")


def splittable(case: Case) -> None:
    """A reporter splits at once, but only so often; then it is for another person to decide."""
    limit = case.policies.lifecycle.limits.split_times
    if case.command.actor.kind == "citizen" and case.ticket.splits >= limit:
        raise DeskRefusal("batas_kali_pisah", times=case.ticket.splits)


def another_ticket(case: Case) -> None:
    """There is such a ticket, it is not this one, and it stands on its own."""
    _other(case)


def joinable(case: Case) -> None:
    """Besides, it is open, and joining gives nobody away."""
    other = _other(case)
    if case.policies.lifecycle.states[other.status].final or other.status == "DITAHAN":
        raise DeskRefusal("tujuan_tertutup", target=other.number)
    _same_class(case.ticket, other)


def _other(case: Case) -> Ticket:
    other = case.beside
    if other is None or other.number == case.ticket.number:
        raise DeskRefusal("tujuan_tidak_dikenal", target=case.command.target)
    if other.status == "DUPLIKAT":
        raise DeskRefusal("sudah_digabung", target=other.number, parent=other.parent)
    return other


def _same_class(ticket: Ticket, other: Ticket) -> None:
    """Nothing private is joined to anything but its reporter's own, no emergency to what is none."""
    if ticket.report.classification != other.report.classification:
        raise DeskRefusal("kelas_berbeda", target=other.number)
    both_own = ticket.reporter == other.reporter and ticket.flags & PRIVATE == other.flags & PRIVATE
    if (ticket.flags | other.flags) & PRIVATE and not both_own:
        raise DeskRefusal("tertutup_digabung", target=other.number)
    if "DARURAT" in ticket.flags - other.flags:
        raise DeskRefusal("darurat_digabung", target=other.number)
