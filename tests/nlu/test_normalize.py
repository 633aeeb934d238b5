import pytest

from nlu.normalize import Spelling, fold, stem, tokenize


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("BANGETTT", "banget"),
        ("4nj1ng", "anjing"),
        ("b@ngs@t", "bangsat"),
        ("Café", "cafe"),
        ("maaf", "maaf"),
        ("tinggal", "tinggal"),
        ("km9", "km9"),
        ("ab1234xy", "ab1234xy"),
        ("5000", "5000"),
        ("3hari", "3hari"),
        ("Sinduadi", "sinduadi"),
        ("ngguyu", "ngguyu"),
    ],
)
def test_folding_mends_spelling_and_leaves_names_and_numbers(word, folded):
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("word", "bare"), [("lampunya", "lampu"), ("lampune", "lampu"), ("ku", "ku"), ("ane", "ane")]
)
def test_clitics_come_off_long_words_only(word, bare):
    assert stem(word) == bare


def test_letters_written_apart_are_one_word_with_their_place():
    text = "dasar a n j i n g kamu"
    token = tokenize(text, Spelling({}))[1]
    assert (token.text, text[token.start : token.end]) == ("anjing", "a n j i n g")


def test_slang_is_spelt_out_beside_the_word_as_written():
    token = tokenize("yg mati", Spelling({"yg": "yang"}))[0]
    assert (token.text, token.norm) == ("yg", "yang")


def test_no_place_name_is_taken_for_chat_spelling(gazetteer, data):
    spelling = Spelling(data.yaml("slang.yml")["words"])
    names = [area.kalurahan or area.kapanewon for area in gazetteer.areas("kalurahan", "34.04")]
    names += [area.kapanewon for area in gazetteer.areas("kapanewon", "34.04")]
    names += [row["name"] for row in data.yaml("places.yml")["landmarks"]]
    changed = {
        token.text
        for name in names
        for token in tokenize(name, spelling)
        if token.norm != name.lower()[token.start : token.end]
    }
    assert changed <= {"jalan", "jl"}


JAVANESE = "aku ora ngerti dalan iki kok peteng banget mbok ya dipasangi lampu nggih matur nuwun sampun kula"


def test_javanese_words_stay_as_they_are(data):
    spelling = Spelling(data.yaml("slang.yml")["words"])
    assert [token.norm for token in tokenize(JAVANESE, spelling)] == JAVANESE.split()
