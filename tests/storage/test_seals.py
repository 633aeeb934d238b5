"""What is sealed can be read with its key, in its place and unaltered, or not at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.files.sealed_files import PIECE, seal_file, unseal_file
from storage.rows import inbox
from storage.seals import KeyFormError, Ring, UnknownKeyError, UnsealError, is_sealed, key_of

ONE, OTHER = (base64.b64encode(bytes([one]) * 32).decode() for one in (7, 9))
RING = Ring.of(ONE)
BOTH = Ring.of(f"{OTHER}, {ONE}")
NAME = "ab" * 32


@given(st.binary(max_size=300), st.text(max_size=60))
def test_values_come_back_as_they_went_in(plain, text):
    assert RING.unseal(b"here", RING.seal(b"here", plain)) == plain
    assert RING.untoken(b"here", RING.token(b"here", text)) == text
    assert is_sealed(RING.seal(b"here", plain))
    assert is_sealed(RING.token(b"here", text))


@given(st.text(min_size=1, max_size=40))
def test_the_same_text_is_found_by_its_token_and_never_looks_the_same_otherwise(text):
    assert RING.token(b"address", text) == RING.token(b"address", text)
    assert RING.token(b"address", text) != RING.token(b"message", text)
    assert RING.seal(b"name", text.encode()) != RING.seal(b"name", text.encode())
    assert BOTH.token(b"address", text) != RING.token(b"address", text)


@given(st.binary(min_size=1, max_size=80), st.integers(min_value=0), st.integers(1, 63))
def test_whatever_is_altered_is_noticed(plain, at, by):
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for sealed, opened in (
        (RING.seal(b"here", plain), RING.unseal),
        (RING.token(b"here", plain.hex()), RING.untoken),
    ):
        body = sealed.rstrip("=")
        place = 10 + at % (len(body) - 11)
        sign = signs[(signs.index(body[place]) + by) % 64]
        with pytest.raises(UnsealError):
            opened(b"here", body[:place] + sign + sealed[place + 1 :])


def test_a_value_in_another_column_or_cut_off_or_plain_is_refused():
    sealed, token = RING.seal(b"inbox.payload", b"x"), RING.token(b"address", "77")
    for column, value in (
        (b"outbox.message", sealed),
        (b"inbox.payload", sealed[:-8]),
        (b"inbox.payload", "plain"),
    ):
        with pytest.raises(UnsealError):
            RING.unseal(column, value)
    for domain, value in (
        (b"message", token),
        (b"address", token[:-8]),
        (b"address", "77"),
        (b"address", 77),
    ):
        with pytest.raises(UnsealError):
            RING.untoken(domain, value)


def test_an_older_key_still_reads_and_a_missing_one_is_named():
    sealed = RING.seal(b"here", b"x")
    assert BOTH.unseal(b"here", sealed) == b"x"
    assert key_of(BOTH.seal(b"here", b"x")) == BOTH.newest.id != RING.newest.id
    with pytest.raises(UnknownKeyError, match=RING.newest.id):
        Ring.of(OTHER).unseal(b"here", sealed)
    with pytest.raises(UnknownKeyError, match="KENTONGAN_KEYS"):
        Ring.of(OTHER).finding_with(RING.newest.id)


@pytest.mark.parametrize(
    "text", ["", "  ,", "rahasia", "A" * 43 + "!", base64.b64encode(b"x" * 31).decode(), f"{ONE} x"]
)
def test_what_is_no_key_is_refused_with_what_one_looks_like(text):
    with pytest.raises(KeyFormError, match="32 random bytes in base64"):
        Ring.of(text)


def test_a_key_gives_nothing_away_when_printed():
    assert ONE not in repr(RING)
    assert ONE[:8] not in RING.newest.id


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_files_come_back_as_they_went_in(size):
    content = bytes(n % 251 for n in range(size))
    sealed = seal_file(RING, NAME, content)
    assert unseal_file(BOTH, NAME, sealed) == content
    assert content[:64] not in sealed or size < 8


def test_pieces_of_a_file_cannot_be_altered_moved_left_out_or_put_under_another_name():
    content = b"".join(bytes([n]) * PIECE for n in range(3))
    sealed = seal_file(RING, NAME, content)
    step, head = PIECE + 16, len(sealed) - 3 * (PIECE + 16)
    pieces = [sealed[head + n * step : head + (n + 1) * step] for n in range(3)]
    spoilt = [
        sealed[:head] + pieces[1] + pieces[0] + pieces[2],
        sealed[:head] + pieces[0] + pieces[1],
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
        sealed[:head],
        b"",
        content,
    ]
    for one in spoilt:
        with pytest.raises(UnsealError):
            unseal_file(RING, NAME, one)
    with pytest.raises(UnsealError):
        unseal_file(RING, "cd" * 32, sealed)
    with pytest.raises(UnknownKeyError):
        unseal_file(Ring.of(OTHER), NAME, sealed)


def test_a_query_cannot_look_into_a_sealed_document():
    with pytest.raises(TypeError, match="in_clear"):
        inbox.c.payload["sender_name"]
