"""Fingerprints of pictures: the same photo is known again after scaling, saving anew and a slight crop.

Two of them: `coarse`, 64 signs of the lowest cosine frequencies, finds candidates fast; `fine`, 256 slopes
between neighbouring patches, tells whether a candidate is the same picture. A picture without detail (black,
fog, a bare wall) has none: it looks like every other of its kind and would prove nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

BANDS = 4
BAND_BITS = 16
MASK = (1 << BAND_BITS) - 1


@dataclass(frozen=True, slots=True)
class Print:
    """A picture's two fingerprints, 64 and 256 bits."""

    coarse: int
    fine: int

    @property
    def bands(self) -> tuple[int, ...]:
        """The coarse one in four pieces of 16 bits, the way it is indexed."""
        return tuple(self.coarse >> (BAND_BITS * band) & MASK for band in range(BANDS))


def from_bands(bands: Sequence[int], fine: int) -> Print:
    """A print put together again from its pieces."""
    return Print(sum(piece << (BAND_BITS * band) for band, piece in enumerate(bands)), fine)


def apart(one: Print, other: Print) -> tuple[int, int]:
    """In how many bits two prints differ: of 64 coarse ones, of 256 fine ones."""
    return (one.coarse ^ other.coarse).bit_count(), (one.fine ^ other.fine).bit_count()


def probes(piece: int, flips: int) -> Iterator[int]:
    """Every value of a band that differs from this one in at most so many bits.

    Two prints that differ in fewer than `BANDS * (flips + 1)` bits agree in one band up to `flips`: so these
    look-ups find all of them.
    """
    for count in range(flips + 1):
        for places in combinations(range(BAND_BITS), count):
            yield piece ^ sum(1 << place for place in places)
