"""Two things in one message are told apart where both surely are of another kind."""

import json

import pytest

from nlu.data import Data, DataError
from nlu.matters import FILE, Matters

TWO = [
    ("lampu jalan mati, terus sampah juga numpuk 2 minggu", ["lampu_jalan", "sampah"]),
    ("jalan rusak di godean. selain itu air pdam mati 3 hari", ["jalan", "air_bersih"]),
    ("dalan rusak lan lampune mati ning godean", ["jalan", "lampu_jalan"]),
    ("the road is broken and the street light is out near prambanan", ["jalan", "lampu_jalan"]),
    ("jalan rusak, lampu jalan juga mati, sampah juga numpuk", ["jalan", "lampu_jalan", "sampah"]),
]
ONE = [
    "sampah di TPS tidak diangkut sama sekali sehingga baunya menyengat",
    "got mampet dan airnya meluap ke jalan tiap hujan",
    "jalan rusak, banyak yang jatuh, tolong diperbaiki",
    "terima kasih jalannya sudah mulus dan lampunya terang",
    "tolong kebakaran di godean, lampu juga mati",
    "dan dan dan dan dan dan",
    "lampu jalan mati, terus sampah juga numpuk, " + "kami warga lama menunggu dan berharap sekali " * 5,
    "",
]


@pytest.mark.parametrize(("text", "kinds"), TWO)
def test_each_thing_is_read_by_itself(interpreter, text, kinds):
    found = interpreter.interpret(text)
    assert [one.categories[0].category for one in (found, *found.further)] == kinds


@pytest.mark.parametrize("text", ONE)
def test_one_thing_stays_one(interpreter, text):
    assert interpreter.interpret(text).further == ()


def test_a_time_told_of_the_second_is_not_the_firsts(interpreter):
    found = interpreter.interpret("lampu jalan mati, terus sampah juga numpuk 2 minggu")
    assert found.entity("time") is None
    assert found.further[0].entity("time").value == "2 minggu"


def test_a_place_told_once_is_that_of_the_first_too(interpreter):
    found = interpreter.interpret("jalan rusak dan lampu jalan mati di Sidoagung")
    assert found.place.area.kalurahan == found.further[0].place.area.kalurahan == "Sidoagung"


def test_few_real_reports_are_taken_for_two(interpreter, data):
    gold = map(json.loads, data.file("gold.jsonl").read_text(encoding="utf-8").splitlines())
    told = [row["text"] for row in gold if row.get("category")]
    parted = [text for text in told if interpreter.interpret(text).further]
    assert len(parted) <= len(told) * 0.015


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("sure: often\nbefore: [a]\ninside: []\nidioms: []", "sure is 'often'; write a number"),
        ("sure: 0.8\nbefore: dan\ninside: []\nidioms: []", "before is 'dan'; write a list of words"),
        ("sure: 0.8\nbefore: [dan]\nidioms: []", "inside is None"),
    ],
)
def test_a_wrong_file_is_told_by_key_with_a_remedy(tmp_path, content, told):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(DataError, match=told):
        Matters(Data(tmp_path))


def test_a_city_may_leave_the_words_out(tmp_path):
    (tmp_path / FILE).write_text("sure: 0.8\nbefore: []\ninside: []\nidioms: []")
    text = "jalan rusak dan lampu mati di godean"
    assert Matters(Data(tmp_path)).parts(text, lambda _start, _end: ("", 0.0)) == [text]
