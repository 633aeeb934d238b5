"""Proof that holds: a fingerprint pictures can be compared by."""

from collections.abc import Sequence

COLUMNS, ROWS = 9, 8


def dhash(rows: Sequence[Sequence[float]]) -> int:
    """A 64-bit fingerprint of a grey picture (rows of brightness): which of each two neighbours is darker.

    Survives scaling, light and mild compression; compare two with `distance`.

    Raises:
        ValueError: the picture has no pixels.
    """
    if not rows or not rows[0]:
        raise ValueError("A picture without pixels has no fingerprint.")
    small = [[_mean(rows, row, column) for column in range(COLUMNS)] for row in range(ROWS)]
    bits = [line[i] < line[i + 1] for line in small for i in range(COLUMNS - 1)]
    return sum(bit << place for place, bit in enumerate(bits))


def distance(a: int, b: int) -> int:
    """In how many of 64 bits two fingerprints differ; up to about 8 it is the same picture."""
    return (a ^ b).bit_count()


def _mean(rows: Sequence[Sequence[float]], row: int, column: int) -> float:
    """The mean brightness of the patch that becomes one pixel of the small picture."""
    tall, wide = len(rows), len(rows[0])
    top, bottom = row * tall // ROWS, max((row + 1) * tall // ROWS, row * tall // ROWS + 1)
    left, right = column * wide // COLUMNS, max((column + 1) * wide // COLUMNS, column * wide // COLUMNS + 1)
    patch = [value for line in rows[top:bottom] for value in line[left:right]]
    return sum(patch) / len(patch)
