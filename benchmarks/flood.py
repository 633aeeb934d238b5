"""A flood that reaches millions, played in simulated time: python -m benchmarks.flood.

Every citizen takes turns with the bot, thinks between them, and waits for each answer first in line for a
process and then for the messenger, which takes so many messages a second. A slow answer thus also slows the
questions; who waits too long asks once more, which makes the line longer. Reports go on to the staff's
groups, each at a group's pace. What a turn costs is taken from the last benchmark on this disk.
"""

import argparse
import heapq
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.report import TELEGRAM
from bot.operator.client import GROUP

LATEST = Path(__file__).parent / "results" / "latest.json"
HOUR = 3600.0
MINUTE = 60
FREE, PAID = 30.0, 1000.0
"""Messages a second that Telegram takes from a bot, and from one whose owner pays for more."""
HEADING = """\
| with | most turns/s | answer, half | 95 % | last | asked again | after the day | card, half | last |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


@dataclass(frozen=True, slots=True)
class Flood:
    """Who writes and when; times in seconds. The shares are an assumption, told in docs/operations.md."""

    reached: int = 10_000_000
    writing: float = 1 / 50
    worst_share: float = 0.5
    worst: tuple[float, float] = (4 * HOUR, 7 * HOUR)
    day: float = 24 * HOUR
    turns: int = 20
    thinking: float = 20.0
    patience: float = 120.0

    def beginnings(self, chance: random.Random) -> list[float]:
        """When each conversation begins, in order."""
        people = round(self.reached * self.writing)
        start, end = self.worst
        calm = self.day - (end - start)
        found = []
        for _ in range(people):
            if chance.random() < self.worst_share:
                found.append(chance.uniform(start, end))
            else:
                moment = chance.uniform(0, calm)
                found.append(moment if moment < start else moment + end - start)
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Town:
    """What stands against it; `messages_a_second` is the messenger's limit for all bots together."""

    name: str
    processes: int
    turn_seconds: float
    messages_a_second: float
    messages_a_turn: float = 9 / 8
    groups: int = 40
    messages_a_report: int = 2


class Line:
    """First come, first served, by one or several who each take the same time."""

    def __init__(self, takes: float, places: int = 1) -> None:
        self._takes = takes
        self._free = [0.0] * places

    def through(self, at: float) -> float:
        """When whoever comes at `at` is done; nobody may come earlier than the one before."""
        done = max(at, self._free[0]) + self._takes
        heapq.heapreplace(self._free, done)
        return done


@dataclass(slots=True)
class Day:
    """What was measured: seconds each answer took, how many came in each minute, reports on their way."""

    answers: list[float] = field(default_factory=list)
    minutes: Counter[int] = field(default_factory=Counter)
    asked_again: int = 0
    reports: list[float] = field(default_factory=list)
    last_answer: float = 0.0

    def took(self, at: float, done: float) -> None:
        """Note an answer."""
        self.answers.append(done - at)
        self.minutes[int(at // MINUTE)] += 1
        self.last_answer = max(self.last_answer, done)


def play(flood: Flood, town: Town, seed: int = 1) -> Day:
    """Play the day until the last one has the last answer."""
    chance, day = random.Random(seed), Day()  # noqa: S311 no secret
    bot = Line(town.turn_seconds, town.processes)
    messenger = Line(town.messages_a_turn / town.messages_a_second)
    coming = [(at, flood.turns) for at in flood.beginnings(chance)]
    while coming:
        at, left = heapq.heappop(coming)
        done = messenger.through(bot.through(at))
        day.took(at, done)
        if done - at > flood.patience and left:
            heapq.heappush(coming, (at + flood.patience, 0))
            day.asked_again += 1
        if left == flood.turns // 2:
            day.reports.append(done)
        if left > 1:
            heapq.heappush(coming, (done + chance.expovariate(1 / flood.thinking), left - 1))
    return day


def told(day: Day, town: Town, seed: int = 2) -> list[float]:
    """Seconds until each report stands in its agency's group; half go to a tenth of the groups."""
    chance = random.Random(seed)  # noqa: S311 no secret
    size, seconds = GROUP
    groups = [Line(seconds / size * town.messages_a_report) for _ in range(town.groups)]
    busy = max(1, town.groups // 10)
    waits = []
    for at in sorted(day.reports):
        among = groups[:busy] if chance.random() < 1 / 2 else groups
        waits.append(chance.choice(among).through(at) - at)
    return waits


def share(values: Sequence[float], part: float) -> float:
    """The value that `part` of all stay below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def spoken(seconds: float) -> str:
    """Seconds as a person would say them."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def row(town: Town, flood: Flood) -> str:
    """One line of the table."""
    day = play(flood, town)
    cards = told(day, town)
    answers = [spoken(share(day.answers, part)) for part in (0.5, 0.95, 1)]
    over = spoken(max(0.0, day.last_answer - flood.day))
    cells = [town.name, f"{max(day.minutes.values()) / MINUTE:.0f}", *answers, f"{day.asked_again:,}", over]
    cells += [spoken(share(cards, 0.5)), spoken(share(cards, 1))]
    return f"| {' | '.join(cells)} |"


def towns(turn_seconds: float) -> list[Town]:
    """From one bot in one box to what carries the day; on PostgreSQL a process does half as much."""
    box = Town("one bot", 2, turn_seconds, FREE)
    paid = replace(box, name="paid broadcasts", messages_a_second=PAID)
    slower = replace(paid, turn_seconds=2 * turn_seconds)
    return [
        box,
        replace(box, name="three bots or channels", messages_a_second=3 * FREE),
        paid,
        replace(slower, name="paid, one process on PostgreSQL", processes=1),
        replace(slower, name="paid, eight on PostgreSQL, 400 groups", processes=8, groups=400),
    ]


def turn_seconds() -> float:
    """What a turn took one process, with as many citizens at once as were measured most."""
    measured = json.loads(LATEST.read_text())["channels"][TELEGRAM]
    return float(1 / measured[max(measured, key=int)]["turns_per_second"])


def main() -> None:
    """Play the day with each equipment and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reached", type=int, default=Flood().reached, help="people")
    parser.add_argument("--turns", type=int, default=Flood().turns, help="of each who writes")
    given = parser.parse_args()
    flood = Flood(reached=given.reached, turns=given.turns)
    print(HEADING)
    for town in towns(turn_seconds()):
        print(row(town, flood), flush=True)


if __name__ == "__main__":
    main()
