import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.conditions import ConditionError, compile_condition, slots_named

SLOTS = {
    "nama": "Budi",
    "umur": 17,
    "kosong": None,
    "daftar": ["a", "b"],
    "tempat": {"kode": "34.04", "luar": False},
    "uraian": "Lampu jalan mati",
}
CONTEXT = {"channel": "sms", "in_office_hours": True, "hour": 9}

CASES = [
    ('slots.nama = "Budi"', True),
    ("slots.nama == 'Budi'", True),
    ('slots.nama != "Ani"', True),
    ("slots.umur >= 17 and slots.umur < 18", True),
    ("slots.umur > 17.5", False),
    ('slots.nama < "Cici"', True),
    ("slots.nama < 3", False),
    ("slots.kosong < 3", False),
    ("slots.kosong is null", True),
    ("slots.kosong is not null", False),
    ("slots.nama is set", True),
    ("slots.hilang is not set", True),
    ("slots.kosong is set", False),
    ('slots.nama in ["Ani", "Budi"]', True),
    ('slots.nama not in ["Ani", "Budi"]', False),
    ("slots.umur in [1, 17]", True),
    ('slots.daftar contains "b"', True),
    ('slots.uraian contains "JALAN"', True),
    ('slots.kosong contains "x"', False),
    ('slots.uraian matches "^lampu"', True),
    ('slots.umur matches "1"', False),
    ("slots.uraian.length > 10", True),
    ("slots.kosong.length = 0", True),
    ('slots.tempat.kode = "34.04"', True),
    ("slots.tempat.luar", False),
    ("not slots.tempat.luar", True),
    ("slots.tempat.hilang.lagi is not set", True),
    ('context.channel = "sms" and context.in_office_hours', True),
    ("context.hour < 8 or context.hour > 16", False),
    ("not (slots.umur = 17 or slots.umur = 18)", False),
    ("slots.umur = 1 or slots.umur = 17 and slots.nama is set", True),
    ("SLOTS_ARE_NOT_SHOUTED", None),
    ("slots.umur = slots.umur", True),
    ("true", True),
    ("", None),
    ("slots", None),
    ("slots.umur =", None),
    ("slots.umur = 17 17", None),
    ("__import__('os')", None),
    ("slots.__class__.__mro__ is set", False),
    ('slots.uraian matches "("', None),
    ("slots.umur = 1" + " or slots.umur = 1" * 60, None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_conditions_say_what_they_mean(text: str, *, expected: bool | None) -> None:
    if expected is None:
        with pytest.raises(ConditionError):
            compile_condition(text)
    else:
        assert compile_condition(text)(SLOTS, CONTEXT) is expected


@given(st.text(alphabet="slotcnex.=<>!()[]\"' abi01andornotisunmachtv,", max_size=60))
def test_any_text_is_a_condition_or_an_error_that_says_so(text: str) -> None:
    try:
        condition = compile_condition(text)
    except ConditionError:
        return
    assert condition(SLOTS, CONTEXT) in {True, False}


def test_the_slots_a_condition_speaks_of() -> None:
    assert slots_named('slots.a.length > 1 and context.b or slots.c = "x"') == ("a", "c")
