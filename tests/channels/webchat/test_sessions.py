from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rates import Rates
from bot.channels.webchat.sessions import Sessions

KEY = b"k" * 32


def sessions(nonce=b"n" * 16, key=KEY):
    return Sessions(key, lambda size: nonce[:size])


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_tokens_lead_to_addresses_of_their_own(one, two):
    first, second = sessions(one), sessions(two)
    assert first.address(first.new()) == second.address(first.new())
    assert (first.address(first.new()) == second.address(second.new())) == (one == two)


@given(st.integers(0, 42), st.characters(codec="ascii"))
def test_a_changed_token_is_none_of_ours(place, character):
    token = sessions().new()
    forged = token[:place] + character + token[place + 1 :]
    assert forged == token or sessions().address(forged) in {None, sessions().address(token)}


@given(st.text(max_size=60))
def test_made_up_tokens_are_none_of_ours(token):
    assert sessions().address(token) is None


def test_another_key_knows_no_token_of_ours():
    assert sessions(key=b"x" * 32).address(sessions().new()) is None


def test_a_bucket_fills_again():
    now = [0.0]
    rates = Rates(burst=2, per_second=0.5, now=lambda: now[0])
    assert [rates.wait("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert rates.wait("b") == 0.0
    now[0] = 2.0
    assert [rates.wait("a"), rates.wait("a")] == [0.0, 2.0]


def test_senders_who_are_full_again_are_forgotten():
    now = [0.0]
    rates = Rates(burst=1, per_second=1.0, now=lambda: now[0], most=3)
    for sender in "abc":
        rates.wait(sender)
    now[0] = 5.0
    rates.wait("d")
    assert len(rates._buckets) == 1
