"""JSON that somebody wrote half a character into is read all the same; what is no JSON is not."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bodies import read_json

HALVES = st.sampled_from(["\\", "\\ud800", "\ud83d", "\ude00", "\ud83d\ude00", "u"])
WORDS = st.lists(st.characters(exclude_categories=()) | HALVES, max_size=8).map("".join)


@given(st.dictionaries(WORDS, WORDS | st.integers(0, 9), max_size=3))
def test_whatever_is_written_is_read_with_only_its_halves_replaced(told: dict[str, str | int]):
    def whole(text: str) -> str:
        joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in joined)

    wanted = {whole(key): whole(value) if isinstance(value, str) else value for key, value in told.items()}
    assert read_json(json.dumps(told).encode()) == wanted


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": "\\ud8"}', b'"\\ud800', b"\xff", b'{"a": \\ud800}'])
def test_what_is_no_json_is_not_read(body: bytes):
    with pytest.raises(orjson.JSONDecodeError):
        read_json(body)
