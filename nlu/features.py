"""What the linear models see of a message: words, pairs of words, letter groups and hints."""

from collections.abc import Iterable
from itertools import pairwise

from nlu.normalize import Token

WORD, WHOLE, LETTERS = "w", "m", "l"  # what features of words, short messages and letter groups begin with
SHORTEST, LONGEST = 3, 5  # letters in a letter group
SHORT = 3  # words of a message that also counts as a whole
MOST_WORDS = 120  # words of one message that are looked at


def word_features(tokens: tuple[Token, ...], hints: Iterable[str]) -> dict[str, None]:
    """Words, neighbouring pairs, hints, and short messages whole, each marked by its first character."""
    words = [token.norm for token in tokens[:MOST_WORDS]]
    pairs = [f"{WORD}{one} {other}" for one, other in pairwise(words)]
    short = [whole(words)] if len(words) <= SHORT else []
    return dict.fromkeys([*[f"{WORD}{word}" for word in words], *pairs, *hints, *short])


def whole(words: Iterable[str]) -> str:
    """The feature of a short message as a whole."""
    return f"{WHOLE}{' '.join(words)}"


def letter_features(word: str) -> frozenset[str]:
    """Groups of letters inside a word, with its edges marked by a space."""
    edged = f" {word} "
    sizes = range(SHORTEST, LONGEST + 1)
    return frozenset(LETTERS + edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1))
