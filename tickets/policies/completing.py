"""A city's own file that is older than the program: what it does not say yet, the delivered file says."""

from collections.abc import Iterator, Mapping

from ruamel.yaml.comments import CommentedMap

from tickets.policies.reader import Node

EVERY: tuple[str, ...] = ()
TOP = ""
GROWING: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lifecycle.yml": {
        TOP: ("opening", "opening_tells"),
        **dict.fromkeys(("limits", "states", "actions", "refusals"), EVERY),
    },
    "sla.yml": {"deadlines": EVERY},
    "retention.yml": {TOP: ("breaches",)},
    "limits.yml": {TOP: ("web_chat",)},
    "figures.yml": {TOP: ("repeats", "unknown_words", "spoken", "page"), "digests": EVERY},
    "duplicates.yml": {
        TOP: ("spot_m", "near_similarity", "filler", "names", "merge_reasons"),
        "split_reasons": EVERY,
    },
}
"""Files the program adds to, and where: every key of a mapping, or those named. Each of them must be there,
so leaving one out can mean nothing else than that it was not known yet. What only the city can know (its
numbers, agencies, terms of keeping) is never filled in for it."""


def complete(own: Node, delivered: Node) -> tuple[str, ...]:
    """Put what the own file lacks into it; the keys that were, as `file: key`."""
    rules = GROWING.get(own.file, {})
    return tuple(
        f"{own.file}: {key}" for path, names in rules.items() for key in _filled(own, delivered, path, names)
    )


def _filled(own: Node, delivered: Node, path: str, names: tuple[str, ...]) -> Iterator[str]:
    here, there = (node.at(path).value if path else node.value for node in (own, delivered))
    if here is None and path and isinstance(own.value, CommentedMap):
        _put(own.value, delivered.value, path)
        yield path
    if not isinstance(here, CommentedMap):
        return
    for name in names or tuple(there):
        if here.get(name) is None:
            _put(here, there, name)
            yield f"{path}.{name}" if path else name


def _put(here: CommentedMap, there: CommentedMap, name: str) -> None:
    """The entry with the place it is delivered at, so that a fault in it can still be told with a line."""
    here[name] = there[name]
    here.lc.add_kv_line_col(name, there.lc.data[name])
