"""What a text means: the shapes every reading of a message is handed on in."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "jv", "en"]
Classification = Literal["pengaduan", "aspirasi", "informasi", "apresiasi", "wbs"]


@dataclass(frozen=True, slots=True)
class Span:
    """The characters a reading rests on, as offsets into the original text: [start, end)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Guess:
    """One candidate with its calibrated confidence (0 to 1) and the words it rests on."""

    name: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """One candidate category; `subcategory` is empty when the text does not tell."""

    category: str
    subcategory: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the text with a normalised value, such as place, street, rt_rw, time or phone."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Area:
    """A kalurahan, kapanewon or kabupaten by its official code; empty names above or below its level."""

    kode: str
    kalurahan: str
    kapanewon: str
    kabupaten: str

    @property
    def level(self) -> Literal["kalurahan", "kapanewon", "kabupaten"]:
        """The lowest level this area names."""
        if self.kalurahan:
            return "kalurahan"
        return "kapanewon" if self.kapanewon else "kabupaten"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report is: the area found, the landmark it came from, and what else it could be.

    `ambiguous` lists the other readings (empty when sure); `outside` is true when the area belongs to
    another government than the city this installation serves.
    """

    area: Area
    confidence: float
    label: str = ""
    ambiguous: tuple[Area, ...] = ()
    outside: bool = False
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Somebody may be in danger now; `kind` is a key of the emergency list."""

    kind: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """Something in the text that screening weighs.

    Kinds: threat, hate, incitement, sexual, abuse, accusation, hearsay, spam, personal_data, self_harm,
    child_safety. `severity` runs from 1 (mild) to 3 (grave).
    """

    kind: str
    severity: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The whole reading of one message.

    Where it tells of several things, categories, place and time are those of the first; `further` are the
    readings of the others, each of its own part of the text.
    """

    text: str
    intent: Guess
    classification: Classification = "pengaduan"
    categories: tuple[CategoryGuess, ...] = ()
    emergency: Emergency | None = None
    language: Language = "id"
    place: Place | None = None
    entities: tuple[Entity, ...] = ()
    signals: tuple[Signal, ...] = ()
    further: tuple["Interpretation", ...] = ()

    def entity(self, name: str) -> Entity | None:
        """The first entity of that name, if the text holds one."""
        return next((found for found in self.entities if found.entity == name), None)
