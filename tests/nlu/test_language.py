import pytest

from nlu.data import Data, DataError
from nlu.language import Languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("lampu jalan mati sudah seminggu", "id"),
        ("jln rusak bgt dpn rmh", "id"),
        ("dalane bodhol wis suwe ora didandani", "jv"),
        ("nyuwun tulung, lampunipun mboten murub", "jv"),
        ("kapan didandani to lurahe kok meneng wae", "jv"),
        ("matur nuwun", "jv"),
        ("pak tulung lampu ndalan ngarep pasar mati seminggu, terus sampah numpuk nang kidul pasar", "jv"),
        ("obate kosong terus", "jv"),
        ("listrikipun pejah", "jv"),
        ("lampu mati, sampah numpuk, banjir", "id"),
        ("wes lah males, lapor juga percuma", "id"),
        ("the street light is broken", "en"),
        ("thank you", "en"),
        ("", "id"),
        ("12345", "id"),
        ("KTP", "id"),
    ],
)
def test_the_language_of_a_message(interpreter, text, language):
    assert interpreter.interpret(text).language == language


def lists(folder, shared):
    text = f"languages: {{id: jalan, jv: dalan, en: road}}\nshared: {shared}\n"
    (folder / "languages.yml").write_text(text, encoding="utf-8")
    return Languages.load(Data(folder))


def test_a_shared_word_with_a_javanese_ending_tells_javanese_and_nothing_without_it(tmp_path):
    known = lists(tmp_path, "lampu obat").words
    assert known >= {"lampune", "lampunipun", "obate", "obatipun"}
    assert known.isdisjoint({"lampu", "obat"})


def test_a_word_is_not_both_shared_and_of_one_language(tmp_path):
    with pytest.raises(DataError, match=r"languages\.yml: `dalan` stands under jv and shared"):
        lists(tmp_path, "lampu dalan")
