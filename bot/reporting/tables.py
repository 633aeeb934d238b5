"""A report as tables: headings and cells, before anybody decides what it is written in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.reporting.labels import Labels
from tickets.figures import Figure, Figures, Row, counted_as, has_deadline, kapanewon_of, on_time
from tickets.lives import Life
from tickets.satisfaction import ELEMENTS
from tickets.sla import SlaClock

Cell = str | int | float | None
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its title, its headings and its rows, all of the same length."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A report ready to be written: title, what it is about, tables, notes, and the tickets one by one.

    Its numbers are read in `locale`.
    """

    title: str
    about: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    tickets: Sheet
    locale: str


def paper(found: Figures, labels: Labels, agency: str | None = None) -> Paper:
    """The report of these figures."""
    return Paper(
        title=labels.text("title", kota=labels.city),
        about=tuple(_about(found, labels, agency)),
        sheets=tuple(_sheets(found, labels)),
        notes=tuple(_notes(labels)),
        tickets=ticket_sheet(found, labels),
        locale=labels.locale,
    )


def _about(found: Figures, labels: Labels, agency: str | None) -> Iterator[str]:
    period, zone = found.period, labels.policies.city.timezone
    last = (period.end - timedelta(seconds=1)).astimezone(zone).date()
    as_of = (period.as_of - timedelta(seconds=1)).astimezone(zone).date()
    yield labels.text(
        "period",
        awal=labels.day(period.start.astimezone(zone).date()),
        akhir=labels.day(last),
        per=labels.day(as_of),
    )
    if agency is not None:
        yield labels.text("scope", unit=labels.agency(agency))


def _sheets(found: Figures, labels: Labels) -> Iterator[Sheet]:
    yield summary_sheet(found, labels)
    yield _groups("agencies", found.by_agency, found.total, labels, labels.agency)
    yield _groups("kapanewon", found.by_kapanewon, found.total, labels, labels.kapanewon)
    yield _groups("categories", found.by_category, found.total, labels, labels.category)
    yield _repeats(found, labels)
    yield _ranks("fastest", found.fastest, labels)
    yield _ranks("slowest", found.slowest, labels)
    yield _ikm(found, labels)


def summary_sheet(found: Figures, labels: Labels) -> Sheet:
    """The numbers a city is asked for first, the difference between them spelled out."""
    return Sheet(
        labels.text("summary"),
        (labels.text("figure"), labels.text("value")),
        (*_counted(found.total, labels), *_measured(found.total, labels)),
    )


def _counted(total: Row, labels: Labels) -> Iterator[Cells]:
    count = total.count
    for name in ("received", "done", "in_process", "deferred"):
        yield labels.text(name), getattr(count, name)
    if count.difference:
        told = {"masuk": count.received, "selesai": count.done}
        told |= {"proses": count.in_process, "tunda": count.deferred}
        yield labels.text("difference", **told), count.difference
    for state, number in count.outside.items():
        yield f"  {labels.status(state)}", number
    if count.difference:
        yield f"  {labels.text('unexplained')}", count.unexplained


def _measured(total: Row, labels: Labels) -> Iterator[Cells]:
    yield labels.text("on_time"), labels.share(total.on_time)
    yield labels.text("answer_short"), labels.length(total.answer_hours)
    stretch = labels.policies.sla.stretch_hours
    yield labels.text("answered_soon", jam=stretch), labels.share(total.answered_soon)
    yield labels.text("resolve_short"), labels.length(total.resolve_hours)
    yield labels.text("rating"), labels.mark(total.rating)
    yield labels.text("repeated"), total.repeated
    yield labels.text("reworked"), total.reworked


GROUP = ("received", "done", "in_process", "deferred", "outside")
MEASURES = ("on_time_share", "on_time_n", "answer_hours", "resolve_hours", "rating", "repeated", "reworked")


def _groups(title: str, rows: Sequence[Row], total: Row, labels: Labels, name: Callable[[str], str]) -> Sheet:
    header = tuple(labels.text(one) for one in ("name", *GROUP, *MEASURES))
    body = [_cells(name(row.key), row) for row in rows]
    return Sheet(labels.text(title), header, (*body, _cells(labels.text("total"), total)))


