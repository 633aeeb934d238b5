"""When two reports count as being about the same thing, and why they are joined or parted."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickets.policies.reader import Node, Words

SPLIT_REASONS = ("kata_pelapor", "induk_ditarik", "induk_tertutup")
"""Reasons the program itself gives; each must be there."""
NUMBERS = (
    "spot_m", "distance_m", "near_similarity", "similar_distance_m", "similarity",
    "max_age_days", "max_matches",
)  # fmt: skip
KEYS = (
    *NUMBERS, "filler", "short", "personal", "alike", "details", "names", "sides",
    "merge_reasons", "split_reasons",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a story tells it from others: filler says nothing, words of one group mean the same.

    `short` maps a place's nickname to its name, `groups` a word to the first of its group, `details` a word
    before a number ("rt") to its kind, `sides` a compass word to the first of its group; `names` are words
    before a name ("masjid").
    """

    filler: frozenset[str]
    short: Mapping[str, str]
    groups: Mapping[str, str]
    details: Mapping[str, str]
    names: frozenset[str]
    sides: Mapping[str, str]

    def __hash__(self) -> int:
        """So that what was worked out with these words can be remembered with them."""
        return hash(self.filler)


@dataclass(frozen=True, slots=True)
class DuplicatePolicy:
    """Distances in metres, similarity of texts from 0 to 100, age in days.

    `personal` are categories about one person's own matter, in which nobody else's report is ever shown.
    """

    spot_m: float
    distance_m: float
    near_similarity: float
    similar_distance_m: float
    similarity: float
    max_age_days: int
    max_matches: int
    personal: frozenset[str]
    wording: Wording
    merge_reasons: Mapping[str, Words]
    split_reasons: Mapping[str, Words]

    def reason(self, given: str) -> Words | str:
        """A reason in every language when it is one of the list, else the words themselves."""
        return self.merge_reasons.get(given) or self.split_reasons.get(given) or given


def read_duplicates(node: Node) -> DuplicatePolicy:
    """The thresholds, words and reasons of `duplicates.yml`."""
    node.known(*KEYS)
    policy = DuplicatePolicy(
        spot_m=node.number("spot_m"),
        distance_m=node.number("distance_m"),
        near_similarity=node.number("near_similarity"),
        similar_distance_m=node.number("similar_distance_m"),
        similarity=node.number("similarity"),
        max_age_days=node.count("max_age_days", least=1),
        max_matches=node.count("max_matches", least=1),
        personal=frozenset(node.texts("personal")),
        wording=_wording(node),
        merge_reasons=_reasons(node.at("merge_reasons")),
        split_reasons=_reasons(node.at("split_reasons")),
    )
    _check(node, policy)
    return policy


def _check(node: Node, policy: DuplicatePolicy) -> None:
    for key in ("similarity", "near_similarity"):
        if getattr(policy, key) > 100:
            node.fault("Similarity runs from 0 to 100.", "Use 60 and 30 to begin with.", key)
    if not policy.spot_m <= policy.distance_m <= policy.similar_distance_m:
        node.fault(
            "The distances must grow: spot_m, distance_m, similar_distance_m.",
            "Use for example 30, 150, 500.",
            "distance_m",
        )
    for code in SPLIT_REASONS:
        if code not in policy.split_reasons:
            node.fault(
                f"The reason '{code}' is missing.", "Copy it from the delivered file.", "split_reasons"
            )
    if not policy.merge_reasons:
        node.fault("No reason to merge is offered.", "Write at least one.", "merge_reasons")


def _wording(node: Node) -> Wording:
    return Wording(
        filler=frozenset(node.text("filler").casefold().split()),
        short={word: entry.value for word, entry in node.at("short").entries()},
        groups=_groups(node, "alike"),
        details={word: kind for kind, one in node.at("details").entries() for word in _words(one)},
        names=frozenset(_words(node.at("names"))),
        sides=_groups(node, "sides"),
    )


def _groups(node: Node, key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in node.items(key):
        words = _words(group)
        found |= dict.fromkeys(words, words[0] if words else "")
    return found


def _words(node: Node) -> tuple[str, ...]:
    """A list of single words; each must be a text without spaces."""
    value = node.value if isinstance(node.value, list) else []
    if not value:
        node.fault("Expected a list of words.", "Write it as [satu, dua].")
    for word in value:
        if not isinstance(word, str) or len(word.split()) != 1:
            node.fault(f"'{word}' is not a single word.", "Put it in quotes, without spaces.")
    return tuple(str(word).casefold() for word in value)


def _reasons(node: Node) -> dict[str, Words]:
    return {code: node.words(code) for code, _ in node.entries()}
