"""What the linear models see of a message: words, pairs of words, letter groups and hints."""

from collections.abc import Iterable
from itertools import pairwise

from nlu.normalize import Token

SHORTEST, LONGEST = 3, 5  # letters in a letter group
SHORT = 3  # words of a message that also counts as a whole
MOST_WORDS = 120  # words of one message that are looked at


def word_features(tokens: tuple[Token, ...], hints: Iterable[str]) -> dict[str, None]:
    """Words, neighbouring pairs, hints, and short messages whole, each marked by its first character."""
    words = [f"w{token.norm}" for token in tokens[:MOST_WORDS]]
    whole = [f"m{' '.join([word[1:] for word in words])}"] if len(words) <= SHORT else []
    return dict.fromkeys([*words, *map(_pair, pairwise(words)), *hints, *whole])


def _pair(words: tuple[str, str]) -> str:
    return f"{words[0]} {words[1][1:]}"


def letter_features(word: str) -> frozenset[str]:
    """Groups of letters inside a word, with its edges marked by a space."""
    edged = f" {word} "
    sizes = range(SHORTEST, LONGEST + 1)
    return frozenset(edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1))
