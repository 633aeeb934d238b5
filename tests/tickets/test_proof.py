import random
from math import cos
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.proof import dhash, distance

SAME = 8  # bits


def picture(seed, tall=48, wide=64):
    rng = random.Random(seed)
    waves = [
        (rng.uniform(1, 12), rng.uniform(1, 12), rng.uniform(0, 6), rng.uniform(20, 40)) for _ in range(4)
    ]
    return [
        [
            128 + sum(high * cos(a * x / wide + b * y / tall + shift) for a, b, shift, high in waves)
            for x in range(wide)
        ]
        for y in range(tall)
    ]


@given(st.integers(0, 500))
def test_a_picture_is_known_again_when_scaled_brightened_and_noisy(seed):
    original = dhash(picture(seed))
    rng = random.Random(seed)
    assert distance(dhash(picture(seed, 96, 128)), original) <= SAME
    assert dhash([[value + 20 for value in row] for row in picture(seed)]) == original
    noisy = [[value + rng.uniform(-2, 2) for value in row] for row in picture(seed)]
    assert distance(dhash(noisy), original) <= SAME


def test_other_pictures_differ():
    prints = [dhash(picture(seed)) for seed in range(30)]
    apart = [distance(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert median(apart) > 3 * SAME
    assert sum(bits <= SAME for bits in apart) <= len(apart) / 100


def test_tiny_pictures_have_a_fingerprint_and_empty_ones_none():
    assert dhash([[1, 2], [2, 1]]) == dhash([[10, 20], [20, 10]])
    with pytest.raises(ValueError, match="pixels"):
        dhash([])
