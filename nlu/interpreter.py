"""From a text to its whole reading."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path

from nlu.classify import COMPLAINT, Classes
from nlu.data import Data
from nlu.emergencies import Emergencies
from nlu.entities import Entities
from nlu.filing import Filing
from nlu.hints import hints, subjects
from nlu.intents import REPORT, STATUS, Intents
from nlu.interpretation import CategoryGuess, Entity, Guess, Interpretation, Place
from nlu.language import Languages
from nlu.matters import Matters
from nlu.model import FILE, Model, Scored
from nlu.normalize import Token
from nlu.places import Gazetteer
from nlu.places.mentions import Mention
from nlu.places.points import Written
from nlu.places.roads import kilometre
from nlu.reading import Reader, Reading
from nlu.reasons import as_written
from nlu.signals import Signals
from nlu.times import find_times
from nlu.unknown import SHORTEST

NUMBER_ALONE = 6  # words of a message, number included, that is about the report it names
ABOUT_A_REPORT = frozenset({"buka_kembali", "banding", "batal", "ikut", "lanjut", "nilai", "koreksi"})
LEAST_TOLD = 4  # words
LEAST_DIGITS = 8  # of a point: two of the degrees, two behind each dot at least
ASKED_KIND = ("uraian", "kategori", "pertanyaan")
CORRECTION = "koreksi"
TITLED = "accusation.address"
NOTHING_TO_MEND = frozenset({"informasi", "apresiasi"})
WHEN = frozenset({"time", "date"})
_ENTITY_OF = {"landmark": "landmark", "road": "street"}


class Interpreter:
    """Reads messages: pure and offline once loaded, safe to share between tasks.

    `silent_above` is the confidence from which the best category may be taken without asking.
    """

    def __init__(self, data: Data, home: str, model: Model) -> None:
        self.gazetteer = Gazetteer(data, home)
        self._reader = Reader(data)
        self._model = model
        self._intents = Intents(model.heads["intent"], data)
        self._classes = Classes(model.heads["classification"])
        self._filing = Filing(model.heads["category"], model.heads["subcategory"], data)
        self._matters = Matters(data)
        self._languages = Languages.load(data)
        self._entities = Entities(data)
        self._emergencies = Emergencies(data, model.heads["emergency"])
        self.silent_above: float = data.yaml("thresholds.yml")["category"]
        self._listed = self._languages.words | self._reader.words
        self._signals = Signals(data, self._listed)

    @classmethod
    def load(
        cls, data: Path | Traversable | None = None, *, home: str = "34.04", model: Path | None = None
    ) -> "Interpreter":
        """Load everything from a data folder, by default the installed one.

        Args:
            data: the folder; None takes the one that came with the package.
            home: the official code of the kabupaten this installation serves.
            model: a model file learnt with this data, in place of the folder's own.

        Raises:
            nlu.data.DataError: a data file is missing or wrong.
        """
        folder = Data(data)
        return cls(folder, home, Model.load(model or folder.file(FILE)))

    def interpret(self, text: str, asked: str | None = None, now: datetime | None = None) -> Interpretation:
        """Read one message.

        Args:
            text: the message as written.
            asked: the slot the dialog is waiting for, if any.
            now: the moment of the message; without it times are read but not turned into dates.
        """
        reading = self._reader.read(text)
        whole = self._one(reading, asked, now)
        if whole.emergency or not whole.categories or whole.classification in NOTHING_TO_MEND:
            return whole
        adds = reading.says(self._matters.words)
        parts = self._matters.parts(text, partial(self._between, reading)) if adds else ()
        if len(parts) < 2:
            return whole
        first, *further = (self._one(self._reader.read(part), asked, now) for part in parts)
        return _of_the_first(whole, first, tuple(one for one in further if one.categories))

    def _between(self, reading: Reading, start: int, end: int) -> tuple[str, float]:
        """The likeliest category of what stands between two places of a text, and how sure it is."""
        words = reading.between(start, end)
        tokens = reading.tokens[words.start : words.stop]
        return self._filing.likeliest(self._model.score(tokens, subjects(reading, words)))

    def _one(self, reading: Reading, asked: str | None, now: datetime | None) -> Interpretation:
        """What a text means as if it told of one thing."""
        text = reading.text
        mentions = self.gazetteer.mentions(reading.tokens, text)
        point, spot = self._written(reading)
        entities = _beside(point, self._all_entities(reading, mentions, now))
        scored = self._model.score(reading.tokens, hints(reading))
        emergency = self._emergencies.find(reading, scored)
        number = next((entity for entity in entities if entity.entity == "report_number"), None)
        intent = self._intent(reading, scored, asked, number)
        if emergency and asked is None:
            intent = Guess(REPORT, emergency.confidence, emergency.words)
        categories = self._filing.guess(scored) if _filed(intent, asked, len(reading.tokens)) else ()
        return Interpretation(
            text=text,
            intent=intent,
            classification=COMPLAINT if emergency else self._classes.guess(scored, intent.name),
            categories=tuple(_written(guess, reading) for guess in categories),
            emergency=emergency,
            language=self._languages.of(reading.tokens),
            place=spot or self.gazetteer.choose(mentions, reading.tokens, text),
            entities=tuple(entities),
            signals=self._signals.find(
                reading, entities, [(mention.first, mention.last) for mention in mentions]
            ),
        )

    def unknown(self, text: str) -> tuple[Token, ...]:
        """The words of a text that no list, no example and no gazetteer knows; after a title comes a name."""
        reading = self._reader.read(text)
        matches = [match for found in reading.found.values() for match in found]
        listed = {place for match in matches for place in range(match.first, match.last + 1)}
        titled = {match.last + 1 for match in reading.part(TITLED)}
        named = self._all_entities(reading, self.gazetteer.mentions(reading.tokens, text), None)
        return tuple(
            token
            for place, token in enumerate(reading.tokens)
            if place not in listed | titled and not self._knows(token, named)
        )

    def _knows(self, token: Token, named: Sequence[Entity]) -> bool:
        """Whether a word is listed, was learnt or names something, or is too short or too odd to be one."""
        forms = {token.text, token.norm, token.stem}
        learnt = any(self._model.vocabulary.knows(form) for form in forms)
        inside = any(one.start <= token.start < one.end for one in named)
        return learnt or inside or not forms.isdisjoint(self._listed) or not _wordlike(token.text)

    def _written(self, reading: Reading) -> tuple[Written | None, Place | None]:
        found = self.gazetteer.written(reading.shown) if reading.digits >= LEAST_DIGITS else None
        return found or (None, None)

    def _all_entities(
        self, reading: Reading, mentions: Sequence[Mention], now: datetime | None
    ) -> list[Entity]:
        named = [_mention_entity(mention, reading) for mention in mentions]
        times = find_times(reading.tokens, reading.text, now)
        shaped = self._entities.find(reading, (*named, *times))
        return sorted([*named, *times, *shaped], key=lambda entity: (entity.start, entity.end))

    def _intent(self, reading: Reading, scored: Scored, asked: str | None, number: Entity | None) -> Guess:
        """The model's intent, unless the message is little more than a report number."""
        guess = self._intents.guess(reading.text, scored, asked)
        spared = guess.name in ABOUT_A_REPORT and guess.confidence >= 0.5
        if number and not spared and len(reading.tokens) <= NUMBER_ALONE:
            return Guess(STATUS, 1.0, (reading.text[number.start : number.end],))
        return Guess(guess.name, guess.confidence, as_written(guess.words, reading))


