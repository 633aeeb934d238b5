"""A city's reports of a period, made by the desk itself and kept as the program keeps them."""

import asyncio
import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storage.doors.database import Connection, Database, writing_engine
from storage.reports import cases, following
from storage.reports.cases import Home
from storage.rows import contacts
from tests.conftest import ON_POSTGRES
from tickets.desk import Desk
from tickets.numbers import make_number
from tickets.policies import Policies, load_policies
from tickets.ticket import Actor, Command, Report, ReportPlace, ScreeningResult, Ticket

REPORTER = "pelapor-yang-tak-boleh-terbaca"
ADDRESS = "628123456789"
CATEGORIES = (
    "lampu_jalan",
    "jalan",
    "sampah",
    "adminduk",
    "kesehatan",
    "ketertiban",
    "bansos",
    "pasar",
    "tik",
    "listrik",
)
KODES = ("34.04.01.2001", "34.04.07.2003", "34.04.12.2002", "34.04", "")


@dataclass
class Archive:
    """Files reports and plays what becomes of them, through the desk, into a database."""

    run: Callable[[Callable[[Connection], Any]], Any]
    policies: Policies
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    given: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def __post_init__(self):
        self.desk = Desk(self.policies)

    def file(self, end: str, opened: datetime, by: str = REPORTER, **changed) -> Ticket:
        """A report opened then, taken as far as `end` says."""
        report = replace(self._report(), **({"category": "jalan"} if end == "deferred" else {}) | changed)
        number = self._number(opened.year)
        change = self.desk.open(report, number, self._known(by), opened)
        self.run(lambda c: cases.open_ticket(c, change, Home(by, "telegram", ADDRESS)))
        return self._play(change.ticket, end, opened)

    def follow(self, number: str, who: str, since: datetime) -> None:
        """Somebody who hears of a report from then on."""
        home = Home(self._known(who), "telegram", ADDRESS)
        self.run(lambda c: following.follow(c, number, home, since))

    def _known(self, who: str) -> str:
        if who not in self.people:
            row = {"id": who, "created_at": datetime(2024, 1, 1, tzinfo=UTC), "language": "id"}
            self.run(lambda c: c.execute(insert(contacts), row).rowcount)
            self.people.add(who)
        return who

    def _number(self, year: int) -> str:
        free = (number for _ in range(99) if (number := make_number("SLM", year, self.rng)) not in self.given)
        number = next(free)
        self.given.add(number)
        return number

    def _report(self) -> Report:
        place = ReportPlace("depan pasar", self.rng.choice(KODES))
        category = self.rng.choice(CATEGORIES)
        return Report("lampu mati", "pengaduan", category, "", place, ScreeningResult("pass", (), ""))

    def _play(self, ticket: Ticket, end: str, now: datetime) -> Ticket:
        staff = Actor("operator", "op", ticket.agency, "wbs" if "WBS" in ticket.flags else "koordinator")
        citizen, clock = Actor("citizen", REPORTER), Actor("system")
        closing = {"text": "Sudah dikerjakan.", "proof": ("foto",)}
        steps = {
            "done": [
                ("reply", staff, {"text": "Besok dicek."}),
                ("close", staff, closing),
                ("delivered", clock, {}),
                ("confirm", citizen, {}),
                ("rate", citizen, {"value": self.rng.randint(1, 5)}),
            ],
            "waiting": [("close", staff, closing)],
            "in_process": [("reply", staff, {"text": "Besok dicek."})],
            "deferred": [("ask_data", staff, {"text": "Di mana tepatnya?"})],
            "withdrawn": [("cancel", citizen, {})],
            "refused": [("refuse", staff, {"reason": "spam"})],
            "referred": [("refer", staff, {"target": "bbpjn"})],
        }[end]
        for action, actor, fields in steps:
            if ticket.status == "DITERUSKAN" and action in ("refer", "ask_data"):
                continue
            now += timedelta(hours=self.rng.randint(1, 200) if end != "deferred" else 2)
            ticket = self.act(ticket, Command(action, actor, **fields), now)
        return ticket

    def act(self, ticket: Ticket, command: Command, now: datetime) -> Ticket:
        change = self.desk.act(ticket, command, now)
        self.run(lambda c: cases.save(c, change, ticket.version))
        return change.ticket


@pytest.fixture(scope="session")
def policies() -> Policies:
    return load_policies()


@contextmanager
def _in_file(url: str):
    engine = writing_engine(url)
    with engine.begin() as connection:
        yield lambda work: work(connection)
    engine.dispose()


@contextmanager
def _on_server(url: str):
    """By the program's own door, on a loop that runs only meanwhile."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        database = Database(url)
        runner.run(database.__aenter__())
        try:
            yield lambda work: runner.run(database.write(work))
        finally:
            runner.run(database.close())


@contextmanager
def archive_in(database_url: str, policies: Policies):
    """An archive in a migrated database."""
    with (_on_server if ON_POSTGRES else _in_file)(database_url) as run:
        yield Archive(run, policies)


@pytest.fixture
def archive(database_url, policies):
    with archive_in(database_url, policies) as found:
        yield found
