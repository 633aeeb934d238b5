"""What the picture of a report shows, in words and numbers, before it is drawn."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from bot.reporting.labels import Labels
from bot.reporting.shapes import Bar, Drawing
from bot.reporting.tables import paper
from tickets.figures import Figures, Row

MOST_BARS = 8
PARTS = ("done", "in_process", "deferred", "outside")
DAILY, WEEKLY = 31, 190
"""Up to so many days the trend is told by day, by week; beyond by month."""


def drawing(found: Figures, labels: Labels, agency: str | None = None) -> Drawing:
    """What to draw of these figures: by agency, or for a single agency by kapanewon."""
    head = paper(found, labels, agency)
    single = agency is not None
    rows, name = (found.by_kapanewon, labels.kapanewon) if single else (found.by_agency, labels.agency)
    return Drawing(
        title=head.title,
        about=head.about,
        tiles=_tiles(found, labels),
        legend=tuple(labels.text(part) for part in PARTS),
        timely=found.total.on_time.value,
        timely_text=f"{labels.text('on_time')}: {labels.share(found.total.on_time)}",
        lines=_lines(found, labels),
        bars_title=labels.text("kapanewon" if single else "agencies"),
        bars=_bars(rows, name, labels),
        trend_title=labels.text(f"per_{_unit(_length(found, labels))}"),
        trend=_trend(found, labels),
    )


def _tiles(found: Figures, labels: Labels) -> tuple[tuple[str, str], ...]:
    count = found.total.count
    return (
        (labels.text("received"), str(count.received)),
        (labels.text("done"), str(count.done)),
        (labels.text("in_process"), str(count.in_process)),
        (labels.text("deferred"), str(count.deferred)),
    )


def _lines(found: Figures, labels: Labels) -> tuple[str, ...]:
    total = found.total
    lines = [
        f"{labels.text('answer_short')}: {labels.length(total.answer_hours)}",
        f"{labels.text('resolve_short')}: {labels.length(total.resolve_hours)}",
    ]
    if total.count.difference:
        lines.append(f"{labels.text('outside')}: {total.count.difference} ({_outside(found, labels)})")
    return tuple(lines)


def _outside(found: Figures, labels: Labels) -> str:
    count = found.total.count
    parts = [f"{labels.status(state).lower()} {number}" for state, number in count.outside.items()]
    if count.unexplained:
        parts.append(f"{labels.text('unexplained').lower()} {count.unexplained}")
    return ", ".join(parts)


def _bars(rows: Sequence[Row], name: Callable[[str], str], labels: Labels) -> tuple[Bar, ...]:
    """The largest groups, the rest as one, so that the bars still add up to the total."""
    shown = list(rows) if len(rows) <= MOST_BARS else list(rows[: MOST_BARS - 1])
    rest = rows[len(shown) :]
    bars = [Bar(name(row.key), _parts([row])) for row in shown]
    return (*bars, Bar(labels.text("other", jumlah=len(rest)), _parts(rest))) if rest else tuple(bars)


def _parts(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    counts = [row.count for row in rows]
    return (
        sum(count.done for count in counts),
        sum(count.in_process for count in counts),
        sum(count.deferred for count in counts),
        sum(count.difference for count in counts),
    )


def _trend(found: Figures, labels: Labels) -> tuple[tuple[str, int], ...]:
    """How many came in by day, week or month, whichever can be read on a phone."""
    zone = labels.policies.city.timezone
    first, length = found.period.start.astimezone(zone).date(), _length(found, labels)
    begins = BEGINS[_unit(length)]
    told = labels.month if _unit(length) == "month" else labels.day
    counts = Counter(begins(life.opened_at.astimezone(zone).date()) for life in found.lives)
    days = (first + timedelta(days=n) for n in range(length))
    return tuple((told(start), counts[start]) for start in dict.fromkeys(map(begins, days)))


def _length(found: Figures, labels: Labels) -> int:
    """The days of the period."""
    zone = labels.policies.city.timezone
    return (found.period.end.astimezone(zone).date() - found.period.start.astimezone(zone).date()).days


def _unit(days: int) -> str:
    if days <= DAILY:
        return "day"
    return "week" if days <= WEEKLY else "month"


BEGINS: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
"""Where the day, week or month of a date begins."""
