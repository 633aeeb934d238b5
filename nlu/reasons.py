"""The words a guess rests on, as the citizen wrote them."""

from collections.abc import Iterable, Iterator, Sequence

from nlu.hints import LIST, PLACED
from nlu.normalize import Token
from nlu.reading import Reading


def as_written(features: Iterable[str], reading: Reading) -> tuple[str, ...]:
    """The stretches of the text that model features stand for, each once, in the features' order."""
    found = (text for feature in features for text in _places(feature, reading))
    return tuple(dict.fromkeys(found))


def _places(feature: str, reading: Reading) -> Iterator[str]:
    kind, name = feature[0], feature[1:]
    if kind == "h":
        name = name.removesuffix(PLACED)
        matches = (
            match
            for match in reading.matches(LIST)
            if match.entry == name or match.entry.startswith(f"{name}.")
        )
        yield from (reading.words(match) for match in matches)
        return
    words = name.split(" ")
    tokens = reading.tokens
    for at in range(len(tokens) - len(words) + 1):
        if tokens[at].norm == words[0] and _said(tokens, at, words):
            yield reading.text[tokens[at].start : tokens[at + len(words) - 1].end]
            return


def _said(tokens: Sequence[Token], at: int, words: Sequence[str]) -> bool:
    return all(token.norm == word for token, word in zip(tokens[at : at + len(words)], words, strict=True))
