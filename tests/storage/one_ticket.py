"""A database with one open report in it, for tests of what hangs on a report."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from storage.reports import cases
from storage.reports.cases import Home
from storage.rows import contacts
from tickets.desk import Desk
from tickets.policies import load_policies
from tickets.ticket import Report, ReportPlace, ScreeningResult

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
POLICIES = load_policies()
DESK = Desk(POLICIES)
REPORT = Report("lampu mati", "pengaduan", "lampu_jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))
NUMBER = "SLM-26-7K3QX"


def open_one(connection: Connection) -> None:
    """Have the report there, and the person it came from."""
    connection.execute(insert(contacts), {"id": "warga", "created_at": NOW, "language": "id"})
    cases.open_ticket(connection, DESK.open(REPORT, NUMBER, "warga", NOW), Home("warga", "telegram", "1"))
