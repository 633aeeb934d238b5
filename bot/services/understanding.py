"""The interpreter as an installation has it: the delivered data with the live model."""

from pathlib import Path

import structlog

from nlu.data import Data
from nlu.examples import examples_digest
from nlu.interpreter import Interpreter
from storage.models import DELIVERED, Models

log = structlog.get_logger(__name__)


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
        return Interpreter.load(home=home)
    weights = models.live_weights(examples_digest(Data()))
    if weights is None:
        log.warning("model of other data not used; run: kentongan nlu train", version=models.live())
    return Interpreter.load(home=home, model=weights)
