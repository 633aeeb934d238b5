"""A report to be read aloud: plain sentences of about a minute; the words are in `spoken.json`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.dates import format_date

from bot.reporting.days import days_of, whole_months
from bot.reporting.labels import DAYS_FROM, Labels
from tickets.figures import CONFIDENTIAL, Figure, Figures, Row
from tickets.repeats import Repeat

Text = str | Sequence[str]
ONE_HOUR = 1.5
"""Up to so many hours it is an hour."""
NEAR = 8
"""From so many of a hundred on, a share is nearly the next tenth."""
POINTS = 2
"""A share that moved by fewer points of a hundred is about the same."""


@cache
def _texts() -> Mapping[str, Mapping[str, Text]]:
    found: Mapping[str, Mapping[str, Text]] = json.loads(
        files("bot.reporting").joinpath("spoken.json").read_text(encoding="utf-8")
    )
    return found


def speech(found: Figures, before: Figures, labels: Labels, agency: str | None = None) -> str:
    """What to read of a period beside the one before it; what rests on too few reports is left out."""
    voice = Voice(labels)
    place = labels.city if agency is None else labels.agency(agency)
    paragraphs = (
        [voice.say("opening", tempat=place, masa=voice.period(found))],
        _counted(found, before, voice),
        _measured(found.total, before.total, voice),
        _categories(found, before, voice),
        _agencies(found, voice) if agency is None else (),
        _places(found, voice),
        _satisfied(found, voice),
        [voice.say("closing")],
    )
    told = [" ".join(map(_begun, one)) for one in paragraphs]
    return "\n\n".join(one for one in told if one) + "\n"


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True, slots=True)
class Voice:
    """Says numbers, shares and lengths the way the ear takes them in."""

    labels: Labels

    def say(self, name: str, **values: object) -> str:
        """One of the sentences."""
        text = _texts()[self.labels.language][name]
        assert isinstance(text, str)  # noqa: S101 only the numerals are a list
        return text.format(**values)

    def number(self, value: int) -> str:
        """A small number as a word, a large one in digits."""
        words = _texts()[self.labels.language]["numerals"]
        return words[value] if value < len(words) else self.labels.number(value)

    def period(self, found: Figures) -> str:
        """A month by its name, else its first and last day."""
        first, last = days_of(found.period, self.labels.policies.city.timezone)
        if whole_months(first, last) == 1:
            return self.say("month", bulan=format_date(first, "MMMM y", locale=self.labels.locale))
        days = [format_date(one, "d MMMM y", locale=self.labels.locale) for one in (first, last)]
        return self.say("days_of", awal=days[0], akhir=days[1])

    def share(self, value: float) -> str:
        """A share in tenths: almost nine out of ten."""
        tenths, rest = divmod(round(value * 100), 10)
        if round(value * 100) in (0, 100):
            return self.say("share_all" if tenths else "share_none")
        if not NEAR <= tenths * 10 + rest <= 100 - NEAR:
            return self.say("share_all_nearly" if tenths else "share_none_nearly")
        below, above = self.number(tenths), self.number(tenths + 1)
        if rest == 0:
            return self.say("share", n=below)
        if rest <= 10 - NEAR:
            return self.say("share_over", n=below)
        return (
            self.say("share_nearly", n=above)
            if rest >= NEAR
            else self.say("share_between", n=below, atas=above)
        )

    def length(self, hours: float) -> str:
        """About so many hours or days."""
        if hours < ONE_HOUR:
            return self.say("at_once")
        long = hours >= DAYS_FROM
        return self.say("days" if long else "hours", n=self.number(round(hours / 24 if long else hours)))

    def category(self, key: str) -> str:
        """A category's name, without signs nobody speaks."""
        return self.labels.category(key).replace("&", self.say("ampersand"))

    def listed(self, names: Sequence[str], between: str = "and") -> str:
        """Several things as one speaks of them: a, b and c; `then` keeps long ones apart."""
        if len(names) < 2:
            return "".join(names)
        return self.say(between, awal=", ".join(names[:-1]), akhir=names[-1])


def _counted(found: Figures, before: Figures, voice: Voice) -> Iterator[str]:
    now, was = found.total.count, before.total.count
    if not now.received:
        yield voice.say("none")
        return
    yield voice.say(
        "received", n=voice.number(now.received), banding=_against(now.received, was.received, voice)
    )
    counts = [(name, getattr(now, name)) for name in ("done", "in_process", "deferred")]
    told = [voice.say(name, n=voice.number(count)) for name, count in counts if count]
    if told:
        yield voice.say("standing", daftar=voice.listed(told))
    if now.difference:
        yield voice.say("outside", n=voice.number(now.difference))


def _against(now: int, was: int, voice: Voice) -> str:
    if now == was:
        return voice.say("same")
    return voice.say("more" if now > was else "fewer", n=voice.number(abs(now - was)))


