"""The page of figures as HTML: numbers only, no script, readable on a phone; its words are in `page.json`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib.resources import files
from math import ceil
from string import Template

from babel.dates import format_date

from bot.reporting.days import days_of
from bot.reporting.labels import Labels
from bot.reporting.map import Map
from tickets.figures import Figure, Figures, Row
from tickets.folding import folded

LANGUAGES = {"id": "Bahasa Indonesia", "jv": "Basa Jawa", "en": "English"}
STYLE = files("bot.reporting").joinpath("page.css").read_text(encoding="utf-8").strip()
KEY = "@KUNCI@"
"""Stands in links of the fuller page where the key of whoever looks at it belongs."""
LEVELS = 5
WIDEST_BAR = 100
NO_VALUE = "-"


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(
        files("bot.reporting").joinpath("page.json").read_text(encoding="utf-8")
    )
    return found


@cache
def _frame() -> Template:
    return Template(files("bot.reporting").joinpath("page.html").read_text(encoding="utf-8"))


class Drawn(str):
    """What this page drew itself: no words of anybody, so it stands as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class View:
    """Which page: the month by its first day, the newest that is shown, and whether it is the fuller one."""

    labels: Labels
    month: date
    newest: date
    full: bool = False
    scope: str | None = None

    def say(self, name: str, **values: object) -> str:
        """One of the page's own words, safe in HTML."""
        return escape(_texts()[self.labels.language][name].format(**values))

    def word(self, name: str, **values: object) -> str:
        """One of the words all reports use, safe in HTML."""
        return escape(self.labels.text(name, **values))

    @property
    def place(self) -> str:
        """What the figures are of."""
        return self.labels.city if self.scope is None else self.labels.agency(self.scope)

    def of_month(self, month: date) -> str:
        """A month by its name."""
        return escape(format_date(month, "MMMM y", locale=self.labels.locale))

    def link(self, month: date, language: str = "") -> str:
        """The address of the page of another month or language."""
        asked = f"?bulan={month:%Y-%m}&amp;bahasa={language or self.labels.language}"
        return f"{asked}&amp;kunci={KEY}" if self.full else asked


def page(found: Figures, view: View, drawn: Map | None) -> str:
    """The page of a month's figures."""
    least = view.labels.policies.figures.page.least
    enough = view.full or found.total.count.received >= least
    body = [*_head(found, view), *(_numbers(found, view, drawn) if enough else [f"<p>{view.say('few')}</p>"])]
    return _framed("\n".join([*body, *_notes(view)]), view)


def closed_page(why: str, labels: Labels) -> str:
    """A page that says why there is nothing to see."""
    view = View(labels, date.min, date.min)
    return _framed(f"<p>{view.say(why)}</p>", view)


def _framed(body: str, view: View) -> str:
    return _frame().substitute(
        language=view.labels.language,
        robots="noindex, nofollow" if view.full else "index",
        title=view.say("title", kota=view.place),
        style=STYLE,
        body=body,
        footer='<a href="/">Kentongan</a>',
    )


def _head(found: Figures, view: View) -> Iterator[str]:
    last = days_of(found.period, view.labels.policies.city.timezone)[1]
    as_of = (found.period.as_of - timedelta(seconds=1)).astimezone(view.labels.policies.city.timezone).date()
    per = view.labels.day(min(last, as_of))
    yield f'<p class="about">{view.say("about", bulan=view.of_month(view.month), per=per)}</p>'
    if view.full:
        yield f'<p class="note">{view.say("full")}</p>'
    months = [view.month.replace(day=1) - timedelta(days=1), view.month + timedelta(days=31)]
    told = [month.replace(day=1) for month in months if month.replace(day=1) <= view.newest]
    yield _nav(view.say("months"), [(view.link(month), view.of_month(month), "") for month in told])
    others = [(code, name) for code, name in LANGUAGES.items() if code != view.labels.language]
    yield _nav(view.say("languages"), [(view.link(view.month, code), name, code) for code, name in others])


def _nav(label: str, links: Iterable[tuple[str, str, str]]) -> str:
    told = "".join(
        f'<a href="{address}"{f" lang={code}" if code else ""}>{name}</a>' for address, name, code in links
    )
    return f'<nav aria-label="{label}">{told}</nav>'


def _numbers(found: Figures, view: View, drawn: Map | None) -> Iterator[str]:
    yield _tiles(found, view)
    yield _facts(found, view)
    if view.full and view.scope is None:
        yield _agencies(found, view)
    kapanewon, categories = _shown(found.by_kapanewon, view), _shown(found.by_category, view)
    if drawn is not None:
        yield _map(kapanewon[0], view, drawn)
    yield _table("kapanewon", *kapanewon, view, view.labels.kapanewon)
    yield _table("categories", *categories, view, view.labels.category)
    if view.full and found.repeats:
        told = "".join(f"<li>{escape(view.labels.repeated(one))}</li>" for one in found.repeats)
        yield f"<section><h2>{view.word('repeats')}</h2><ul>{told}</ul></section>"


