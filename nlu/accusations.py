"""Accusations of a person somebody could name: a deed, and near it a name, or an office with its place."""

from nlu.interpretation import Signal, Span
from nlu.phrases import Match
from nlu.reading import Reading

LIST = "accusation"
REACH = 8  # words between the person and the deed
ROLE, NAMED = 2, 3  # severity: an office's holder, or somebody with name or place


class Accusations:
    """Finds persons beside deeds; `common` words are never taken for names."""

    def __init__(self, common: frozenset[str]) -> None:
        self._common = common

    def find(self, reading: Reading, places: tuple[tuple[int, int], ...]) -> Signal | None:
        """The gravest accusation of a text, or None; a deed laid to an office alone is none."""
        matches = reading.matches(LIST)
        deeds = [match for match in matches if match.entry == "deed" and not _negated(match, matches)]
        if not deeds:
            return None
        persons = [person for match in matches if (person := self._person(reading, match, places))]
        pairs = [(person, deed) for person in persons for deed in deeds if _near(person[0], deed)]
        if not pairs:
            return None
        severity = max(grade for (_, grade), _ in pairs)
        kept = dict.fromkeys(match for (match, _), deed in pairs for match in (match, deed))
        return Signal(LIST, severity, tuple(sorted((reading.span(match) for match in kept), key=_start)))

    def _person(
        self, reading: Reading, match: Match, places: tuple[tuple[int, int], ...]
    ) -> tuple[Match, int] | None:
        """The words that point at a person, and how surely."""
        if match.entry not in ("address", "role"):
            return None
        after = match.last + 1
        if self._is_name(reading, after, places):
            return match._replace(last=after), NAMED
        if match.entry == "role":
            placed = next((last for first, last in places if after <= first <= after + 1), None)
            return (match._replace(last=placed), NAMED) if placed is not None else (match, ROLE)
        return None

    def _is_name(self, reading: Reading, at: int, places: tuple[tuple[int, int], ...]) -> bool:
        if at >= len(reading.tokens) or any(first <= at <= last for first, last in places):
            return False
        token = reading.tokens[at]
        listed = any(match.first <= at <= match.last for match in reading.matches(LIST))
        known = listed or not {token.text, token.norm, token.stem}.isdisjoint(self._common)
        between = reading.text[reading.tokens[at - 1].end : token.start]
        return not known and token.text.isalpha() and not between.strip(" .")


def _negated(deed: Match, matches: tuple[Match, ...]) -> bool:
    return any(
        match.entry == "harmless" and match.first <= deed.last and deed.first <= match.last
        for match in matches
    )


def _near(person: Match, deed: Match) -> bool:
    return person.first - deed.last <= REACH and deed.first - person.last <= REACH


def _start(span: Span) -> int:
    return span.start
