"""The words of a report in a language: headings, names of what is counted, numbers as people write them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from babel.dates import format_date
from babel.numbers import format_decimal

from nlu.unseen import visible
from tickets.figures import CONFIDENTIAL, UNKNOWN, Figure, kapanewon_of
from tickets.policies import Policies
from tickets.repeats import Repeat

DAYS_FROM = 48.0
"""Hours from which a length is told in days."""
MONTHS_OF = {"jv": "id"}
"""Babel knows no Javanese: dates and numbers are written the Indonesian way."""


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(
        files("bot.reporting").joinpath("texts.json").read_text(encoding="utf-8")
    )
    return found


@dataclass(frozen=True, slots=True)
class Labels:
    """Words and names of one report; `categories` and `areas` are names by id and by code.

    Names are told without signs nobody sees: one that turns the reading direction would turn a figure around.

    `kalurahan` names the smallest areas; a code it does not know is told by its kapanewon.
    """

    policies: Policies
    categories: Mapping[str, str]
    areas: Mapping[str, str]
    language: str = "id"
    kalurahan: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, **values: object) -> str:
        """One of the report's own words."""
        return _texts()[self.language][name].format(**values)

    @property
    def city(self) -> str:
        """The city's name."""
        return visible(self.policies.city.name)

    def agency(self, key: str) -> str:
        """An agency's short name; with its id where another agency goes by the same."""
        short = self.policies.agencies.short(key)
        shared = sum(one.short == short for one in self.policies.agencies.by_id.values()) > 1
        return self._special(key) or visible(f"{short} ({key})" if shared else short)

    def category(self, key: str) -> str:
        """A category's name."""
        return self._special(key) or visible(self.categories.get(key, key))

    def kapanewon(self, key: str) -> str:
        """A kapanewon's name by its code."""
        if key == UNKNOWN:
            return self.text("unplaced")
        return self._special(key) or visible(self.areas.get(key, key))

    def place(self, kode: str) -> str:
        """A kalurahan's name with its kapanewon: Sidoagung (Godean)."""
        above = self.kapanewon(kapanewon_of(kode))
        own = self.kalurahan.get(kode)
        return f"{visible(own)} ({above})" if own else above

    def repeated(self, found: Repeat) -> str:
        """A place of which the same comes again and again, with its numbers."""
        what = self.category(found.category)
        return self.text(
            "repeat", tempat=self.place(found.kode), apa=what, n=found.reports, warga=found.people
        )

    def status(self, state: str) -> str:
        """A state's name; a count's name for one of the three."""
        if state in ("done", "in_process", "deferred"):
            return self.text(state)
        states = {name: rule.name[self.language] for name, rule in self.policies.lifecycle.states.items()}
        return visible(dict(states).get(state, self.text("unexplained")))  # type: ignore[call-overload]

    def day(self, moment: date) -> str:
        """A date: 25 Mei 2024."""
        return format_date(moment, "d MMM y", locale=self.locale)

    def month(self, moment: date) -> str:
        """The month of a date: Mei 2024."""
        return format_date(moment, "MMM y", locale=self.locale)

    def number(self, value: float, digits: int = 1) -> str:
        """A number with at most so many decimals: 3,2."""
        return format_decimal(round(value, digits), locale=self.locale)

    def share(self, figure: Figure) -> str:
        """A share as a percentage with its n, or why there is none."""
        if figure.value is None:
            return self.few(figure)
        return f"{self.number(figure.value * 100)}% ({self.text('of', n=figure.n)})"

    def length(self, figure: Figure) -> str:
        """A length in hours or days with its n, or why there is none."""
        if figure.value is None:
            return self.few(figure)
        long = figure.value >= DAYS_FROM
        amount = self.number(figure.value / 24 if long else figure.value)
        return f"{self.text('days' if long else 'hours', jumlah=amount)} (n = {figure.n})"

    def mark(self, figure: Figure) -> str:
        """A mean mark with its n, or why there is none."""
        return self.few(figure) if figure.value is None else f"{self.number(figure.value)} (n = {figure.n})"

    def few(self, figure: Figure) -> str:
        """Why a figure is not shown."""
        least = self.policies.figures.least_n
        return self.text("few", n=figure.n, least=least) if figure.n else self.text("none")

    @property
    def locale(self) -> str:
        """The locale numbers and dates are written in."""
        return MONTHS_OF.get(self.language, self.language)

    def _special(self, key: str) -> str:
        return self.text("confidential") if key == CONFIDENTIAL else ""
