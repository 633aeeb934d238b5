"""The words a guess rests on, as the citizen wrote them."""

from collections.abc import Iterable, Iterator

from nlu.hints import CLASS, CLASSES, LIST, PLACED, SUBJECT
from nlu.reading import Reading


def as_written(features: Iterable[str], reading: Reading) -> tuple[str, ...]:
    """The stretches of the text that model features stand for, each once, in the features' order."""
    norms = [token.norm for token in reading.tokens]
    found = (text for feature in features for text in _places(feature, reading, norms))
    return tuple(dict.fromkeys(found))


def _places(feature: str, reading: Reading, norms: list[str]) -> Iterator[str]:
    kind, name = feature[0], feature[1:]
    if kind == SUBJECT:
        yield from _listed(LIST, name.removesuffix(PLACED), reading)
    elif kind == CLASS:
        yield from _listed(CLASSES, name, reading)
    else:
        yield from _said(name.split(" "), reading, norms)


def _listed(list_name: str, entry: str, reading: Reading) -> Iterator[str]:
    for match in reading.matches(list_name):
        if match.entry == entry or match.entry.startswith(f"{entry}."):
            yield reading.words(match)


def _said(words: list[str], reading: Reading, norms: list[str]) -> Iterator[str]:
    """Where these words first follow each other."""
    tokens = reading.tokens
    for at in _found(words[0], norms):
        if norms[at : at + len(words)] == words:
            yield reading.text[tokens[at].start : tokens[at + len(words) - 1].end]
            return


def _found(word: str, norms: list[str]) -> Iterator[int]:
    at = -1
    for _ in range(norms.count(word)):
        at = norms.index(word, at + 1)
        yield at
