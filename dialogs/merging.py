"""Two people changed the same files: what both meant, where they did not touch the same lines."""

from collections.abc import Mapping
from difflib import SequenceMatcher

Files = Mapping[str, str]
Hunk = tuple[int, int, list[str]]
"""Lines from…to of the base, and what one of the two put in their place."""


class MergeConflictError(Exception):
    """Both changed the same lines; `files` tells where."""

    def __init__(self, files: tuple[str, ...]) -> None:
        super().__init__(", ".join(files))
        self.files = files


def merge(base: Files, mine: Files, theirs: Files) -> dict[str, str]:
    """The files with both changes.

    Raises:
        MergeConflictError: both changed the same place.
    """
    merged: dict[str, str] = {}
    conflicts = []
    for path in sorted({*base, *mine, *theirs}):
        text = _file(base.get(path), mine.get(path), theirs.get(path))
        if text is CONFLICT:
            conflicts.append(path)
        elif text is not None:
            merged[path] = text
    if conflicts:
        raise MergeConflictError(tuple(conflicts))
    return merged


CONFLICT = "\0"


def _file(base: str | None, mine: str | None, theirs: str | None) -> str | None:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if base is None or mine is None or theirs is None:
        return CONFLICT
    return _lines(base, mine, theirs)


def _lines(base: str, mine: str, theirs: str) -> str:
    ground = base.splitlines(keepends=True)
    hunks = sorted(_hunks(ground, mine) + _hunks(ground, theirs))
    made: list[str] = []
    at = 0
    last: Hunk | None = None
    for hunk in hunks:
        start, end, lines = hunk
        if hunk == last:
            continue
        if last is not None and start <= at:
            return CONFLICT
        made += ground[at:start] + lines
        at, last = end, hunk
    return "".join(made + ground[at:])


def _hunks(ground: list[str], text: str) -> list[Hunk]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, ground, lines, autojunk=False)
    return [(a, b, lines[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
