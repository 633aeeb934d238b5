"""What a citizen says in the benchmark: eight turns, from hello to asking after the finished report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Literal

from nlu.places.gazetteer import Gazetteer

TurnKind = Literal["text", "press", "pin", "album", "number"]

SPACING = 0.005  # degrees, some 550 m: no report is taken for a duplicate of another
SOUTH, WEST = -7.84, 110.20
ROWS, COLUMNS = 60, 72
PHOTOS = 3

STORIES = (
    "lampu jalan depan pasar Godean mati udah seminggu, gelap banget kalau malam",
    "jalan berlubang di depan pasar Gamping sudah dua minggu, kemarin ada motor jatuh",
    "sampah menumpuk di dekat pasar Prambanan sudah tiga hari tidak diangkut, baunya menyengat",
    "saluran air mampet di dekat pasar Tempel, tiap hujan deras airnya meluap ke jalan",
    "pohon tumbang menutup separuh jalan dekat pasar Pakem sejak kemarin sore",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a citizen does: writes a text, presses the button so labelled (or types it), drops a pin…"""

    kind: TurnKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What one conversation is about: a story nobody else tells at a place nobody else is."""

    story: str
    lat: float
    lon: float


SCRIPT: tuple[Turn, ...] = (
    Turn("text", "/start"),
    Turn("text", "{story}"),
    Turn("press", "Setuju"),
    Turn("press", "Lokasi lain"),
    Turn("pin"),
    Turn("album"),
    Turn("press", "Kirim"),
    Turn("number"),
)


def cases() -> Iterator[Case]:
    """Cases without end, each apart from the others by story or by more than half a kilometre."""
    spots = places()
    for number in count():
        place, story = divmod(number, len(STORIES))
        lat, lon = spots[place % len(spots)]
        told = f"{STORIES[story]}, sudah {number + 2} kali saya lewat situ"  # one text of many is one matter
        yield Case(told, lat, lon)


@cache
def places() -> tuple[tuple[float, float], ...]:
    """Points of a grid that lie in the city: a pin outside would be another conversation."""
    at = Gazetteer.load().at
    grid = (
        (SOUTH + row * SPACING, WEST + column * SPACING) for row in range(ROWS) for column in range(COLUMNS)
    )
    return tuple(point for point in grid if (found := at(*point)) is not None and not found.outside)


def told(turn: Turn, case: Case) -> Turn:
    """The turn with the case's own story in it."""
    return replace(turn, text=turn.text.replace("{story}", case.story))
