"""How alike two stories are, by the words that tell what and where; and what speaks against it."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from nlu.normalize import Spelling, stem, tokenize
from tickets.policies.duplicates import Wording

TYPO = 84
"""Two words this alike (0 to 100) are taken for one that was mistyped."""
SHORTEST_TYPO = 5  # letters; shorter words differ by a letter and mean something else
REMEMBERED = 500
"""Stories taken apart lately, 1.5 KB each: the same ones are compared again and again, at most 120 with each
that is told."""
PLAIN = Spelling({})


@dataclass(frozen=True, slots=True)
class Gist:
    """What a story comes down to: words for the kind of problem, words that tell it apart, and details."""

    kind: frozenset[str]
    telling: frozenset[str]
    details: tuple[tuple[str, frozenset[str]], ...]


def _words(text: str, wording: Wording) -> tuple[str, ...]:
    return tuple(wording.short.get(token.text, token.text) for token in tokenize(text, PLAIN))


@lru_cache(REMEMBERED)
def gist(text: str, wording: Wording) -> Gist:
    """A story taken apart; filler is left out, words of one meaning become one."""
    words = _words(text, wording)
    details, used = _details(words, wording)
    left = [word for at, word in enumerate(words) if at not in used and word not in wording.filler]
    known = {word: wording.groups.get(word) or wording.groups.get(stem(word)) for word in left}
    kind = frozenset(group for group in known.values() if group)
    telling = frozenset(stem(word) for word, group in known.items() if not group and len(word) > 1)
    return Gist(kind, telling - wording.filler, details)


def likeness(a: Gist, b: Gist) -> float:
    """0 to 100: the words shared, against those of the shorter story and of both together."""
    few, many = len(a.kind) + len(a.telling), len(b.kind) + len(b.telling)
    if not few or not many:
        return 0.0
    shared = len(a.kind & b.kind) + len(shared_words(a, b))
    return 50.0 * shared / min(few, many) + 100.0 * shared / (few + many)


def shared_words(a: Gist, b: Gist) -> frozenset[str]:
    """The telling words of `a` that `b` has too, typing errors forgiven."""
    return frozenset(word for word in a.telling if word in b.telling or _mistyped(word, b.telling))


def contradict(a: Gist, b: Gist) -> bool:
    """Whether both name a detail of the same sort (an RT, a side, a kilometre) and not the same one."""
    other = dict(b.details)
    return any(kind in other and not values & other[kind] for kind, values in a.details)


def same_name(a: str, b: str) -> bool:
    """Whether two names of places are the same, however written."""
    return fuzz.token_sort_ratio(a.casefold(), b.casefold()) >= TYPO


def _mistyped(word: str, others: frozenset[str]) -> bool:
    """Whether one of the others is this word but for a letter or two; people rarely mistype the first."""
    if len(word) < SHORTEST_TYPO or word.isdigit():
        return False
    return any(
        other[0] == word[0] and abs(len(other) - len(word)) <= 2 and fuzz.ratio(word, other) >= TYPO
        for other in others
        if len(other) >= SHORTEST_TYPO
    )


def _details(
    words: tuple[str, ...], wording: Wording
) -> tuple[tuple[tuple[str, frozenset[str]], ...], frozenset[int]]:
    """Details by kind ("rt" → {"3"}), and which words they took up."""
    found: dict[str, set[str]] = {}
    used: set[int] = set()
    for at, word in enumerate(words):
        kind, value, size = _detail(words, at, wording)
        if kind:
            found.setdefault(kind, set()).add(value)
            used.update(range(at, at + size))
        elif word in wording.sides:
            found.setdefault("side", set()).add(wording.sides[word])
            used.add(at)
        elif name := _name(words, at, wording):
            found.setdefault(wording.groups.get(word, word), set()).add(name)
    return tuple((kind, frozenset(values)) for kind, values in found.items()), frozenset(used)


def _name(words: tuple[str, ...], at: int, wording: Wording) -> str:
    """The name behind a word like "masjid"; it stays one of the telling words. Empty when there is none."""
    if words[at] not in wording.names or at + 1 >= len(words):
        return ""
    following = words[at + 1]
    said = following in wording.filler or following in wording.groups or following in wording.details
    return "" if said or following in wording.names else following


def _detail(words: tuple[str, ...], at: int, wording: Wording) -> tuple[str, str, int]:
    """(kind, value, words used) of a detail that begins here: "rt 03", "rt03", "blok c"."""
    word = words[at]
    if word in wording.details and at + 1 < len(words):
        value = words[at + 1]
        if value.isdigit() or (len(value) == 1 and value.isalpha()):
            return wording.details[word], value.lstrip("0") or "0", 2
    letters = word.rstrip("0123456789")
    if letters != word and letters in wording.details:
        return wording.details[letters], word[len(letters) :].lstrip("0") or "0", 1
    return "", "", 0
