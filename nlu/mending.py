"""Mending what fingers leave out: `lmpu` for lampu, `smpah` for sampah, `jembtan` for jembatan.

Only words that nobody has been seen to write are mended, and only into words that many have written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from nlu.data import Data, DataError

FILE = "model/words.txt"
VOWELS = frozenset("aeiou")
LEAST_LETTERS = 4  # of a word that is mended
LEAST_WHOLE = 6  # letters of a word with one letter missing, doubled, swapped or another vowel
LEAST_SEEN = 4  # messages a word must have stood in to be mended into
LEAST_SEEN_SLIP = 8  # the same where a letter is wrong rather than a vowel missing
CLEARLY = 2  # times as often as the next candidate
PLAINLY = 20  # times as often as a word that was seen, but has hardly a vowel
FEW_VOWELS = 0.26  # share of vowels below which a short or a known word is no spelling
LIKE_VOWELS = ({"a", "e"}, {"o", "u"}, {"i", "e"})
AGAIN = "2"
CLITICS = ("ne", "e", "nya")


class Mender:
    """Finds the usual word for one that is known to nobody.

    Args:
        counts: in how many messages each word was seen.
        kept: words that are never mended, such as those of the word lists.
    """

    def __init__(self, counts: Mapping[str, int], kept: Collection[str] = ()) -> None:
        self._counts = counts
        self._kept = frozenset(kept).union(word for word in counts if not _is_thin(word))
        self._bare: dict[str, list[str]] = defaultdict(list)
        self._shorter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            if counts[word] >= LEAST_SEEN and len(word) > LEAST_LETTERS - 1:
                self._bare[_bare(word)].append(word)
            if counts[word] >= LEAST_SEEN_SLIP and len(word) >= LEAST_WHOLE:
                for shorter in set(_without_one(word)):
                    self._shorter[shorter].append(word)

    def mend(self, word: str) -> str:
        """The usual spelling of a folded word, or the word itself."""
        if word[-1:] == AGAIN and len(word) > LEAST_LETTERS - 1 and word[:-1].isalpha():
            return self.mend(word[:-1])  # bocah2: bocah-bocah
        if word in self._kept or len(word) < LEAST_LETTERS or not word.isalpha():
            return word
        seen = self._counts.get(word, 0)  # those that were and have their vowels are kept
        if seen or _is_thin(word) or len(word) > LEAST_LETTERS:
            full = self._clearest(self._fuller(word), seen * PLAINLY)
            if full or seen:
                return full or word
        return self._bared(word) or self._clearest(self._slips(word), 0) or word

    def _bared(self, word: str) -> str:
        """The word that this one is with a clitic: perusahaane, perusahaan."""
        bases = (word.removesuffix(clitic) for clitic in CLITICS if word.endswith(clitic))
        return next((base for base in bases if self._counts.get(base, 0) >= LEAST_SEEN), "")

    def _fuller(self, word: str) -> Iterator[str]:
        """Words that this one is when some of their vowels are left out."""
        candidates = self._bare.get(_bare(word), ())
        return (one for one in candidates if len(one) > len(word) and _left_out(word, one))

    def _slips(self, word: str) -> Iterable[str]:
        """Words one slip away: a letter missing or doubled, two swapped, or a vowel like it."""
        if len(word) < LEAST_WHOLE:
            return ()
        found = dict.fromkeys(one for one in self._shorter.get(word, ()) if _edges(one) == _edges(word))
        for at, shorter in enumerate(_without_one(word)):
            if word[at] in word[at - 1 : at] and self._counts.get(shorter, 0) >= LEAST_SEEN_SLIP:
                found[shorter] = None
            found.update((one, None) for one in self._shorter.get(shorter, ()) if _near(word, one, at))
        return found

    def _clearest(self, candidates: Iterable[str], least: int) -> str:
        """The candidate that is seen clearly more often than the others."""
        best = sorted(candidates, key=lambda one: -self._counts[one])[:2]
        if not best or self._counts[best[0]] < least:
            return ""
        second = self._counts[best[1]] if len(best) > 1 else 0
        return best[0] if self._counts[best[0]] >= CLEARLY * second else ""


def load_counts(data: Data) -> dict[str, int]:
    """In how many examples each word was seen, as `nlu.train` writes it; empty before the first training.

    Raises:
        DataError: a line is no word and number.
    """
    try:
        lines = data.text(FILE).splitlines()
    except DataError:
        return {}
    try:
        return {word: int(count) for word, count in (line.split("\t") for line in lines)}
    except ValueError as error:
        raise DataError(f"{FILE}: {error}; make it anew with python -m nlu.train") from error


def written(counts: Mapping[str, int]) -> str:
    """The text of the file that `load_counts` reads."""
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return "".join(f"{word}\t{counts[word]}\n" for word in ordered)


def _bare(word: str) -> str:
    """A word without its vowels; the first letter stays."""
    return word[0] + "".join(letter for letter in word[1:] if letter not in VOWELS)


def _left_out(short: str, long: str) -> bool:
    """Whether one word is the other without some vowels that stand between consonants."""
    at = 0
    for place, letter in enumerate(long):
        if at < len(short) and short[at] == letter:
            at += 1
        elif not _between(long, place):
            return False
    return at == len(short)


def _between(word: str, at: int) -> bool:
    """Whether a letter is a vowel with a consonant on either side."""
    inside = 0 < at < len(word) - 1
    return inside and word[at] in VOWELS and VOWELS.isdisjoint((word[at - 1], word[at + 1]))


def _edges(word: str) -> tuple[str, str]:
    return word[0], word[-1]


def _is_thin(word: str) -> bool:
    """Whether a word has hardly a vowel, so that some were left out, or it is no word."""
    return sum(map(word.count, VOWELS)) < FEW_VOWELS * len(word)


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _near(word: str, other: str, at: int) -> bool:
    """Whether two words of one length differ by vowels alike at a place, or by two letters swapped there."""
    if len(word) != len(other) or word[0] != other[0]:
        return False
    differing = [place for place, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
    if differing == [at]:
        return {word[at], other[at]} in LIKE_VOWELS
    swapped = len(differing) == 2 and differing[1] == differing[0] + 1
    return swapped and sorted(word) == sorted(other)
