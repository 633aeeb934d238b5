import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rendering import clip, split_text, utf16_units, with_list
from bot.channels.texts import TextsError, load_texts, pick
from dialogs.messages import Button

texts = st.text(st.sampled_from("ab 🌊\n👩‍é"), max_size=300)
limits = st.integers(4, 60)


def in_bytes(text: str) -> int:
    return len(text.encode())


MEASURES = pytest.mark.parametrize("measure", [utf16_units, in_bytes])


@MEASURES
@given(texts, limits)
def test_parts_fit_and_lose_nothing_but_blanks(measure, text, limit):
    parts = split_text(text, limit, measure)
    assert all(0 < measure(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@MEASURES
@pytest.mark.parametrize("sign", "é道ꦗ🌊")
def test_a_text_of_wide_signs_alone_is_cut_where_it_is_full(measure, sign):
    parts = split_text(sign * 100, 30, measure)
    assert "".join(parts) == sign * 100
    assert {len(part) for part in parts[:-1]} == {30 // measure(sign)}


@given(texts, limits)
def test_clipped_text_fits(text, limit):
    clipped = clip(text, limit, utf16_units)
    assert utf16_units(clipped) <= limit
    assert clipped == text or clipped.endswith("…")


@given(texts)
def test_lengths_are_those_of_utf16(text):
    assert utf16_units(text) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("satu dua\n\ntiga empat lima", ["satu dua", "tiga empat lima"]),
        ("satu dua tiga\nempat lima", ["satu dua tiga", "empat lima"]),
        ("satu dua tiga empat", ["satu dua tiga", "empat"]),
        ("abcdefghijklmnopqrst", ["abcdefghijklmno", "pqrst"]),
        ("  ", []),
    ],
)
def test_texts_are_cut_where_one_would_breathe(text, parts):
    assert split_text(text, 15) == parts


def test_choices_as_a_list():
    rows = ((Button("Jalan", "/a"), Button("Peta", "", "https://peta.example")),)
    assert with_list("Pilih", rows) == "Pilih\n\n1. Jalan\n2. Peta: https://peta.example"


def test_a_missing_sentence_names_file_language_and_key(tmp_path):
    path = tmp_path / "texts.json"
    path.write_text('{"id": {"a": "x"}, "jv": {"a": "x"}, "en": {}}')
    with pytest.raises(TextsError, match=r"texts\.json: en\.a is missing"):
        load_texts(path)
    path.write_text("{")
    with pytest.raises(TextsError, match="not JSON"):
        load_texts(path)


def test_other_languages_read_indonesian():
    texts = {"id": {"a": "i"}, "jv": {"a": "j"}, "en": {"a": "e"}}
    assert [pick(texts, tag)["a"] for tag in ("en-GB", "JV", "fr", "")] == ["e", "j", "i", "i"]
