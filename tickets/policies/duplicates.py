"""When two reports count as being about the same thing."""

from dataclasses import dataclass

from tickets.policies.reader import Node


@dataclass(frozen=True, slots=True)
class DuplicatePolicy:
    """Distances in metres, similarity of texts from 0 to 100, age in days."""

    distance_m: float
    similar_distance_m: float
    similarity: float
    max_age_days: int
    max_matches: int


def read_duplicates(node: Node) -> DuplicatePolicy:
    """The thresholds of `duplicates.yml`."""
    node.known("distance_m", "similar_distance_m", "similarity", "max_age_days", "max_matches")
    policy = DuplicatePolicy(
        distance_m=node.number("distance_m"),
        similar_distance_m=node.number("similar_distance_m"),
        similarity=node.number("similarity"),
        max_age_days=node.count("max_age_days", least=1),
        max_matches=node.count("max_matches", least=1),
    )
    if policy.similarity > 100:
        node.fault("Similarity runs from 0 to 100.", "Use 70 to begin with.", "similarity")
    return policy