def _of_the_first(
    whole: Interpretation, first: Interpretation, further: tuple[Interpretation, ...]
) -> Interpretation:
    """The reading of a message with what it says of the first thing; a place told later is that of both."""
    told = (one for one in whole.entities if one.entity not in WHEN or one.end <= len(first.text))
    place = first.place or whole.place
    return replace(whole, categories=first.categories, place=place, entities=tuple(told), further=further)


def _wordlike(text: str) -> bool:
    return len(text) >= SHORTEST and text.isalpha()


def _filed(intent: Guess, asked: str | None, words: int) -> bool:
    """Whether a message may speak of something to file: every longer one may, whatever was asked."""
    return words >= LEAST_TOLD or intent.name in (REPORT, CORRECTION) or asked in ASKED_KIND


def _written(guess: CategoryGuess, reading: Reading) -> CategoryGuess:
    words = as_written(guess.words, reading)
    return CategoryGuess(guess.category, guess.subcategory, guess.confidence, words)


def _beside(point: Written | None, entities: Sequence[Entity]) -> Sequence[Entity]:
    """The entities, with the point in place of whatever its numbers and its link look like."""
    if point is None:
        return entities
    value = f"{point.lat:.6f},{point.lon:.6f}"
    others = [one for one in entities if one.end <= point.start or one.start >= point.end]
    return [*others, Entity("point", value, point.start, point.end)]


def _mention_entity(mention: Mention, reading: Reading) -> Entity:
    kind = _ENTITY_OF.get(mention.name.kind, "place")
    start, end = reading.tokens[mention.first].start, reading.tokens[mention.last].end
    mark = kilometre(reading.text, end) if mention.name.road else None
    area = mention.name.areas[0]
    value = (
        mention.name.label or area.kalurahan or area.kapanewon or area.kabupaten or reading.text[start:end]
    )
    return Entity(kind, f"{value} km {mark[0]:g}" if mark else value, start, mark[1] if mark else end)
