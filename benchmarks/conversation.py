"""What a citizen says in the benchmark: eight turns, from hello to asking after the finished report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

TurnKind = Literal["text", "press", "pin", "album", "number"]

SPACING = 0.0055  # degrees, more than 500 m: no report is taken for a duplicate of another
SOUTH, WEST = -7.765, 110.290
ROWS, COLUMNS = 28, 34
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
    for number in count():
        place, story = divmod(number, len(STORIES))
        row, column = divmod(place % (ROWS * COLUMNS), COLUMNS)
        told = f"{STORIES[story]}, sudah {number + 2} kali saya lewat situ"  # one text of many is one matter
        yield Case(told, SOUTH + row * SPACING, WEST + column * SPACING)


def told(turn: Turn, case: Case) -> Turn:
    """The turn with the case's own story in it."""
    return replace(turn, text=turn.text.replace("{story}", case.story))
