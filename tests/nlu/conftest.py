from pathlib import Path

import pytest

from nlu.data import Data
from nlu.interpreter import Interpreter
from nlu.places import Gazetteer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def data() -> Data:
    return Data(ROOT / "nlu_data")


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    return Interpreter.load()


@pytest.fixture(scope="session")
def gazetteer(interpreter: Interpreter) -> Gazetteer:
    return interpreter.gazetteer
