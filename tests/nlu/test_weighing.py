import shutil
from pathlib import Path

import pytest

import nlu
from nlu.data import Data, DataError
from nlu.interpreter import Interpreter
from nlu.weighing import Weighing

DELIVERED = Path(nlu.__file__).parent.parent / "nlu_data"


@pytest.fixture(scope="module")
def interpreter():
    return Interpreter.load()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("saya tahu jam berapa anakmu pulang sekolah, awas saja", "threat"),
        ("pendatang itu parasit semua, balikin ke pulaunya", "hate"),
        ("ayo malam ini kita lempari pos satpamnya pakai molotov", "incitement"),
        ("rasanya pengen ngilang selamanya, hidupku gak ada gunanya", "self_harm"),
        ("bocah umur 7 tahun dikunci bapake di gudang", "child_safety"),
    ],
)
def test_what_no_single_phrase_says_is_weighed(interpreter, text, kind):
    found = {signal.kind: signal for signal in interpreter.interpret(text).signals}
    assert kind in found
    assert all(text[span.start : span.end].strip() for span in found[kind].spans)


def test_a_core_word_alone_weighs_too_little(interpreter):
    for text in ("bensin di SPBU Godean habis", "warga madura buka warung", "anak saya umur 7 tahun"):
        assert interpreter.interpret(text).signals == ()


@pytest.mark.parametrize(
    ("written", "wrong", "says"),
    [("  threshold: 3.5\n", "", "threshold"), ("    unless: 1.0\n", "    unlesss: 1.0\n", "unlesss")],
)
def test_a_faulty_weight_is_named(tmp_path, written, wrong, says):
    folder = tmp_path / "nlu_data"
    shutil.copytree(DELIVERED, folder, ignore=shutil.ignore_patterns("model"))
    file = folder / "lexicon" / "menace.yml"
    text = file.read_text(encoding="utf-8")
    assert written in text
    file.write_text(text.replace(written, wrong, 1), encoding="utf-8")

    with pytest.raises(DataError, match=says):
        Weighing.load(Data(folder), "menace")
