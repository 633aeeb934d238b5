"""What the linear models see of a message: words, pairs of words, letter groups and hints."""

from collections.abc import Iterable

from nlu.normalize import Token

SHORTEST, LONGEST = 3, 5  # letters in a letter group
SHORT = 3  # words of a message that also counts as a whole
MOST_WORDS = 120  # words of one message that are looked at


def word_features(tokens: tuple[Token, ...], hints: Iterable[str]) -> set[str]:
    """Words, neighbouring pairs, short messages whole, and hints, each marked by its first character."""
    words = [token.norm for token in tokens[:MOST_WORDS]]
    found = {f"w{word}" for word in words}
    found.update([f"w{first} {second}" for first, second in zip(words, words[1:], strict=False)])
    if len(words) <= SHORT:
        found.add(f"m{' '.join(words)}")
    for hint in hints:
        found.update((f"h{hint}", f"h{hint.partition('.')[0]}"))
    return found


def letter_features(tokens: tuple[Token, ...]) -> set[str]:
    """Groups of letters inside words, with the word's edges marked by a space."""
    found: set[str] = set()
    for word in {token.norm for token in tokens[:MOST_WORDS]}:
        edged = f" {word} "
        for size in range(SHORTEST, LONGEST + 1):
            found.update([edged[at : at + size] for at in range(len(edged) - size + 1)])
    return found
