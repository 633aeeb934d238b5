"""What the linear models see of a message: words, pairs of words, letter groups and hints."""

from collections.abc import Iterable
from itertools import pairwise

from nlu.hints import PLACED
from nlu.normalize import Token

SHORTEST, LONGEST = 3, 5  # letters in a letter group
SHORT = 3  # words of a message that also counts as a whole
MOST_WORDS = 120  # words of one message that are looked at


def word_features(tokens: tuple[Token, ...], hints: Iterable[str]) -> set[str]:
    """Words, neighbouring pairs, short messages whole, and hints, each marked by its first character."""
    words = [token.norm for token in tokens[:MOST_WORDS]]
    found = {f"w{word}" for word in words}
    found.update([f"w{first} {second}" for first, second in pairwise(words)])
    if len(words) <= SHORT:
        found.add(f"m{' '.join(words)}")
    for hint in hints:
        category, _, rest = hint.partition(".")
        found.update((f"h{hint}", f"h{category}{PLACED if rest.endswith(PLACED) else ''}"))
    return found


def letter_features(word: str) -> set[str]:
    """Groups of letters inside a word, with its edges marked by a space."""
    edged = f" {word} "
    sizes = range(SHORTEST, LONGEST + 1)
    return {edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1)}
