"""Changing one text in its file, and putting two people's changes together."""

import difflib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.bundle import Bundle
from dialogs.editing import MAX_TEXT, CannotEditError, Spot, rewrite, words_at
from dialogs.loader import load_bundle
from dialogs.merging import MergeConflictError, merge

BUNDLE = load_bundle()
SPOTS = [
    Spot(name, language, at, button)
    for language, named in BUNDLE.responses.items()
    for name, response in named.items()
    if name.startswith("utter_")
    for at, variation in enumerate(response.variations)
    for button in (None, *range(len(variation.buttons)))
]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
LINES = st.lists(WORDS, min_size=1, max_size=4).map("\n".join).filter(str.strip)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spot=st.sampled_from(SPOTS), words=LINES)
def test_any_words_at_any_spot_change_nothing_else(spot: Spot, words: str):
    path, text = rewrite(BUNDLE, spot, words)
    new = Bundle.from_sources({**BUNDLE.sources, path: text})
    meant = "\n".join(line.rstrip() for line in words.strip().splitlines())
    assert words_at(new, spot) == meant
    for other in SPOTS:
        if other != spot:
            assert words_at(new, other) == words_at(BUNDLE, other)


def test_comments_and_layout_stay():
    path, text = rewrite(BUNDLE, Spot("utter_ada_lagi", "id"), "Satu baris")
    before = BUNDLE.sources[path].splitlines()
    changed = [line for line in difflib.ndiff(before, text.splitlines()) if line[0] in "+-"]
    assert [line[0] for line in changed] == ["-", "+"]
    assert changed[1].endswith('- text: "Satu baris"')


def test_several_lines_are_written_as_a_block():
    _, text = rewrite(BUNDLE, Spot("utter_bantuan", "id"), "Halo\n\n  • satu\nakhir")
    assert "    - text: |-\n        Halo\n\n          • satu\n        akhir\n" in text


@pytest.mark.parametrize("words", ["", "  \n ", "x" * (MAX_TEXT + 1)])
def test_no_words_or_too_many_are_refused(words: str):
    with pytest.raises(CannotEditError):
        rewrite(BUNDLE, SPOTS[0], words)


@pytest.mark.parametrize(
    "spot", [Spot("utter_hantu", "id"), Spot("utter_bantuan", "xx"), Spot("utter_bantuan", "id", 9)]
)
def test_a_spot_there_is_not(spot: Spot):
    with pytest.raises(CannotEditError):
        rewrite(BUNDLE, spot, "halo")


BASE = {"a": "1\n2\n3\n4\n5\n", "b": "x\n"}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"a": "1\nII\n3\n4\n5\n"}, {"a": "1\n2\n3\n4\nV\n"}, {"a": "1\nII\n3\n4\nV\n"}),
        ({"a": "0\n1\n2\n3\n4\n5\n"}, {"a": "1\n2\n3\n4\n5\n6\n"}, {"a": "0\n1\n2\n3\n4\n5\n6\n"}),
        ({"a": "1\n2\n5\n"}, {"b": "y\n"}, {"a": "1\n2\n5\n", "b": "y\n"}),
        ({"c": "new\n"}, {"b": "y\n"}, {"c": "new\n", "b": "y\n"}),
        ({"b": "y\n"}, {"b": "y\n"}, {"b": "y\n"}),
        ({"a": "1\nII\n3\n4\n5\n"}, {"a": "1\nII\n3\n4\nV\n"}, {"a": "1\nII\n3\n4\nV\n"}),
    ],
)
def test_changes_of_two_are_put_together(mine, theirs, expected):
    assert merge(BASE, BASE | mine, BASE | theirs) == BASE | expected
    assert merge(BASE, BASE | theirs, BASE | mine) == BASE | expected


def test_a_file_one_deleted_is_gone_unless_the_other_changed_it():
    assert merge(BASE, {"a": BASE["a"]}, BASE) == {"a": BASE["a"]}
    with pytest.raises(MergeConflictError) as caught:
        merge(BASE, {"a": BASE["a"]}, BASE | {"b": "y\n"})
    assert caught.value.files == ("b",)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("1\nII\n3\n4\n5\n", "1\nzwei\n3\n4\n5\n"),
        ("1\nII\n3\n4\n5\n", "1\n3\n4\n5\n"),
        ("1\n2\nA\n3\n4\n5\n", "1\n2\nB\n3\n4\n5\n"),
        ("1\nII\n3\n4\n5\n", "1\n2\nIII\n4\n5\n"),
    ],
)
def test_the_same_lines_are_no_ones_guess(mine: str, theirs: str):
    with pytest.raises(MergeConflictError):
        merge(BASE, BASE | {"a": mine}, BASE | {"a": theirs})


TEXT = st.lists(st.sampled_from("abc"), max_size=8).map(lambda rows: "".join(f"{row}\n" for row in rows))


@given(base=TEXT, mine=TEXT)
def test_one_who_changed_alone_gets_what_they_meant(base: str, mine: str):
    assert merge({"f": base}, {"f": mine}, {"f": base}) == {"f": mine}
    assert merge({"f": base}, {"f": base}, {"f": mine}) == {"f": mine}
