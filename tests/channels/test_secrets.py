from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.secrets import same

SAID = st.text(st.characters(), max_size=8) | st.sampled_from(["rahasia", "rahasi", "rahasia ", "Rahasia"])
HALVES = (chr(0xDCFF), chr(0xD800))
"""What a header holds in place of a byte that is no text, and half of a sign beyond the first plane."""


@given(SAID)
@example(HALVES[0])
@example("rahasia" + HALVES[1])
def test_only_the_secret_itself_is_the_secret_and_nothing_shown_is_a_fault(shown):
    assert same(shown, "rahasia") is (shown == "rahasia")
