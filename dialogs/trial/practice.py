"""A city's desk to practise on: it remembers what was filed and answers always the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dialogs.events import Event, TicketActionRequested, TicketRequested
from dialogs.trial.script import Given

Screen = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
AGENCY = "Dinas Latihan"
NEWS_AFTER = timedelta(days=7)
OPEN = ("message", "cancel", "make_confidential", "make_anonymous")
STOPPED = ("hold", "refuse")
"""Verdicts that may be appealed."""
AFTER: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "confirm": ("SELESAI", "Selesai", ("rate",)),
    "rate": ("SELESAI", "Selesai", ("survey", "reopen")),
    "deny": ("PROSES", "Dikerjakan lagi", OPEN),
    "reopen": ("DIBUKA_KEMBALI", "Dibuka kembali", OPEN),
    "cancel": ("DIBATALKAN", "Ditarik", ()),
    "appeal": ("DITAHAN", "Keberatan diperiksa", ()),
    "give_data": ("PROSES", "Diproses", OPEN),
    "data_complete": ("PROSES", "Diproses", OPEN),
    "follow": ("DISPOSISI", "Diteruskan", ("unfollow",)),
    "unfollow": ("DISPOSISI", "Diteruskan", ("follow",)),
    "split": ("DISPOSISI", "Diteruskan", OPEN),
}
"""What a deed of the citizen's makes of a report: its state, that in words, and what it allows then."""


HIDES: Mapping[str, tuple[str, str]] = {
    "make_confidential": ("rahasia", "content"),
    "make_anonymous": ("anonim", "name"),
}
"""Deeds that hide something: the slot of a report that does so from the start, and what is hidden."""
LINK_CODE = "ABCD-2345"


@dataclass(slots=True)
class PracticeDesk:
    """Answers what dialogs ask of a city, from memory; `screening` weighs the words of a report."""

    given: Given
    screening: Screen
    now: datetime
    prefix: str = "LAT"
    book: dict[str, dict[str, Any]] = field(default_factory=dict)
    screened: int = 0
    numbered: int = 0

    def __post_init__(self) -> None:
        """Put the reports that are there from the start into the book."""
        for one in self.given.tickets:
            self.book[str(one["number"])] = self._entry(**one)

    async def screen(self, narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """The verdict prepared for this time, else what screening finds."""
        self._may("screen")
        prepared = self.given.verdicts
        self.screened += 1
        if self.screened <= len(prepared):
            standard = {"verdict": "pass", "rules": [], "advice": "", "masked": narrative}
            return standard | dict(prepared[self.screened - 1])
        return self.screening(narrative, slots)

    async def new_number(self) -> str:
        """The next number."""
        self._may("new_number")
        self.numbered += 1
        return f"{self.prefix}-{self.now:%y}-{self.numbered:05d}"

    async def nearby(self, slots: Mapping[str, Any], contact: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        """The reports prepared as being near."""
        self._may("nearby")
        return self.given.nearby

    async def ticket(self, number: str, contact: str) -> Mapping[str, Any] | None:  # noqa: ARG002
        """The report of that number."""
        self._may("ticket")
        return self.book.get(number)

    async def tickets(self, contact: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        """The citizen's own reports, newest first."""
        self._may("tickets")
        return [one for one in reversed(self.book.values()) if one["own"]]

    async def receipt(self, slots: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """One agency for everything, news within a week."""
        self._may("receipt")
        due = (self.now + NEWS_AFTER).date().isoformat()
        return {"agency": AGENCY, "due": due, "status": "DISPOSISI"}

    async def new_link_code(self) -> str:
        """The same code each time."""
        self._may("new_link_code")
        return LINK_CODE

    async def fits(self, code: str, contact: str) -> bool:  # noqa: ARG002
        """Whether it is that code."""
        self._may("fits")
        return code.strip().upper() == LINK_CODE

    async def ways(self, contact: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        """The channels prepared."""
        self._may("ways")
        return self.given.ways

    async def data_of(self, contact: str) -> Mapping[str, Any]:
        """Who they are and what they filed."""
        self._may("data_of")
        return {"Kontak": contact, "Laporan": [one["number"] for one in self.book.values() if one["own"]]}

    def take(self, event: Event) -> None:
        """Do what a turn asks of the desk, so that the next turn finds it done."""
        if isinstance(event, TicketRequested):
            title = str(event.slots.get("uraian") or "")[:60]
            stopped = (event.slots.get("saringan") or {}).get("verdict") in STOPPED
            hiding = [deed for deed, (slot, _) in HIDES.items() if event.slots.get(slot)]
            actions = [one for one in OPEN if one not in hiding]
            facts = {"title": title, "hidden": [HIDES[deed][1] for deed in hiding]}
            actions += ["appeal"] if stopped else []
            self.book[event.number] = self._entry(number=event.number, actions=actions, **facts)
        elif isinstance(event, TicketActionRequested) and event.number in self.book:
            entry = self.book[event.number]
            as_before = (entry["status"], entry["status_text"], entry["actions"])
            status, words, actions = AFTER.get(event.action, as_before)
            now = {"status": status, "status_text": words, "actions": list(actions)}
            self.book[event.number] = entry | now | _hidden(event.action, entry)

    def _entry(self, **facts: Any) -> dict[str, Any]:
        standard = {
            "own": True,
            "title": "Laporan latihan",
            "status": "DISPOSISI",
            "status_text": "Diteruskan",
            "agency": AGENCY,
            "due": (self.now + NEWS_AFTER).date().isoformat(),
            "history": [{"at": self.now.date().isoformat(), "text": "Diterima"}],
            "actions": list(OPEN),
            "hidden": [],
        }
        if facts.get("own") is False:
            standard["actions"] = ["follow"]
        return standard | facts

    def _may(self, question: str) -> None:
        if question in self.given.broken:
            raise ConnectionError(f"the desk does not answer {question}")


def _hidden(deed: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What changes in a report when something of it is hidden."""
    if deed not in HIDES:
        return {}
    left = [one for one in entry["actions"] if one != deed]
    return {"actions": left, "hidden": [*entry["hidden"], HIDES[deed][1]]}
