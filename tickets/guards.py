"""What must hold before an action is done, beyond state and role; each breach is a refusal."""

from collections.abc import Callable

from tickets.case import Case
from tickets.duplicates import PRIVATE
from tickets.joining import another_ticket, joinable, mergeable, splittable
from tickets.lifecycle import OVERRULES
from tickets.refusal import DeskRefusal
from tickets.routing import accused_units
from tickets.satisfaction import answers_in
from tickets.ticket import Actor, Command

Guard = Callable[[Case], None]

REFUSAL_OF_NEED = {
    "text": "perlu_isi",
    "text_or_proof": "perlu_isi",
    "reason": "perlu_alasan",
    "target": "perlu_tujuan",
    "proof": "perlu_bukti",
    "value": "perlu_nilai",
}


def check_standing(case: Case) -> None:
    """What can be told before the fields are filled: whether the button makes sense at all.

    Raises:
        DeskRefusal: it does not.
    """
    if case.rule.exclusive:
        _not_anothers(case)
    if guard := STANDING_GUARDS.get(case.rule.name):
        guard(case)


def check_fields(case: Case) -> None:
    """Whether the command brings what the action needs, and the needed holds water.

    Raises:
        DeskRefusal: naming what is missing or wrong.
    """
    for need in case.rule.needed(case.ticket.report.classification):
        if not _brings(case.command, need):
            raise DeskRefusal(REFUSAL_OF_NEED[need], rule=case.rule.name)
    if case.rule.refuses:
        _known_reason(case)
    if guard := FIELD_GUARDS.get(case.rule.name):
        guard(case)


def _brings(command: Command, need: str) -> bool:
    if need == "value":
        return command.value is not None and 1 <= command.value <= 5
    if need == "text_or_proof":
        return bool(command.text.strip() or command.proof)
    return bool(command.proof) if need == "proof" else bool(getattr(command, need).strip())


def _known_reason(case: Case) -> None:
    if case.command.reason not in case.policies.reasons:
        choices = ", ".join(case.policies.reasons)
        raise DeskRefusal("alasan_tidak_dikenal", reason=case.command.reason, choices=choices)


def _not_anothers(case: Case) -> None:
    """While somebody is at work on it, it is theirs; a claim ends with the work."""
    ticket, actor = case.ticket, case.command.actor
    over = case.policies.lifecycle.states[ticket.status].final
    if ticket.claimed_by not in ("", actor.id) and not over and not overrules(actor):
        raise DeskRefusal("sudah_diambil", oleh=ticket.claimed_by)


def overrules(actor: Actor) -> bool:
    """Whether a colleague's claim does not bind this actor."""
    return actor.kind == "system" or actor.role in OVERRULES


def _unclaimed(case: Case) -> None:
    if case.ticket.claimed_by:
        raise DeskRefusal("sudah_diambil", oleh=case.ticket.claimed_by)


def _claimed(case: Case) -> None:
    if not case.ticket.claimed_by:
        raise DeskRefusal("tidak_bisa_sekarang", rule=case.rule.name, state=case.ticket.status)


def _hops_left(case: Case) -> None:
    if case.ticket.hops >= case.policies.lifecycle.limits.hops and not overrules(case.command.actor):
        raise DeskRefusal("terlalu_sering_dialihkan", hops=case.ticket.hops)


def _appealable(case: Case) -> None:
    if case.ticket.appealed and case.ticket.status == "DITAHAN":
        raise DeskRefusal("sudah_banding")
    poor = case.policies.lifecycle.limits.poor_rating
    if case.ticket.status == "SELESAI" and (case.ticket.rating is None or case.ticket.rating > poor):
        raise DeskRefusal("tidak_bisa_sekarang", rule=case.rule.name, state=case.ticket.status)
    if case.ticket.status != "DITAHAN":
        _reopenings_left(case)


def _somebody_else(case: Case) -> None:
    """An appeal is decided by others than those it is against."""
    if case.ticket.appealed and case.command.actor.id in case.ticket.decided_by:
        raise DeskRefusal("orang_lain")


def _second_person(case: Case) -> None:
    if case.ticket.proposal is None:
        raise DeskRefusal("tanpa_usul")
    if case.command.actor.id == case.ticket.proposal.by:
        raise DeskRefusal("orang_kedua")
    _somebody_else(case)


def _unconfirmed(case: Case) -> None:
    if case.ticket.proposal is None or case.ticket.due_kind != "confirm":
        raise DeskRefusal("tanpa_usul")
    _past_due(case)


def _reopenings_left(case: Case) -> None:
    limits, ticket = case.policies.lifecycle.limits, case.ticket
    if ticket.reopened >= limits.reopen_times:
        raise DeskRefusal("batas_kali_buka", times=ticket.reopened)
    closed = ticket.closed_at or ticket.changed_at
    if case.clock.calendar.workdays_between(closed, case.now) > limits.reopen_days:
        raise DeskRefusal("batas_waktu_buka", days=limits.reopen_days)


def _unrated(case: Case) -> None:
    if case.ticket.rating is not None:
        raise DeskRefusal("sudah_dinilai", nilai=case.ticket.rating)


