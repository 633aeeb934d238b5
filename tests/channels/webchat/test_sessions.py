import sys
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.channels import rates as limit
from bot.channels.rates import Rates
from bot.channels.webchat.sessions import Sessions, Terms

KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
TERMS = Terms(timedelta(hours=10), timedelta(days=3))
SPANS = st.integers(0, 400_000).map(lambda seconds: timedelta(seconds=seconds))


def sessions(nonce=b"n" * 16, key=KEY):
    return Sessions(key, lambda size: nonce[:size], TERMS)


def address(token, **how):
    found = sessions(**how).read(token)
    return found and found.address


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_tokens_lead_to_addresses_of_their_own(one, two):
    first, second = sessions(one).new(NOW), sessions(two).new(NOW)
    assert address(first) == sessions(one).read(first).address
    assert (address(first) == address(second)) == (one == two)


@given(st.integers(0, 55), st.characters(codec="ascii"))
def test_a_changed_token_is_none_of_ours(place, character):
    token = sessions().new(NOW)
    forged = token[:place] + character + token[place + 1 :]
    assert forged == token or address(forged) is None


@given(st.text(max_size=60))
def test_made_up_tokens_are_none_of_ours(token):
    assert address(token) is None


def test_another_key_knows_no_token_of_ours():
    assert address(sessions().new(NOW), key=b"x" * 32) is None


@given(st.lists(SPANS, max_size=12))
def test_a_session_lasts_while_it_is_used_and_never_beyond_its_age(pauses):
    """Whatever the pauses: its holder is let in until one is too long, or all together are."""
    room, now, token = sessions(), NOW, sessions().new(NOW)
    began = room.read(token).address
    for pause in pauses:
        now, before = now + pause, room.read(token)
        if now - NOW >= TERMS.longest or pause >= TERMS.idle:
            assert room.over(before, now)
            return
        assert (
            not room.over(before, now) or pause > TERMS.idle * 0.94
        )  # worn tokens are renewed a little late
        if room.over(before, now):
            return
        token = room.renewed(before, now) or token
        assert room.read(token).address == began


def test_a_session_that_is_always_used_ends_at_its_age_to_the_second():
    room = sessions()
    held = room.read(room.new(NOW))
    for hours in range(5, 72, 5):
        held = room.read(room.renewed(held, NOW + timedelta(hours=hours)))
    assert held.used == NOW + timedelta(hours=70)
    assert not room.over(held, NOW + TERMS.longest - timedelta(seconds=1))
    assert room.over(held, NOW + TERMS.longest)


def test_a_clock_put_back_ends_nothing():
    room = sessions()
    held = room.read(room.new(NOW))
    assert not room.over(held, NOW - timedelta(days=400))
    assert room.renewed(held, NOW - timedelta(days=400)) == ""


def test_a_bucket_fills_again():
    now = [0.0]
    rates = Rates(burst=2, per_second=0.5, now=lambda: now[0])
    assert [rates.wait("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert rates.wait("b") == 0.0
    now[0] = 2.0
    assert [rates.wait("a"), rates.wait("a")] == [0.0, 2.0]


def test_silence_saves_nothing_up():
    now = [0.0]
    rates = Rates(burst=2, per_second=0.5, now=lambda: now[0])
    assert [rates.wait("a"), rates.wait("a")] == [0.0, 0.0]
    now[0] = 1_000_000.0
    assert [rates.wait("a") for _ in range(3)] == [0.0, 0.0, 2.0]


def test_senders_who_are_full_again_are_forgotten():
    now = [0.0]
    rates = Rates(burst=1, per_second=1.0, now=lambda: now[0], most=3)
    for sender in "abc":
        rates.wait(sender)
    for later in (5.0, 6.0):
        now[0] = later
        rates.wait("d")
    assert list(rates._buckets) == ["d"]


def test_a_flood_of_addresses_is_bounded_and_each_request_costs_a_few_steps():
    now, most = [0.0], 500
    rates = Rates(burst=300, per_second=1.0, now=lambda: now[0], most=most)
    steps: list[int] = []
    for n in range(3 * most):
        now[0] += 0.001
        steps.append(steps_of(rates, f"10.0.{n >> 8}.{n & 255}"))
        assert len(rates._buckets) <= most
    assert max(steps) <= 40, "no request walks through what others left"
    assert max(steps[2 * most :]) <= max(steps[:most]) + 10, "nor does it cost more when many are held"


def test_who_was_let_through_last_is_not_forgotten_for_newcomers():
    now = [0.0]
    rates = Rates(burst=1, per_second=0.001, now=lambda: now[0], most=3)
    for sender in ("a", "b", "c", "d"):
        assert rates.wait(sender) == 0.0
    assert rates.wait("d") > 0
    assert rates.wait("c") > 0
    assert rates.wait("a") == 0.0, "the oldest made room"


def steps_of(rates: Rates, sender: str) -> int:
    """How many lines and calls of the limit's own file a request takes."""
    counted = 0

    def count(frame, event, _):
        nonlocal counted
        if frame.f_code.co_filename != limit.__file__:
            return None
        counted += event in {"call", "line"}
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        rates.wait(sender)
    finally:
        sys.settrace(before)
    return counted
