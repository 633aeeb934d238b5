"""Who is told what about a change; the words themselves are elsewhere, under the notice's name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from tickets.case import Case
from tickets.checklist import listed
from tickets.policies import Policies
from tickets.policies.lifecycle import Telling
from tickets.ticket import Command, Finding, Notice, Ticket

JOINING = frozenset({"merge", "split"})
"""Actions whose reasons come from the list for duplicates."""
Audience = Literal["reporter", "followers", "agency", "leader", "moderators", "top", "duty"]
OF_APPEAL = {"kabar_lolos": "kabar_banding_kabul", "kabar_ditolak": "kabar_banding_tolak"}
"""What a moderator's decision is called when it answers an appeal."""


def action_notices(case: Case, after: Ticket) -> tuple[Notice, ...]:
    """What the action's rule has told, and what depends on the case: a poor rating, a rung climbed."""
    values = _values(case, after)
    told = _with_proof(_tell(case.rule.tells, after, case.policies, values), case.command)
    if case.ticket.appealed:
        told = tuple(replace(notice, name=OF_APPEAL.get(notice.name, notice.name)) for notice in told)
    return told + _poor_rating(case, after, values) + _rung(case, after, values) + _later(case, after, values)


def opening_notices(ticket: Ticket, policies: Policies) -> tuple[Notice, ...]:
    """What a new report sets off: the duty on an emergency, the moderators on a held one, and so on."""
    values = _base(ticket, policies) | _verdict_values(ticket, policies)
    verdict = ticket.report.screening.verdict
    told = _tell(policies.lifecycle.opening_tells[verdict], ticket, policies, values)
    return (*_alarms(ticket, policies, values), *told)


def _alarms(ticket: Ticket, policies: Policies, values: Mapping[str, Any]) -> Iterator[Notice]:
    """What a person must know at once: an emergency, and every rule of screening that says so."""
    if ticket.report.emergency:
        yield Notice("duty", "darurat", {**values, "pesan": ticket.report.emergency})
    alarming = {rule.id for rule in policies.screening.rules if rule.alert}
    for found in ticket.report.screening.findings:
        if found.rule in alarming:
            words = _words(ticket, [found])
            yield Notice("duty", "perlu_orang", {**values, "aturan": found.rule, "kata": words})


def agency_card(ticket: Ticket, policies: Policies) -> Notice:
    """The agency's card of the ticket, new or changed."""
    return Notice("agency", "kartu", _base(ticket, policies))


def _tell(
    tellings: Iterable[Telling], ticket: Ticket, policies: Policies, values: Mapping[str, Any]
) -> tuple[Notice, ...]:
    return tuple(Notice(_audience(t.to, ticket, policies), t.name, values) for t in tellings)


def _with_proof(notices: tuple[Notice, ...], command: Command) -> tuple[Notice, ...]:
    """With the files that came with the command, for everybody but whoever sent them."""
    back = "reporter" if command.actor.kind == "citizen" else ""
    return tuple(
        n if n.name == "kartu" or n.audience == back else replace(n, attachments=command.proof)
        for n in notices
    )


def _audience(name: str, ticket: Ticket, policies: Policies) -> Audience:
    """Whom it really goes to.

    What is for moderators stays, for a WBS ticket, with those who may see it; what is for a body outside
    goes to the moderators, who keep in touch with it, as does what is still held.
    """
    if name in ("leader", "moderators", "top") and "WBS" in ticket.flags:
        return "agency"
    if name in ("agency", "leader") and ticket.status == "DITAHAN" and "WBS" not in ticket.flags:
        return "moderators"
    if name in ("agency", "leader") and policies.agencies[ticket.agency].external:
        return "moderators"
    return next(audience for audience in get_args(Audience) if audience == name)


def _base(ticket: Ticket, policies: Policies) -> dict[str, Any]:
    zone = policies.city.timezone
    return {
        "nomor": ticket.number,
        "judul": ticket.title,
        "dinas": policies.agencies.short(ticket.agency),
        "pesan": "",
        "alasan": "",
        "bantuan": "",
        "tenggat": ticket.due_at.astimezone(zone).date().isoformat() if ticket.due_at else "",
        "tujuan": "",
        "nilai": "",
    }


def _values(case: Case, after: Ticket) -> dict[str, Any]:
    command, policies = case.command, case.policies
    given = {
        "pesan": command.text,
        "semula": command.instead_of,
        "alasan": policies.duplicates.reason(command.reason) if case.rule.name in JOINING else command.reason,
        "tujuan": policies.agencies.short(command.target),
        "nilai": command.value if command.value is not None else "",
        "kurang": listed(after.asked, open_only=True),
    }
    reason = reason_values(command.reason, policies) if case.rule.refuses else {}
    ombudsman = {"ombudsman": policies.city.ombudsman[after.report.language]}
    return _base(after, policies) | given | reason | ombudsman


def reason_values(code: str, policies: Policies) -> dict[str, Any]:
    """A reason's sentence and what would help, in every language: each reader gets their own."""
    reason = policies.reasons[code]
    return {"alasan": reason.sentence, "bantuan": reason.help}


def _verdict_values(ticket: Ticket, policies: Policies) -> dict[str, Any]:
    rules = {rule.id: rule for rule in policies.screening.rules}
    verdict, findings = ticket.report.screening.verdict, ticket.report.screening.findings
    deciding = [
        f for f in findings if f.rule in rules and verdict in (rules[f.rule].verdict, rules[f.rule].then)
    ]
    if not deciding:
        return {}
    first = deciding[0]
    values = {
        "pesan": first.advice,
        "alasan": first.advice,
        "aturan": first.rule,
        "kata": _words(ticket, deciding),
    }
    code = rules[first.rule].reason
    if verdict != "refuse" or not code:
        return values
    return {**values, "pesan": "", **reason_values(code, policies)}


def _words(ticket: Ticket, findings: Iterable[Finding]) -> str:
    text = ticket.report.screening.masked or ticket.report.narrative
    return ", ".join(text[start:end] for finding in findings for start, end in finding.spans)


def _poor_rating(case: Case, after: Ticket, values: Mapping[str, Any]) -> tuple[Notice, ...]:
    if case.rule.name != "rate" or (after.rating or 0) > case.policies.lifecycle.limits.poor_rating:
        return ()
    supervisors = dict.fromkeys(_audience(name, after, case.policies) for name in ("leader", "moderators"))
    offered = Notice("reporter", "kabar_nilai_buruk", values)
    return (*(Notice(audience, "nilai_warga", values) for audience in supervisors), offered)


def _later(case: Case, after: Ticket, values: Mapping[str, Any]) -> tuple[Notice, ...]:
    """A promise that moves back is told to whom it was given."""
    before = case.ticket.due_at
    moved = case.rule.name == "recount" and before and after.due_at and after.due_at > before
    return (Notice("reporter", "kabar_tenggat_baru", values),) if moved else ()


def _rung(case: Case, after: Ticket, values: Mapping[str, Any]) -> tuple[Notice, ...]:
    rung = case.clock.next_rung(case.ticket) if case.rule.name == "escalate" else None
    if rung is None:
        return ()
    name = "kabar_terlambat" if rung.audience == "reporter" else "lewat_tenggat"
    ombudsman = case.policies.city.ombudsman[after.report.language]
    told = _tell([Telling(rung.audience, name)], after, case.policies, values)
    return tuple(replace(n, values={**values, "tingkat": rung.to, "ombudsman": ombudsman}) for n in told)
