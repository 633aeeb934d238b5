"""The same photo is known again, other photos are not, and what shows nothing is like nothing."""

import random
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from tests.pictures import saved, scene
from tickets.evidence.prints import BANDS, Print, apart, from_bands, probes
from tickets.evidence.seeing import take
from tickets.evidence.sightings import likeness
from tickets.policies import load_policies

POLICY = load_policies().evidence
SCENES = range(60)


@cache
def print_of(seed):
    return take(scene(seed))


def like(one, other):
    return likeness(one, other, POLICY.same, POLICY.similar)


def resaved(picture, quality):
    return Image.open(BytesIO(saved(picture, quality=quality))).convert("RGB")


def cropped(picture, share):
    wide, high = picture.size
    edge = int(wide * share / 2), int(high * share / 2)
    return picture.crop((*edge, wide - edge[0], high - edge[1]))


CHANGES = {
    "saved again": (lambda p: resaved(p, 50), 1.0),
    "saved badly": (lambda p: resaved(p, 20), 1.0),
    "half the size": (lambda p: resaved(p.resize((320, 240)), 60), 1.0),
    "a thumbnail": (lambda p: resaved(p.resize((160, 120)), 60), 1.0),
    "brighter": (lambda p: p.point(lambda v: min(255, int(v * 1.2 + 8))), 0.98),
    "blurred": (lambda p: p.filter(ImageFilter.GaussianBlur(2)), 1.0),
    "cropped by two percent": (lambda p: cropped(p, 0.02), 1.0),
    "cropped by four percent": (lambda p: cropped(p, 0.04), 0.9),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_photo_is_known_again(change):
    changed, least = CHANGES[change]
    found = [like(print_of(seed), take(changed(scene(seed)))) for seed in SCENES]
    assert sum(one is not None for one in found) >= least * len(found)


def test_different_photos_are_not_alike():
    prints = [print_of(seed) for seed in range(150)]
    pairs = [(a, b) for place, a in enumerate(prints) for b in prints[:place]]
    assert [like(a, b) for a, b in pairs if like(a, b)] == []


def flat_pictures():
    grain = random.Random(1)
    slope = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    black = Image.new("RGB", (640, 480))
    noisy = black.copy()
    noisy.putdata([(v, v, v) for v in (grain.randint(0, 25) for _ in range(640 * 480))])
    return [black, noisy, Image.new("RGB", (640, 480), (250, 250, 250)), slope, slope.rotate(180)]


def test_pictures_that_show_nothing_have_no_print():
    assert [take(picture) for picture in flat_pictures()] == [None] * 5


def test_tiny_pictures_do_no_harm():
    for size in ((1, 1), (1, 500), (500, 1), (3, 3)):
        take(scene(1).resize(size))


bits64, bits256 = st.integers(0, 2**64 - 1), st.integers(0, 2**256 - 1)


@given(bits64, bits256)
def test_a_print_is_put_together_again(coarse, fine):
    whole = Print(coarse, fine)
    assert from_bands(whole.bands, fine) == whole
    assert apart(whole, whole) == (0, 0)


@given(bits64, st.sets(st.integers(0, 63), max_size=11))
def test_within_the_distance_a_band_always_agrees(coarse, flipped):
    other = coarse ^ sum(1 << place for place in flipped)
    flips = 11 // BANDS
    bands = zip(Print(coarse, 0).bands, Print(other, 0).bands, strict=True)
    assert any(theirs in set(probes(ours, flips)) for ours, theirs in bands)
