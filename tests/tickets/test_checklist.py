"""Data asked item by item: numbers, lines, files and pins tick what they answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.checklist import asked_of, listed, ticked
from tickets.ticket import Asked

ITEMS = (
    Asked("tiang", "Nomor tiang"),
    Asked("dekat", "Foto dekat", "photo"),
    Asked("jauh", "Foto jauh", "photo"),
    Asked("titik", "Titik lokasi", "place"),
    Asked("sejak", "Sejak kapan"),
)


def done(text, files=0, items=ITEMS):
    return [place for place, one in enumerate(ticked(items, text, files), 1) if one.done]


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("", 0, []),
        ("nomor 12 kalau tidak salah", 0, [1]),
        ("5. sejak Senin", 0, [5]),
        ("4) depan warung Bu Tri\n1: PJU-77", 0, [1, 4]),
        ("PJU-77\ndepan warung\nsejak Senin", 0, [1, 4, 5]),
        ("📍 https://maps.example/?q=1,2", 0, [4]),
        ("", 1, [2]),
        ("", 3, [2, 3]),
        ("PJU-77", 2, [1, 2, 3]),
        ("9. tidak ada nomor itu", 0, [1]),
    ],
)
def test_what_an_answer_ticks(text, files, expected):
    assert done(text, files) == expected


def test_ticks_add_up_over_several_answers():
    after = ticked(ticked(ITEMS, "PJU-77", 0), "5. Senin", 2)
    assert [one.done for one in after] == [True, True, True, False, True]
    assert listed(after, open_only=True) == "4. Titik lokasi"


def test_the_list_is_numbered_and_ends_with_the_operators_own_words(policies):
    questions = (policies.questions["titik"], policies.questions["sejak"])
    asked = asked_of(questions, "Nama toko terdekat?", "en")
    assert listed(asked).splitlines()[-1] == "3. Nama toko terdekat?"
    assert listed(asked).startswith("1. The exact place")


@given(st.text(max_size=200), st.integers(0, 5))
def test_an_answer_never_unticks_or_changes_an_item(text, files):
    before = ticked(ITEMS, "PJU-77", 1)
    after = ticked(before, text, files)
    assert all(new.done or not old.done for old, new in zip(before, after, strict=True))
    assert [(one.code, one.words, one.kind) for one in after] == [
        (one.code, one.words, one.kind) for one in ITEMS
    ]
