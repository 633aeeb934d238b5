"""What is handed to another government: the fields their systems ask for, and never who reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickets.policies import Policies
from tickets.ticket import Ticket, TicketEvent

REFERRED = "DITERUSKAN"


@dataclass(frozen=True, slots=True)
class Referral:
    """A ticket that lies with another body: since when, why, and whether they said they have it."""

    ticket: Ticket
    since: datetime
    reason: str
    acknowledged: str = ""

    @property
    def name(self) -> str:
        """A name for its files: each passing on has its own."""
        return f"{self.ticket.number}_{self.since:%Y%m%dT%H%M%S}"


def referral_of(ticket: Ticket, history: Sequence[TicketEvent]) -> Referral | None:
    """The referral a ticket is in; None when it lies with nobody outside."""
    passed = [at for at, event in enumerate(history) if event.action == "refer" and event.after == REFERRED]
    if ticket.status != REFERRED or not passed:
        return None
    event, later = history[passed[-1]], history[passed[-1] + 1 :]
    answer = next((one.text for one in later if one.action == "acknowledge"), "")
    return Referral(ticket, event.at, event.reason or event.text, answer)


def fields(referral: Referral, policies: Policies) -> dict[str, Any]:
    """The referral as the fields of a national complaint system, in its words; times in the city's zone."""
    ticket, report, zone = referral.ticket, referral.ticket.report, policies.city.timezone
    place = report.place
    return {
        "nomor_laporan": ticket.number,
        "klasifikasi": report.classification,
        "judul": ticket.title,
        "isi_laporan": report.screening.masked or report.narrative,
        "tanggal_laporan": ticket.opened_at.astimezone(zone).isoformat(timespec="seconds"),
        "waktu_kejadian": report.event_time,
        "lokasi_kejadian": place.text,
        "kalurahan": place.kalurahan,
        "kapanewon": place.kapanewon,
        "kabupaten": place.kabupaten,
        "kode_wilayah": place.kode,
        "lintang": place.lat,
        "bujur": place.lon,
        "kategori": report.category,
        "subkategori": report.subcategory,
        "jumlah_lampiran": len(report.evidence),
        "anonim": "ANONIM" in ticket.flags,
        "rahasia": "RAHASIA" in ticket.flags,
        "instansi_asal": policies.city.name,
        "instansi_tujuan": policies.agencies[ticket.agency].name,
        "alasan_diteruskan": referral.reason,
        "diteruskan_pada": referral.since.astimezone(zone).isoformat(timespec="seconds"),
    }
