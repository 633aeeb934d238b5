"""Words are mended only into what many people write, and only where nobody is known to write them."""

import pytest

from nlu.data import Data, DataError
from nlu.mending import FILE, Mender, load_counts, written
from nlu.reading import Reader

COUNTS = {
    "sampah": 300,
    "jembatan": 90,
    "mengelupas": 12,
    "bocah": 40,
    "parkir": 80,
    "pasir": 30,
    "pasar": 40,
    "teriak": 25,
    "dalan": 60,
    "jalan": 400,
    "perusahaan": 9,
    "trotoar": 50,
    "smpah": 3,
    "psrr": 1,
}


@pytest.fixture(scope="module")
def mender():
    return Mender(COUNTS, kept={"prkir"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smph", "sampah"),  # vowels left out
        ("smpah", "sampah"),  # seen, but plainly no spelling
        ("jembtan", "jembatan"),
        ("prkr", "parkir"),
        ("mengelpas", "mengelupas"),  # a vowel inside a long word
        ("jembattan", "jembatan"),  # a letter doubled
        ("trotaor", "trotoar"),  # two letters swapped
        ("bocah2", "bocah"),  # bocah-bocah
        ("jln2", "jln"),  # too short to tell more
        ("perusahaane", "perusahaan"),  # a clitic
    ],
)
def test_what_fingers_leave_out_is_put_back(mender, typed, meant):
    assert mender.mend(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "dalan",  # known, though one letter from jalan
        "psr",  # pasir or pasar
        "prkir",  # stands in a word list
        "terik",  # hot sun: an a beside the i is nothing fingers leave out
        "sinduadi",
        "jakal",
        "km9",
        "2026",
        "",
    ],
)
def test_what_is_known_unclear_or_a_name_stays(mender, word):
    assert mender.mend(word) == word


def test_mending_twice_changes_nothing_more(mender, data):
    real = Mender(load_counts(data))
    for one in (mender, real):
        mended = {one.mend(word) for word in [*COUNTS, "smph", "lmpu", "jembtan", "kcelakaan", "bocah2"]}
        assert {one.mend(word) for word in mended} == mended


def test_counts_are_read_as_they_were_written(data):
    counts = load_counts(data)
    assert written(counts) == data.text(FILE)
    assert counts["jalan"] > 100


def test_a_message_of_consonants_is_read_like_the_whole_words(interpreter):
    full = interpreter.interpret("lampu jalan depan masjid mati sudah seminggu")
    short = interpreter.interpret("lmpu jln dpn msjid mti udh smnggu")
    assert short.categories[0].category == full.categories[0].category == "lampu_jalan"
    assert interpreter.interpret("tlg ad kbkran d rmh tngga").emergency is not None


def test_no_place_and_no_javanese_word_is_mended(gazetteer, data):
    reader = Reader(data)
    areas = [*gazetteer.areas("kalurahan", "34.04"), *gazetteer.areas("kapanewon", "34.04")]
    names = {word for area in areas for word in (area.kalurahan or area.kapanewon).lower().split()}
    own = set(data.yaml("languages.yml")["languages"]["jv"].split())
    tokens = [reader.read(word).tokens[0] for word in names | own]
    slang = data.yaml("slang.yml")["words"]
    assert {token.text for token in tokens if token.norm != token.text} <= slang.keys()


def test_a_file_that_is_no_count_is_told(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / FILE).write_text("jalan\tbanyak\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"words\.txt.*make it anew"):
        load_counts(Data(tmp_path))
