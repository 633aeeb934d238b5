"""The interpreter as an installation has it: the delivered data with the live model."""

from datetime import date, datetime
from pathlib import Path

import structlog

from nlu.data import Data
from nlu.examples import examples_digest
from nlu.interpretation import Interpretation
from nlu.interpreter import Interpreter
from nlu.model import Model
from storage.models import DELIVERED, Models

log = structlog.get_logger(__name__)
REMEMBERED = 500
"""Readings kept at hand: of what is said again and again (a yes, a button, a pin without words), and of
stories, which are read once more when they are screened."""
LONGEST = 1_000
"""Characters of a text whose reading is kept."""


class Remembering(Interpreter):
    """Reads the same words, asked the same, on the same day, once."""

    def __init__(self, data: Data, home: str, model: Model) -> None:
        super().__init__(data, home, model)
        self._known: dict[tuple[str, str | None, date | None], Interpretation] = {}

    def interpret(self, text: str, asked: str | None = None, now: datetime | None = None) -> Interpretation:
        """As the interpreter's own."""
        at = (text, asked, now.date() if now else None)
        known = self._known.get(at)
        if known is None:
            known = super().interpret(text, asked, now)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            if len(text) <= LONGEST:
                self._known[at] = known
        return known


def models_of(data_dir: Path) -> Models:
    """The learnt models of an installation."""
    return Models(data_dir / "models")


def load_interpreter(data_dir: Path, home: str) -> Interpreter:
    """Load the live version; the delivered one when the live one was learnt with other data.

    Raises:
        nlu.data.DataError: a data file is missing or wrong.
    """
    models = models_of(data_dir)
    if models.live() == DELIVERED:
        return Remembering.load(home=home)
    weights = models.live_weights(examples_digest(Data()))
    if weights is None:
        log.warning("model of other data not used; run: kentongan nlu train", version=models.live())
    return Remembering.load(home=home, model=weights)
