"""A case and its history: the shapes everything about tickets is handed on in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Classification = Literal["pengaduan", "aspirasi", "informasi", "apresiasi", "wbs"]
Verdict = Literal["pass", "pass_private", "ask", "hold", "refuse"]
Status = Literal[
    "BARU",
    "DITAHAN",
    "VERIFIKASI",
    "DISPOSISI",
    "PROSES",
    "PERLU_DATA",
    "DITINDAKLANJUTI",
    "MENUNGGU_KONFIRMASI",
    "SELESAI",
    "DITERUSKAN",
    "DUPLIKAT",
    "ARSIP",
    "DIKEMBALIKAN",
    "DIBUKA_KEMBALI",
    "DIBATALKAN",
]
Flag = Literal["TERLAMBAT", "ESKALASI", "DARURAT", "RAHASIA", "ANONIM", "WBS"]
Role = Literal["koordinator", "penghubung", "petugas", "verifikator", "wbs", "pimpinan", "admin", "pengawas"]
ActorKind = Literal["citizen", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a citizen (id of the contact), an operator (agency and role), or the system."""

    kind: ActorKind
    id: str = ""
    agency: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """Where it is, as the reporter said it and as it was resolved; codes are Kemendagri's."""

    text: str = ""
    kode: str = ""
    kalurahan: str = ""
    kapanewon: str = ""
    kabupaten: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of screening that applied: its words as [start, end) offsets, and the advice given.

    `next` is what happens now because of the rule, in the reporter's language.
    """

    rule: str
    signal: str
    spans: tuple[tuple[int, int], ...]
    advice: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """A verdict that explains itself; `masked` is the text with other people's personal data hidden."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    masked: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a citizen wants to file; everything the desk needs to open a ticket.

    `evidence` holds media ids, oldest first. `event_time` is what the reporter said, in words. `source` is
    the channel it came by.
    """

    narrative: str
    classification: Classification
    category: str
    subcategory: str
    place: ReportPlace
    screening: ScreeningResult
    evidence: tuple[str, ...] = ()
    event_time: str = ""
    anonymous: bool = False
    confidential: bool = False
    emergency: str = ""
    language: str = "id"
    answers: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One item of data asked of the reporter: its code (empty for an operator's own words) and its words.

    `kind` is what answers it: text, photo or place.
    """

    code: str
    words: str
    kind: str = "text"
    done: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A refusal one person proposed and another has yet to confirm."""

    by: str
    reason: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case. Changed only by the desk, which returns a new one with the history of the change.

    `clock_from` is where the running deadline (`due_kind`, `due_at`) is counted from; `paused_at` is set
    while it stands still, `paused_days` sums the working days it stood. `escalation` is the rung reached,
    `warned_at` when it, or that the ticket is late, was told.
    `answered_at` is when the agency that has it first answered; the one it is sent on to has yet to.
    `asked` is the list of data last asked of the reporter, with what they have answered.
    `parent` is the ticket it was merged into; `splits` counts how often its reporter took it out again.
    `decided_by` are the operators behind the last refusal; while it is `appealed` somebody else decides.
    `denied`: its reporter said that it was not done; from then on the work has the days of a rework.
    """

    number: str
    report: Report
    reporter: str
    title: str
    status: Status
    agency: str
    flags: frozenset[Flag]
    opened_at: datetime
    changed_at: datetime
    claimed_by: str = ""
    previous_status: Status | None = None
    parent: str = ""
    hops: int = 0
    reopened: int = 0
    rating: int | None = None
    due_at: datetime | None = None
    due_kind: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
    clock_from: datetime | None = None
    paused_at: datetime | None = None
    paused_days: int = 0
    escalation: int = 0
    warned_at: datetime | None = None
    asked: tuple[Asked, ...] = ()
    splits: int = 0
    proposal: Proposal | None = None
    decided_by: tuple[str, ...] = ()
    appealed: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One line of a ticket's history, never changed: who did what, when, and why."""

    number: str
    action: str
    at: datetime
    actor: Actor
    before: Status | None
    after: Status
    reason: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told: `name` is a text's key, `values` fill its gaps.

    Audiences: reporter, followers, agency (the OPD the ticket is with), leader (its head), moderators, top
    (the coordinator's head), duty (emergencies).
    """

    audience: Literal["reporter", "followers", "agency", "leader", "moderators", "top", "duty"]
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What an actor wants done to a ticket: an action of the lifecycle and the fields it asks for.

    `items` are what a request for data asks one by one; `instead_of` are the words a correction replaces.
    """

    action: str
    actor: Actor
    text: str = ""
    reason: str = ""
    target: str = ""
    proof: tuple[str, ...] = ()
    value: int | None = None
    items: tuple[Asked, ...] = ()
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did: the ticket as it is now, its new history lines, and who is to be told."""

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    notices: tuple[Notice, ...]

    @property
    def opens(self) -> bool:
        """Whether there was no such ticket before: nobody follows it, and it is shown nowhere."""
        return bool(self.events) and self.events[0].before is None
