from pathlib import Path

import pytest

from nlu.interpreter import Interpreter
from tickets.policies import load_policies
from tickets.screening import screen


@pytest.fixture(scope="session")
def interpreter():
    return Interpreter.load()


@pytest.fixture(scope="session")
def judge(interpreter):
    policies = load_policies()
    return lambda text: screen(text, interpreter.interpret(text), {}, policies)


@pytest.fixture(scope="session")
def gold_file():
    return Path(__file__).with_name("gold.jsonl")
