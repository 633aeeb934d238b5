"""From a text to its whole reading."""

from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from nlu.data import Data
from nlu.filing import Filing
from nlu.intents import REPORT, Intents
from nlu.interpretation import Interpretation
from nlu.language import Languages
from nlu.model import FILE, Model
from nlu.reading import Reader


class Interpreter:
    """Reads messages: pure and offline once loaded, safe to share between tasks."""

    def __init__(self, data: Data, home: str) -> None:
        model = Model.load(data.file(FILE))
        self._reader = Reader(data)
        self._vocabulary = model.vocabulary
        self._intents = Intents(model.heads["intent"], data)
        self._filing = Filing(model.heads["category"], model.heads["subcategory"], data)
        self._languages = Languages.load(data)

    @classmethod
    def load(cls, data: Path | Traversable | None = None, *, home: str = "34.04") -> "Interpreter":
        """Load everything from a data folder, by default the installed one.

        Args:
            data: the folder; None takes the one that came with the package.
            home: the official code of the kabupaten this installation serves.

        Raises:
            nlu.data.DataError: a data file is missing or wrong.
        """
        return cls(Data(data), home)

    def interpret(self, text: str, asked: str | None = None, now: datetime | None = None) -> Interpretation:
        """Read one message.

        Args:
            text: the message as written.
            asked: the slot the dialog is waiting for, if any.
            now: the moment of the message; without it times are read but not turned into dates.
        """
        reading = self._reader.read(text)
        vector = self._vocabulary.vector(reading.tokens, reading.entries("hints"))
        intent = self._intents.guess(text, vector, asked)
        return Interpretation(
            text=text,
            intent=intent,
            categories=self._filing.guess(vector) if intent.name == REPORT else (),
            language=self._languages.of(reading.tokens),
        )
