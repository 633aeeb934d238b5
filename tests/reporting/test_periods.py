"""The periods staff name after /statistik, on ordinary days and on those that only some years have."""

from datetime import date, datetime, timedelta

import pytest

from bot.operator.figures import period_in
from bot.services.desk.figures import FigureDesk
from tickets.policies import load_policies

POLICIES = load_policies()
ZONE = POLICIES.city.timezone


def named(words: str, today: str) -> tuple[str, str] | None:
    """First and last day of the period that these words name on that day."""
    now = datetime.fromisoformat(f"{today}T10:00").replace(tzinfo=ZONE)
    found = period_in(words, FigureDesk(None, POLICIES, lambda: now))  # type: ignore[arg-type]
    return found and (str(found.start.date()), str((found.end - timedelta(seconds=1)).date()))


@pytest.mark.parametrize(
    ("words", "today", "period"),
    [
        ("", "2026-03-01", ("2026-01-31", "2026-03-01")),
        ("7", "2026-01-03", ("2025-12-28", "2026-01-03")),
        ("hari", "2028-02-29", ("2028-02-29", "2028-02-29")),
        ("minggu", "2026-01-01", ("2025-12-29", "2026-01-01")),
        ("Bulan", "2028-02-29", ("2028-02-01", "2028-02-29")),
        ("tahun", "2028-02-29", ("2028-01-01", "2028-02-29")),
        ("2024-01-01 2024-05-25", "2028-02-29", ("2024-01-01", "2024-05-25")),
        ("2024-01-01 sampai 2024-02-29", "2026-11-22", ("2024-01-01", "2024-02-29")),
        ("2028-02-29", "2028-02-29", ("2028-02-29", "2028-02-29")),
        ("2026-02-29", "2026-11-22", None),
        ("2024-05-25 2024-01-01", "2026-11-22", None),
        ("0", "2026-11-22", None),
        ("99999", "2026-11-22", None),
        ("²", "2026-11-22", None),
        ("kemarin dulu", "2026-11-22", None),
    ],
)
def test_a_period_is_what_people_mean(words, today, period):
    assert named(words, today) == period


def test_the_day_is_the_citys():
    late = datetime(2026, 11, 22, 18, tzinfo=ZONE) + timedelta(hours=7)  # 18:00 UTC, the 23rd in Sleman
    assert FigureDesk(None, POLICIES, lambda: late).today() == date(2026, 11, 23)  # type: ignore[arg-type]
