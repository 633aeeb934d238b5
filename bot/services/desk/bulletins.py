"""What staff are told in figures: statistics on demand, the morning digest, the weekly ranking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from bot.reporting.days import before, days_of, last_month
from bot.reporting.drawing import drawing
from bot.reporting.labels import Labels
from bot.reporting.picture import PictureError, png_of
from bot.reporting.spoken import speech
from bot.services.core import OPERATOR, Core
from bot.services.desk.figures import FigureDesk
from bot.services.files.keeping import kept_attachment
from bot.services.reports.naming import labels_of, state_for_staff
from dialogs.messages import Attachment, OutboundMessage
from dialogs.responses import render
from nlu.unseen import visible
from storage.reports import figures as store
from tickets.figures import Figures, Period, Row

log = structlog.get_logger(__name__)

WEEK, MONTH = 7, 30
"""Days the daily and weekly bulletins look back on."""
WEEKLY, NO_RANKING = "petugas_ringkasan_mingguan", "petugas_ringkasan_mingguan_kosong"
REPEATS = 3
"""How many repeat places a message names; the report names more."""


@dataclass(frozen=True, slots=True)
class Bulletins:
    """Writes figures as messages to the staff, each with its picture."""

    core: Core

    @property
    def desk(self) -> FigureDesk:
        """Where the figures come from."""
        return FigureDesk(self.core.database, self.core.policies, self.core.clock)

    async def statistics(
        self, period: Period, agency: str | None, language: str, link: str = ""
    ) -> OutboundMessage:
        """The figures of a period for one agency or for all, with the picture, and a link to more."""
        found = await self.desk.of(period, agency)
        values = self._told(found, language) | await self._standing(agency)
        values |= {"unit": self._name(agency), "keadaan": self._states(found, language)}
        values |= {"tautan": link, "jam": str(self.core.policies.figures.page.hours) if link else ""}
        return await self._message("petugas_angka", values, found, agency, language)

    async def spoken(self, period: Period, agency: str | None, language: str) -> OutboundMessage:
        """The figures of a period as sentences to be read aloud, beside the period before it."""
        days = days_of(period, self.core.policies.city.timezone)
        was = await self.desk.of(self.desk.days(*before(*days)), agency)
        text = speech(await self.desk.of(period, agency), was, self._labels(language), agency)
        return OutboundMessage(text.strip())

    async def daily(self, agency: str | None, language: str) -> OutboundMessage:
        """The morning digest: what lies open today, and the month behind it in figures."""
        found = await self.desk.of(self.desk.last_days(MONTH), agency)
        values = self._told(found, language) | await self._standing(agency)
        values |= {"unit": self._name(agency), "hari": self._labels(language).day(self.desk.today())}
        return await self._message("petugas_ringkasan_harian", values, found, agency, language)

    async def weekly(self, agency: str | None, language: str) -> OutboundMessage:
        """The units that were fastest and slowest over the month, for leaders; for one unit its own place."""
        period = self.desk.last_days(MONTH)
        found = await self.desk.of(period, agency)
        values = self._told(found, language) | {"unit": self._name(agency)}
        values |= {"least": str(self.core.policies.figures.least_n)}
        if agency is None:
            name, ranks = self._ends(found, self._labels(language))
        else:
            name, ranks = self._place(agency, await self.desk.of(period))
        return await self._message(name, values | ranks, found, agency, language)

    async def monthly(self, agency: str | None, language: str) -> OutboundMessage:
        """The month that is over, in words to be read aloud and as a picture."""
        period = self.desk.days(*last_month(self.desk.today()))
        spoken = await self.spoken(period, agency, language)
        found = await self.desk.of(period, agency)
        return await self._message(
            "petugas_ringkasan_bulanan", {"teks": spoken.text}, found, agency, language
        )

    def _ends(self, found: Figures, labels: Labels) -> tuple[str, dict[str, str]]:
        """The text for the fastest and the slowest units, and its values."""
        ranks = {"cepat": self._listed(found.fastest, labels), "lama": self._listed(found.slowest, labels)}
        return (WEEKLY if found.ranked else NO_RANKING), ranks

    def _place(self, agency: str, found: Figures) -> tuple[str, dict[str, str]]:
        """The text for one unit's place among all, and its values: of the others it is told nothing."""
        keys = [row.key for row in found.ranked]
        if agency not in keys:
            return NO_RANKING, {}
        return f"{WEEKLY}_unit", {"urutan": str(keys.index(agency) + 1), "banyak": str(len(keys))}

    async def _message(
        self, name: str, values: Mapping[str, str], found: Figures, agency: str | None, language: str
    ) -> OutboundMessage:
        text = render(self.core.bundles.live, name, language, OPERATOR, values).text
        return OutboundMessage(text, attachments=await self._picture(found, agency, language), response=name)

    async def _picture(self, found: Figures, agency: str | None, language: str) -> tuple[Attachment, ...]:
        """The picture, kept so that it outlives a restart; without it the words still go."""
        try:
            png = await png_of(drawing(found, self._labels(language), agency))
        except PictureError as error:
            log.warning("no picture", reason=str(error))
            return ()
        return (await kept_attachment(self.core, "photo", png, "statistik.png"),)

    async def _standing(self, agency: str | None) -> dict[str, str]:
        now = self.core.clock()
        tonight = self.desk.days(self.desk.today(), self.desk.today()).end
        found = await self.core.database.read(lambda c: store.standing(c, now, tonight, agency))
        return {"terbuka": str(found.open), "lewat": str(found.late), "jatuh": str(found.today)}

    def _told(self, found: Figures, language: str) -> dict[str, str]:
        labels, count, total = self._labels(language), found.total.count, found.total
        zone = self.core.policies.city.timezone
        first, last = days_of(found.period, zone)
        return {
            "awal": labels.day(first),
            "akhir": labels.day(last) if last != first else "",
            "sehari": labels.day(last) if last == first else "",
            "masuk": str(count.received),
            "selesai": str(count.done),
            "proses": str(count.in_process),
            "tunda": str(count.deferred),
            "luar": str(count.difference) if count.difference else "",
            "tepat": labels.share(total.on_time),
            "tanggap": labels.length(total.answer_hours),
            "tuntas": labels.length(total.resolve_hours),
            "berulang": "; ".join(labels.repeated(one) for one in found.repeats[:REPEATS]),
        }

    def _states(self, found: Figures, language: str) -> str:
        """How many of the period stand where, in the lifecycle's order."""
        states = self.core.policies.lifecycle.states
        counts = [(name, sum(life.status == name for life in found.lives)) for name in states]
        return "\n".join(
            f"• {state_for_staff(self.core, name, language)}: {count}" for name, count in counts if count
        )

    def _listed(self, rows: Iterable[Row], labels: Labels) -> str:
        """Each on a line of its own below the heading."""
        return "".join(
            f"\n{place}. {labels.agency(row.key)}: {labels.length(row.resolve_hours)}"
            for place, row in enumerate(rows, 1)
        )

    def _name(self, agency: str | None) -> str:
        policies = self.core.policies
        return visible(policies.city.name if agency is None else policies.agencies.short(agency))

    def _labels(self, language: str) -> Labels:
        return labels_of(self.core.policies, language)
