"""The words a guess rests on, as the citizen wrote them."""

from collections.abc import Iterable, Iterator

from nlu.hints import CLASS, CLASSES, LIST, PLACED, SUBJECT
from nlu.reading import Reading


def as_written(features: Iterable[str], reading: Reading) -> tuple[str, ...]:
    """The stretches of the text that model features stand for, each once, in the features' order."""
    found = [text for feature in features for text in _places(feature, reading)]
    return tuple(dict.fromkeys(found))


def _places(feature: str, reading: Reading) -> Iterator[str]:
    kind, name = feature[0], feature[1:]
    if kind == SUBJECT:
        yield from _listed(LIST, name.removesuffix(PLACED), reading)
    elif kind == CLASS:
        yield from _listed(CLASSES, name, reading)
    else:
        yield from _said(name.split(" "), reading)


def _listed(list_name: str, entry: str, reading: Reading) -> Iterator[str]:
    within = f"{entry}."
    for match in reading.matches(list_name):
        if match.entry == entry or match.entry.startswith(within):
            yield reading.words(match)


def _said(words: list[str], reading: Reading) -> Iterator[str]:
    """Where these words first follow each other."""
    tokens, norms, at, more = reading.tokens, reading.norms, -1, len(words)
    for _ in range(norms.count(words[0])):
        at = norms.index(words[0], at + 1)
        if norms[at : at + more] == words:
            yield reading.text[tokens[at].start : tokens[at + more - 1].end]
            return
