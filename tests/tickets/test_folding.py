"""Groups shown to everybody: none so small that it points at somebody, nothing to be reckoned back."""

from hypothesis import given
from hypothesis import strategies as st

from tickets.figures import CONFIDENTIAL, Count, Figure, Row
from tickets.folding import folded

NONE = Figure(None, 0)


def row(key: str, received: int) -> Row:
    return Row(key, Count(received), NONE, NONE, NONE, NONE, NONE, 0, 0)


def told(least: int, **counts: int) -> tuple[dict[str, int], int]:
    shown, rest = folded([row(key, count) for key, count in counts.items()], least)
    return {one.key: one.count.received for one in shown}, rest


def test_small_groups_become_one():
    assert told(3, jalan=9, sampah=2, pasar=1) == ({"jalan": 9}, 3)


def test_a_single_small_group_takes_the_next_one_along():
    assert told(3, jalan=9, sampah=5, pasar=1) == ({"jalan": 9}, 6)
    assert told(3, jalan=9, rahasia=8) == ({}, 17)


@given(st.dictionaries(st.sampled_from([*"abcdefgh", CONFIDENTIAL]), st.integers(1, 9)), st.integers(2, 5))
def test_nothing_small_is_told_and_everything_adds_up(counts, least):
    shown, rest = told(least, **counts)
    assert sum(shown.values()) + rest == sum(counts.values())
    assert all(count >= least for count in shown.values())
    assert CONFIDENTIAL not in shown
    folded_away = len(counts) - len(shown)
    assert rest == 0 or not shown or (rest >= least and folded_away >= 2)