def _measured(now: Row, was: Row, voice: Voice) -> Iterator[str]:
    if now.on_time.value is not None:
        told = voice.share(now.on_time.value)
        yield voice.say("on_time", bagian=told, persen=round(now.on_time.value * 100))
        yield from _points(now.on_time, was.on_time, voice)
    for name in ("answer", "resolve"):
        yield from _length(name, getattr(now, f"{name}_hours"), getattr(was, f"{name}_hours"), voice)


def _points(now: Figure, was: Figure, voice: Voice) -> Iterator[str]:
    if now.value is not None and was.value is not None:
        points = round(now.value * 100) - round(was.value * 100)
        name = "points_same" if abs(points) < POINTS else "points_up" if points > 0 else "points_down"
        yield voice.say(name, n=voice.number(abs(points)))


def _length(name: str, now: Figure, was: Figure, voice: Voice) -> Iterator[str]:
    if now.value is None:
        return
    told = voice.length(now.value)
    yield voice.say(name, lama=told)
    if was.value is not None and voice.length(was.value) != told:
        yield voice.say("faster" if now.value < was.value else "slower", lama=voice.length(was.value))


def _categories(found: Figures, before: Figures, voice: Voice) -> Iterator[str]:
    rows = [row for row in found.by_category if row.key != CONFIDENTIAL]
    least, names = voice.labels.policies.figures.least_n, voice.labels.policies.figures.spoken.names
    large = [row for row in rows if row.count.received >= least]
    if large:
        told = [
            voice.say("some", apa=voice.category(row.key), n=voice.number(row.count.received))
            for row in large[:names]
        ]
        yield voice.say("most", daftar=voice.listed(told, "then"))
    yield from _moved(found, before, voice)


def _moved(found: Figures, before: Figures, voice: Voice) -> Iterator[str]:
    """The category that rose most and the one that fell most, of those with enough reports to speak of."""
    now, was = _by_category(found), _by_category(before)
    least = voice.labels.policies.figures.least_n
    moves = {
        key: now.get(key, 0) - was.get(key, 0)
        for key in sorted(now.keys() | was.keys())
        if max(now.get(key, 0), was.get(key, 0)) >= least
    }
    for name, pick in (("rose", max), ("fell", min)):
        key = pick(moves, key=lambda one: moves[one], default=None)
        if key is not None and (moves[key] > 0) == (name == "rose") and moves[key]:
            counts = voice.number(was.get(key, 0)), voice.number(now.get(key, 0))
            yield voice.say(name, apa=voice.category(key), dari=counts[0], jadi=counts[1])


def _by_category(found: Figures) -> dict[str, int]:
    return {row.key: row.count.received for row in found.by_category if row.key != CONFIDENTIAL}


def _agencies(found: Figures, voice: Voice) -> Iterator[str]:
    rule = voice.labels.policies.figures.spoken
    rows = [row for row in found.by_agency if row.key in voice.labels.policies.agencies]
    best = sorted(rows, key=lambda row: (-(row.on_time.value or 0), -row.on_time.n, row.key))
    thanked = _some(best, lambda share: share * 100 >= rule.thank_from, rule.names)
    helped = _some(best[::-1], lambda share: share * 100 < rule.help_below, rule.names)
    if thanked:
        yield voice.say("thank", daftar=voice.listed([voice.labels.agency(row.key) for row in thanked]))
    if helped:
        told = [
            voice.say(
                "late", siapa=voice.labels.agency(row.key), persen=round((row.on_time.value or 0) * 100)
            )
            for row in helped
        ]
        yield voice.say("help", daftar=voice.listed(told, "then"))


def _some(rows: Sequence[Row], chosen: Callable[[float], bool], most: int) -> list[Row]:
    """The first rows whose share on time is known and chosen."""
    return [row for row in rows if row.on_time.value is not None and chosen(row.on_time.value)][:most]


def _places(found: Figures, voice: Voice) -> Iterator[str]:
    told = [_place(one, voice) for one in found.repeats[: voice.labels.policies.figures.spoken.names]]
    if told:
        yield voice.say("places", daftar=voice.listed(told, "then"))


def _place(one: Repeat, voice: Voice) -> str:
    labels = voice.labels
    values = {"tempat": labels.place(one.kode), "apa": voice.category(one.category)}
    return voice.say("place", **values, n=voice.number(one.reports), warga=voice.number(one.people))


def _satisfied(found: Figures, voice: Voice) -> Iterator[str]:
    ikm, least = found.ikm, voice.labels.policies.figures.least_surveys
    if ikm.value is None:
        yield voice.say("ikm_few" if ikm.n else "ikm_none", n=voice.number(ikm.n), least=voice.number(least))
    else:
        value = voice.labels.number(ikm.value)
        yield voice.say("ikm", nilai=value, mutu=ikm.grade, n=voice.number(ikm.n))