def _cells(name: str, row: Row) -> Cells:
    count = row.count
    parts = (count.received, count.done, count.in_process, count.deferred, count.difference)
    share = _percent(row.on_time)
    hours = (_rounded(row.answer_hours), _rounded(row.resolve_hours))
    again = (row.repeated, row.reworked)
    return (name, *parts, share, row.on_time.n, *hours, _rounded(row.rating, 2), *again)


def _percent(figure: Figure) -> float | None:
    return None if figure.value is None else round(figure.value * 100, 1)


def _rounded(figure: Figure, digits: int = 1) -> float | None:
    return None if figure.value is None else round(figure.value, digits)


def _ranks(title: str, rows: Sequence[Row], labels: Labels) -> Sheet:
    header = tuple(labels.text(one) for one in ("name", "resolve_hours", "n", "on_time_share"))
    body = tuple(
        (labels.agency(row.key), _rounded(row.resolve_hours), row.resolve_hours.n, _percent(row.on_time))
        for row in rows
    )
    return Sheet(labels.text(title), header, body)


def _repeats(found: Figures, labels: Labels) -> Sheet:
    header = tuple(labels.text(one) for one in ("kalurahan", "category", "reports", "people"))
    body = tuple(
        (labels.place(one.kode), labels.category(one.category), one.reports, one.people)
        for one in found.repeats
    )
    return Sheet(labels.text("repeats"), header, body)


def _ikm(found: Figures, labels: Labels) -> Sheet:
    ikm, least = found.ikm, labels.policies.figures.least_surveys
    if ikm.value is None or ikm.means is None:
        why = labels.text("few", n=ikm.n, least=least) if ikm.n else labels.text("none")
        return Sheet(labels.text("ikm"), (labels.text("figure"), labels.text("value")), (("IKM", why),))
    told = f"{labels.number(ikm.value, 2)} ({labels.text('grade', mutu=ikm.grade)}, n = {ikm.n})"
    means = [(labels.text(one), labels.number(ikm.means[one], 2)) for one in ELEMENTS]
    return Sheet(labels.text("ikm"), (labels.text("element"), labels.text("value")), (("IKM", told), *means))


def _notes(labels: Labels) -> Iterator[str]:
    rules = labels.policies.figures
    yield labels.text("note_time")
    yield labels.text("note_again")
    repeats = rules.repeats
    yield labels.text("note_repeats", laporan=repeats.least_reports, warga=repeats.least_people)
    yield labels.text("note_few", least=rules.least_n)
    yield labels.text("note_confidential")
    yield labels.text("note_ikm", least=rules.least_surveys)


TICKET = ("number", "opened", "classification", "category", "agency", "place", "status", "counted", "on_time")


def ticket_sheet(found: Figures, labels: Labels) -> Sheet:
    """Every ticket that is counted, confidential ones left out: what the totals are made of."""
    clock = SlaClock(labels.policies)
    header = tuple(labels.text(one) for one in (*TICKET, "answered_after", "resolved_after"))
    told = [life for life in found.lives if not life.secret]
    rows = tuple(_ticket(life, found, labels, clock) for life in told)
    return Sheet(labels.text("tickets"), header, rows)


def _ticket(life: Life, found: Figures, labels: Labels, clock: SlaClock) -> Cells:
    zone = labels.policies.city.timezone
    return (
        life.number,
        life.opened_at.astimezone(zone).date().isoformat(),
        life.classification,
        labels.category(life.category),
        labels.agency(life.agency),
        labels.kapanewon(kapanewon_of(life.kode)),
        labels.status(life.status or ""),
        labels.status(counted_as(life, labels.policies)),
        _timely(life, found, labels, clock),
        _hours(life, "answered_at"),
        _hours(life, "resolved_at"),
    )


def _timely(life: Life, found: Figures, labels: Labels, clock: SlaClock) -> str:
    """Empty for what has no deadline of the city's, so that counting the column gives the share."""
    if not has_deadline(life, labels.policies):
        return ""
    timely = on_time(life, clock, found.period.as_of)
    return labels.text("open" if timely is None else "yes" if timely else "no")


def _hours(life: Life, moment: str) -> float | None:
    at = getattr(life, moment)
    return None if at is None else round((at - life.opened_at).total_seconds() / 3600, 1)
