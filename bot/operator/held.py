"""Why a report is held, for the eye: words marked where they stand, the proposal or appeal it waits with."""

from collections.abc import Iterator
from html import escape

from bot.channels.rendering import clip, line
from bot.operator.office import Office
from tickets.screening import reason_of
from tickets.ticket import Finding, Ticket

MARKED = frozenset({"ask", "hold", "refuse", "pass_private"})
WHOLE = frozenset({"thin"})
"""Signals that speak of the whole text: marking that would mark nothing."""
LINE = 140


def marked(ticket: Ticket, room: int) -> str:
    """The narrative as HTML, cut to `room`, with the words the verdict rests on underlined."""
    result = ticket.report.screening
    text = result.masked or ticket.report.narrative
    shown = clip(text, room)
    if result.verdict not in MARKED:
        return escape(shown)
    whole = len(shown) if shown == text else len(shown) - 1  # the sign that stands for the rest
    return "".join(_pieces(shown, list(_spans(result.findings, whole))))


def _spans(findings: tuple[Finding, ...], end: int) -> Iterator[tuple[int, int]]:
    """Where words are marked, in order, each once and within the text shown."""
    last = 0
    found = sorted(span for one in findings if one.signal not in WHOLE for span in one.spans)
    for start, stop in found:
        span = (max(start, last), min(stop, end))
        if span[0] < span[1]:
            yield span
            last = span[1]


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, stop in spans:
        yield f"{escape(text[at:start])}<u><b>{escape(text[start:stop])}</b></u>"
        at = stop
    yield escape(text[at:])


async def pending(office: Office, ticket: Ticket) -> str:
    """The refusal that waits for a second person, and the appeal that waits for somebody else."""
    lines = []
    if ticket.proposal is not None:
        reason = office.core.policies.reasons[ticket.proposal.reason].sentence[office.language]
        values = {"oleh": await office.name_of(ticket.proposal.by), "alasan": reason}
        lines.append(office.text("petugas_kartu_usul", values))
    if ticket.appealed:
        names = ", ".join([await office.name_of(one) for one in ticket.decided_by])
        lines.append(office.text("petugas_kartu_banding", {"oleh": names}))
    return "\n".join(lines)


def why(office: Office, ticket: Ticket) -> str:
    """The rule and the words a report is held for, on one line."""
    result = ticket.report.screening
    found = reason_of(result, office.core.policies)
    if found is None:
        return ""
    words = ", ".join(f"“{result.masked[start:end]}”" for start, end in found.spans)
    return line(f"{found.rule.replace('_', ' ')}: {words}" if words else found.rule.replace("_", " "), LINE)
