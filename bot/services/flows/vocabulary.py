"""Words people used that nothing was learnt of, counted without anybody's story."""

from collections.abc import Iterator
from datetime import datetime

from nlu.interpreter import Interpreter
from nlu.unknown import UnknownWords
from storage.doors.database import Connection
from storage.talks import exchanges
from tickets.policies import Policies
from tickets.screening import screen

MISSED = frozenset({"pattern_unknown", "pattern_unknown_again"})
"""Flows that begin when a message was not understood."""
WITHHELD = "accusation"
"""Of whoever accuses somebody not a word is counted: it could be the name."""


def count(
    connection: Connection, days: tuple[datetime, datetime], interpreter: Interpreter, policies: Policies
) -> UnknownWords:
    """The unknown words of everything citizens wrote in these days."""
    found = UnknownWords()
    for one in exchanges.said(connection, *days):
        words = unknown_words(one.text, interpreter, policies)
        found.take(one.person, words, missed=not MISSED.isdisjoint(one.flows))
    return found


def unknown_words(text: str, interpreter: Interpreter, policies: Policies) -> Iterator[str]:
    """A text's unknown words, without what screening masks; of an accusation none."""
    reading = interpreter.interpret(text)
    if any(signal.kind == WITHHELD for signal in reading.signals):
        return
    masked = screen(text, reading, {}, policies).masked
    for token in interpreter.unknown(text):
        if masked[token.start : token.end] == text[token.start : token.end]:
            yield token.norm
