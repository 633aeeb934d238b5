"""What a ticket's files tell of themselves, in the staff's words: one line a fact."""

from collections.abc import Iterator
from datetime import timedelta

from bot.operator.office import Office
from bot.services.reports.ticketing import View
from storage.reports.media import File
from tickets.remarks import Piece, Remark, remarks

MOST = 8
HIDDEN = "…"
KILO = 1000


def fact_lines(office: Office, view: View) -> Iterator[str]:
    """The facts, the gravest first; what was seen on a report this reader may not know of has no number."""
    pieces = [_piece(file) for file in view.files]
    for remark in remarks(view.ticket, pieces, office.core.policies)[:MOST]:
        places = ", ".join(str(place) for place in remark.places)
        values = {"berkas": places, "nilai": _shown(office, view, remark)}
        yield office.text(f"petugas_fakta_{remark.name}", values)


def _piece(file: File) -> Piece:
    refused = file.error if file.state in {"refused", "lost"} else ""
    reason = "lost" if file.state == "lost" else refused
    return Piece(file.role, file.facts, file.created_at, file.seen, reason)


def _shown(office: Office, view: View, remark: Remark) -> str:
    value = remark.value
    if isinstance(value, timedelta):
        return office.length(value)
    if isinstance(value, float):
        return _far(value, office.language)
    if remark.name == "refused":
        return office.text(f"petugas_sebab_{value}")
    return HIDDEN if value in view.hidden else str(value)


def _far(metres: float, language: str) -> str:
    if metres < KILO:
        return f"{metres:.0f} m"
    told = f"{metres / KILO:.1f} km"
    return told if language == "en" else told.replace(".", ",")