def _followable(case: Case) -> None:
    if case.command.actor.id == case.ticket.reporter:
        raise DeskRefusal("laporan_sendiri")
    if case.ticket.flags & PRIVATE:
        raise DeskRefusal("laporan_tertutup")


def _flag_missing(case: Case) -> None:
    flag = {"make_confidential": "RAHASIA", "make_anonymous": "ANONIM", "due": "TERLAMBAT"}[case.rule.name]
    if flag in case.ticket.flags:
        raise DeskRefusal("sudah_ditandai")


def _ladder_left(case: Case) -> None:
    if case.clock.next_rung(case.ticket) is None:
        raise DeskRefusal("puncak_eskalasi")


def _past_due(case: Case) -> None:
    due = case.ticket.due_at
    if due is None or case.now < due:
        raise DeskRefusal("belum_waktunya", tenggat=due.date().isoformat() if due else "-")


def _late(case: Case) -> None:
    _flag_missing(case)
    _past_due(case)


def _silent_long_enough(case: Case) -> None:
    if case.ticket.due_kind != "auto_close":
        raise DeskRefusal("belum_waktunya", tenggat="-")
    _past_due(case)


def _never_arrived(case: Case) -> None:
    """Only a question that did not reach its reader in its time is anybody else's to answer."""
    if case.ticket.due_kind != "unreached":
        raise DeskRefusal("belum_waktunya", tenggat="-")
    _past_due(case)


def _not_yet_due(case: Case) -> None:
    """A reminder that comes too late, as after an outage, reminds of nothing."""
    due = case.ticket.due_at
    if due is None or case.now >= due:
        raise DeskRefusal("belum_waktunya", tenggat=due.date().isoformat() if due else "-")


def _counts_otherwise(case: Case) -> None:
    if case.clock.renew(case.ticket, case.now) == case.ticket:
        raise DeskRefusal("sudah_ditandai")


def _known_agency(case: Case) -> None:
    target = case.command.target
    if target and target not in case.policies.agencies:
        raise DeskRefusal("tujuan_tidak_dikenal", target=target)


def _not_accused(case: Case) -> None:
    target, policies = case.command.target, case.policies
    if target in accused_units(case.ticket.report, policies):
        raise DeskRefusal("dinas_terlapor", target=policies.agencies.short(target))


def _stays_with_wbs(case: Case) -> None:
    target = case.command.target
    if "WBS" in case.ticket.flags and target not in ("", case.home):
        raise DeskRefusal("tetap_di_wbs", target=case.policies.agencies.short(target))


def _receives(case: Case) -> None:
    _known_agency(case)
    _not_accused(case)
    _stays_with_wbs(case)


def _chosen_receives(case: Case) -> None:
    """A ticket that came back needs a person's choice: the rules would send it where it came from."""
    if case.ticket.hops and not case.command.target and case.command.actor.kind != "system":
        raise DeskRefusal("perlu_tujuan", rule=case.rule.name)
    _receives(case)


def _another_receives(case: Case) -> None:
    _receives(case)
    if case.command.target == case.ticket.agency:
        raise DeskRefusal("tujuan_sama", target=case.policies.agencies.short(case.ticket.agency))


def _outsider_receives(case: Case) -> None:
    _another_receives(case)
    if not case.policies.agencies[case.command.target].external:
        raise DeskRefusal("tujuan_tidak_dikenal", target=case.command.target)


def _known_category(case: Case) -> None:
    if case.command.target.split("/")[0] not in case.policies.routing.categories:
        raise DeskRefusal("tujuan_tidak_dikenal", target=case.command.target)


def _named(case: Case) -> None:
    if "ANONIM" in case.ticket.flags:
        raise DeskRefusal("pelapor_anonim")


def _nine_answers(case: Case) -> None:
    if answers_in(case.command.text) is None:
        raise DeskRefusal("survei_sembilan_angka")


STANDING_GUARDS: dict[str, Guard] = {
    "claim": _unclaimed,
    "release": _claimed,
    "reveal": _named,
    "forward": _hops_left,
    "not_ours": _hops_left,
    "reopen": _reopenings_left,
    "appeal": _appealable,
    "moderate_pass": _somebody_else,
    "moderate_ask": _somebody_else,
    "moderate_refuse": _somebody_else,
    "propose_refusal": _somebody_else,
    "moderate_confirm": _second_person,
    "moderate_lapse": _unconfirmed,
    "rate": _unrated,
    "follow": _followable,
    "merge": mergeable,
    "split": splittable,
    "make_confidential": _flag_missing,
    "make_anonymous": _flag_missing,
    "escalate": _ladder_left,
    "due": _late,
    "recount": _counts_otherwise,
    "auto_close": _silent_long_enough,
    "unheard": _never_arrived,
    "close_unheard": _never_arrived,
    "remind": _not_yet_due,
}
FIELD_GUARDS: dict[str, Guard] = {
    "verify": _chosen_receives,
    "forward": _another_receives,
    "refer": _outsider_receives,
    "not_ours": _known_agency,
    "redispose": _known_category,
    "survey": _nine_answers,
    "merge": joinable,
    "group": another_ticket,
}
