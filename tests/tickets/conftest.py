from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tickets.desk import Desk, DeskRefusal
from tickets.policies import Policies, load_policies
from tickets.ticket import Actor, Change, Command, Report, ReportPlace, ScreeningResult, Ticket

GODEAN = ReportPlace("depan Pasar Godean", "34.04.01.2001", "Sidoagung", "Godean", "Sleman", -7.767, 110.293)


@pytest.fixture(scope="session")
def policies() -> Policies:
    return load_policies()


@pytest.fixture(scope="session")
def desk(policies: Policies) -> Desk:
    return Desk(policies)


@pytest.fixture(scope="session")
def report() -> Report:
    return Report(
        narrative="lampu jalan depan pasar godean mati seminggu",
        classification="pengaduan",
        category="lampu_jalan",
        subcategory="mati",
        place=GODEAN,
        screening=ScreeningResult("pass", (), "lampu jalan depan pasar godean mati seminggu"),
    )


@pytest.fixture(scope="session")
def friday(policies: Policies) -> datetime:
    return datetime(2026, 11, 20, 9, 0, tzinfo=policies.city.timezone)


@pytest.fixture(scope="session")
def actors() -> dict[str, Actor]:
    return {
        "pelapor": Actor("citizen", "warga-1"),
        "warga": Actor("citizen", "warga-2"),
        "sistem": Actor("system"),
        "penghubung": Actor("operator", "op-1", "dishub", "penghubung"),
        "petugas": Actor("operator", "op-2", "dishub", "petugas"),
        "penghubung lain": Actor("operator", "op-3", "dlh", "penghubung"),
        "koordinator": Actor("operator", "op-4", "koordinator", "koordinator"),
        "wbs": Actor("operator", "op-5", "inspektorat", "wbs"),
        "pimpinan": Actor("operator", "op-6", "dishub", "pimpinan"),
    }


class Story:
    """One ticket and the clock: says who does what, and remembers all that came of it."""

    def __init__(self, desk: Desk, actors: dict[str, Actor], opened: Change, now: datetime) -> None:
        self.desk, self.actors, self.now = desk, actors, now
        self.changes = [opened]

    @property
    def ticket(self) -> Ticket:
        return self.changes[-1].ticket

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(notice.audience, notice.name) for notice in self.changes[-1].notices]

    def does(self, who: str, action: str, beside: Ticket | None = None, **fields: Any) -> Change:
        command = Command(action, self.actors[who], **fields)
        if beside is not None:
            command = replace(command, target=beside.number)
        change = self.desk.act(self.ticket, command, self.now, beside)
        self.changes.append(change)
        return change

    def refused(self, who: str, action: str, **fields: Any) -> DeskRefusal:
        with pytest.raises(DeskRefusal) as caught:
            self.does(who, action, **fields)
        return caught.value

    def solved(self) -> "Story":
        self.does("penghubung", "claim")
        self.does("penghubung", "close", text="Lampu sudah diganti.", proof=("sesudah",))
        self.does("sistem", "delivered")
        return self

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def until(self, moment: datetime | None) -> None:
        assert moment is not None
        self.now = moment


@pytest.fixture
def story(desk: Desk, report: Report, friday: datetime, actors: dict[str, Actor]) -> Callable[..., Story]:
    def begin(number: str = "SLM-26-7XW2T", reporter: str = "warga-1", **changed: Any) -> Story:
        opened = desk.open(replace(report, **changed), number, reporter, friday)
        return Story(desk, actors, opened, friday)

    return begin
