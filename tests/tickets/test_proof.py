import random
from dataclasses import replace
from datetime import UTC
from math import cos
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.proof import chain, dhash, distance

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


def test_the_chain_notices_any_change_in_any_line(story):
    events = story().changes[0].events
    sums = [""]
    for event in events:
        sums.append(chain(sums[-1], event))
    assert sums[1:] == [chain(before, event) for before, event in zip(sums, events, strict=False)]
    first = events[0]
    for changed in (
        replace(first, reason="lain"),
        replace(first, text="lain"),
        replace(first, data={"a": 1}),
        replace(first, actor=replace(first.actor, id="orang lain")),
        replace(first, after="DITAHAN"),
    ):
        assert chain("", changed) != sums[1]
    assert chain(sums[1], first) != sums[1]


def test_the_chain_is_the_same_whatever_zone_the_time_was_kept_in(story, friday):
    event = story().changes[0].events[0]
    assert chain("", replace(event, at=event.at.astimezone(UTC))) == chain("", event)