def _shown(rows: Sequence[Row], view: View) -> tuple[Sequence[Row], int]:
    """The groups that are told apart, and how many reports the others have."""
    return (rows, 0) if view.full else folded(rows, view.labels.policies.figures.page.least)


def _tiles(found: Figures, view: View) -> str:
    count = found.total.count
    told = "".join(
        f"<div><dt>{view.word(name)}</dt><dd>{view.labels.number(getattr(count, name))}</dd></div>"
        for name in ("received", "done", "in_process", "deferred")
    )
    return f'<dl class="tiles">{told}</dl>'


def _facts(found: Figures, view: View) -> str:
    labels, total, ikm = view.labels, found.total, found.ikm
    index = labels.text("few", n=ikm.n, least=labels.policies.figures.least_surveys)
    if ikm.value is not None:
        index = f"{labels.number(ikm.value, 2)} ({labels.text('grade', mutu=ikm.grade)}, n = {ikm.n})"
    facts = [("outside", labels.number(total.count.difference))] if total.count.difference else []
    facts += [
        ("on_time", labels.share(total.on_time)),
        ("answer_short", labels.length(total.answer_hours)),
        ("resolve_short", labels.length(total.resolve_hours)),
        ("ikm", index),
    ]
    told = "".join(f"<dt>{view.word(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<dl class="facts">{told}</dl>'


def _agencies(found: Figures, view: View) -> str:
    names = ("agency", "received", "done", "on_time", "resolve_short")
    rows = [
        (
            view.labels.agency(row.key),
            str(row.count.received),
            str(row.count.done),
            _percent(row.on_time, view),
            _length(row.resolve_hours, view),
        )
        for row in found.by_agency
    ]
    return _section(view.word("agencies"), [view.word(name) for name in names], rows)


def _map(rows: Sequence[Row], view: View, drawn: Map) -> str:
    counts = {row.key: row.count.received for row in rows}
    most = max(counts.values(), default=0)
    levels = {key: ceil(count / most * LEVELS) for key, count in counts.items()}
    told = "".join(
        f'<path class="c{levels.get(kode, 0)}" d="{path}"><title>{_named(kode, counts, view)}</title></path>'
        for kode, path in drawn.paths.items()
    )
    about = view.say("map_about", kota=view.labels.city)
    box = f'viewBox="-2 -2 {drawn.width + 4} {drawn.height + 4}"'
    svg = f'<svg class="map" {box} role="img" aria-label="{about}">{told}</svg>'
    return f'<section><h2>{view.say("map")}</h2>{svg}<p class="note">{about}</p></section>'


def _named(kode: str, counts: Mapping[str, int], view: View) -> str:
    name = escape(view.labels.kapanewon(kode))
    return f"{name}: {counts[kode]}" if kode in counts else name


def _table(title: str, rows: Sequence[Row], rest: int, view: View, name: Callable[[str], str]) -> str:
    most = max([rest, *(row.count.received for row in rows)], default=0)
    cells = [
        (name(row.key), str(row.count.received), _bar(row.count.received, most), _percent(row.on_time, view))
        for row in rows
    ]
    if rest:
        cells.append((_texts()[view.labels.language]["rest"], str(rest), _bar(rest, most), NO_VALUE))
    head = [view.word("name"), view.word("received"), "", view.say("share")]
    return _section(view.word(title), head, cells)


def _bar(count: int, most: int) -> Drawn:
    width = max(round(count / most * WIDEST_BAR), 1)
    return Drawn(
        f'<svg viewBox="0 0 {WIDEST_BAR} 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar" width="{width}" height="8"/></svg>'
    )


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell is text, but for drawn bars, which have no heading."""
    heads = "".join(f'<th scope="col">{one}</th>' if one else "<td></td>" for one in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{one if isinstance(one, Drawn) else escape(one)}</td>" for one in cells)
        + "</tr>"
        for first, *cells in rows
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    region = f'<div class="wide" role="region" tabindex="0" aria-label="{title}">{table}</div>'
    return f"<section><h2>{title}</h2>{region}</section>"


def _percent(figure: Figure, view: View) -> str:
    return NO_VALUE if figure.value is None else f"{view.labels.number(figure.value * 100, 0)}%"


def _length(figure: Figure, view: View) -> str:
    return NO_VALUE if figure.value is None else view.labels.length(figure)


def _notes(view: View) -> Iterator[str]:
    rules = view.labels.policies.figures
    yield f'<p class="note">{view.say("counted", least=rules.least_n)}</p>'
    if not view.full:
        yield f'<p class="note">{view.say("small", least=rules.page.least)}</p>'
