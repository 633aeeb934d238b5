"""A short look at every way in; `make fuzz` takes a long one, led by what code the inputs reach."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.dice import Dice
from tests.fuzz.targets import TARGETS

FEW = {"flows": 15, "policies": 15}


def test_the_shares_make_up_a_whole_run():
    assert sum(target.share for target in TARGETS.values()) == 1000


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_ends_in_an_exception_nobody_foresaw(name: str):
    @settings(max_examples=FEW.get(name, 40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=400))
    def look(data: bytes) -> None:
        TARGETS[name].run(Dice(data))

    look()
