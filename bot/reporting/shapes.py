"""The shape of a drawing: all that the process that draws needs to know, and nothing slow to import."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One group: its name and how many of its reports are done, in process, deferred, none of these."""

    name: str
    parts: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the picture says; `timely` is the share on time, None when it is not shown."""

    title: str
    about: tuple[str, ...]
    tiles: tuple[tuple[str, str], ...]
    legend: tuple[str, ...]
    timely: float | None
    timely_text: str
    lines: tuple[str, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    trend_title: str
    trend: tuple[tuple[str, int], ...]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Drawing":
        """The drawing another process wrote as JSON; raises TypeError when it is none."""
        bars = tuple(Bar(**bar) for bar in told.get("bars", ()))
        return cls(**{**told, "bars": bars})
