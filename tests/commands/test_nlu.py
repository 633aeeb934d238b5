"""`kentongan nlu …` and `kentongan place`: the forms programs rely on, and learning with a way back."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.services.flows.learning import Learning, fallen, learn
from bot.services.talks.understanding import load_interpreter, models_of
from nlu.data import Data
from nlu.examples import Example
from nlu.model import FILE
from storage.models import DELIVERED, UnknownVersionError

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOME = "34.04"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path))

    def started(*words, said=""):
        return CliRunner().invoke(app, list(words), input=said)

    return started


def rows(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_a_message_as_programs_see_it(run):
    (reading,) = rows(run("nlu", "parse", "lampu jalan depan pasar Godean mati udah seminggu", "--json"))
    assert list(reading) == [
        "intent", "classification", "categories", "emergency", "language", "place", "entities",
    ]  # fmt: skip
    assert reading["intent"]["name"] == "lapor"
    assert reading["classification"] == "pengaduan"
    assert len(reading["categories"]) == 3
    best = reading["categories"][0]
    assert best.keys() == {"id", "agency", "confidence"}
    assert (best["id"], best["agency"]) == ("lampu_jalan", "dishub")
    assert (reading["emergency"], reading["language"]) == (None, "id")
    assert reading["place"]["kalurahan"] == "Sidoagung"
    assert {"entity": "landmark", "value": "Pasar Godean", "start": 18, "end": 30} in reading["entities"]


def test_every_line_has_its_answer_even_an_empty_one(run):
    found = rows(run("nlu", "parse", "-", "--json", said="rumah kebakaran tolong\n\nbatal\n"))
    assert [row["intent"]["name"] for row in found] == ["lapor", "di_luar", "batal"]
    assert found[0]["emergency"]["kind"] == "kebakaran"
    assert found[1]["categories"] == []


def test_a_stream_answers_as_single_messages_do(run):
    texts = [
        "jalan bolong di depok",
        "KEBAKARAN!!",
        "matur nuwun",
        "lampu mati sejak kemarin",
        "",
        "ktp dimana",
    ]
    alone = [rows(run("nlu", "parse", text, "--json"))[0] for text in texts]
    assert rows(run("nlu", "parse", "-", "--json", said="\n".join(texts) + "\n")) == alone


def test_lines_of_another_encoding_are_read_as_far_as_they_can_be(run):
    assert len(rows(run("nlu", "parse", "-", "--json", said=b"jalan rusak \xff\xfe\nbatal\n"))) == 2


@pytest.mark.parametrize("point", ["110.2935,-7.7679", "(-7.7679, 110.2935)", "-7.7679 110.2935"])
def test_a_point_in_other_forms_is_the_same_point(run, point):
    assert rows(run("place", point, "--json"))[0]["kalurahan"] == "Sidoagung"


@pytest.mark.parametrize("point", ["0,0", "51.5074,-0.1278", "999,999"])
def test_a_point_in_no_area_of_the_country_is_outside(run, point):
    (found,) = rows(run("place", point, "--json"))
    assert (found["kode"], found["outside"]) == (None, True)


def test_an_explanation_names_the_words(run):
    (reading,) = rows(run("nlu", "parse", "jalan bolong gede", "--json", "--explain"))
    best = reading["categories"][0]
    assert (best["id"], best["subcategory"]) == ("jalan", "berlubang")
    assert any("bolong" in word for word in best["words"])


def test_places_of_texts_and_points(run):
    lines = "jakal km 9\n-7.7679,110.2935\nhalo\njalan rusak di depok\n"
    road, pin, nowhere, asked = rows(run("place", "-", "--json", said=lines))
    assert road["kalurahan"] == "Sinduharjo"
    assert (pin["kode"], pin["confidence"], pin["outside"]) == ("34.04.02.2004", 1.0, False)
    assert (nowhere["kode"], nowhere["ambiguous"], nowhere["confidence"]) == (None, [], 0.0)
    assert [area["kabupaten"] for area in asked["ambiguous"]] == ["Kota Depok"]
    assert road.keys() == pin.keys() == nowhere.keys()


def test_a_southern_latitude_is_no_option(run):
    assert rows(run("place", "-7.7679,110.2935", "--json"))[0]["kalurahan"] == "Sidoagung"


def test_rows_are_judged_by_whatever_they_ask(run, tmp_path):
    judged = [
        {"text": "lampu jalan mati", "category": "lampu_jalan", "agency": "dishub", "intent": "lapor"},
        {"text": "rumah kebakaran tolong", "emergency": "kebakaran", "language": "id"},
        {"text": "banjir di sinduadi", "kalurahan": "Sinduadi"},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, judged)), encoding="utf-8")
    (scores,) = rows(run("nlu", "evaluate", str(file), "--json"))
    assert scores["category"] == {
        "count": 1, "accuracy": 1, "macro_f1": 1, "top_3": 1, "confusion": [],
    }  # fmt: skip
    assert (scores["agency"]["accuracy"], scores["agency"]["top_3"]) == (1, 1)
    assert scores["emergency"]["recall"] == 1
    assert scores["kalurahan"]["accuracy"] == 1
    assert scores["calibration"][0]["count"] == 1
    assert rows(run("nlu", "evaluate", "-", "--json", said=file.read_text()))[0] == scores


def test_a_file_from_a_spreadsheet_and_an_empty_one_are_judged(run, tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"text": "lampu\xe2\x80\xa8mati", "category": "lampu_jalan"}\r\n\r\n')
    assert rows(run("nlu", "evaluate", str(file), "--json"))[0]["category"]["accuracy"] == 1
    file.write_text("", encoding="utf-8")
    empty = rows(run("nlu", "evaluate", str(file), "--json"))[0]
    assert (empty["rows"], empty["category"], empty["calibration"]) == (0, None, [])


@pytest.mark.parametrize(("line", "word"), [("{", "no JSON"), ('{"a": 1}', "`text`")])
def test_a_wrong_row_is_named_by_its_line(run, line, word):
    result = run("nlu", "evaluate", "-", "--json", said='{"text": "a"}\n' + line)
    assert result.exit_code == 2
    assert "-:2" in result.output
    assert word in result.output


def test_a_text_is_read_without_the_messengers_and_the_database():
    code = (
        "import sys; from bot.__main__ import app; sys.argv = ['kentongan', 'nlu', 'parse', 'halo']\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "print(sorted({'aiogram', 'telegram', 'rasa_sdk', 'sqlalchemy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


GOLD = [{"text": "lampu jalan mati", "category": "lampu_jalan", "intent": "lapor"}]


def delivered(data, corrected):
    return data.file(FILE).read_bytes()


def spoilt(data, corrected):
    """The delivered model with the labels of its categories turned round."""
    with np.load(io.BytesIO(data.file(FILE).read_bytes())) as stored:
        arrays = dict(stored)
    arrays["category_weights"] = arrays["category_weights"][:, ::-1]
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_a_model_as_good_goes_live_and_can_be_taken_back(run, tmp_path):
    corrected = [Example("talang jembatan penyet", "lapor", "jalan", "jembatan")]
    outcome = learn(Learning(tmp_path, HOME, GOLD, delivered), corrected, NOW)
    models = models_of(tmp_path)
    assert (outcome.version.name, outcome.version.corrections, outcome.version.refused) == ("0001", 1, ())
    assert models.live() == "0001"
    assert (
        load_interpreter(tmp_path, HOME).interpret("lampu jalan mati").categories[0].category == "lampu_jalan"
    )
    (listed,) = rows(run("nlu", "versions", "--json"))
    assert (listed["version"], listed["live"], listed["corrections"]) == ("0001", True, 1)
    assert "* 0001  2026-11-22 10:00 WIB  1 correction(s)" in run("nlu", "versions").output
    assert run("nlu", "rollback").exit_code == 0
    assert models.live() == DELIVERED


def test_a_worse_model_is_kept_and_does_not_go_live(tmp_path):
    outcome = learn(Learning(tmp_path, HOME, GOLD, spoilt), [], NOW)
    assert "category" in outcome.version.refused
    assert models_of(tmp_path).live() == DELIVERED
    assert [one.name for one in models_of(tmp_path).all()] == ["0001"]


def test_a_model_of_other_data_is_not_used(tmp_path):
    learn(Learning(tmp_path, HOME, GOLD, delivered), [], NOW)
    assert models_of(tmp_path).live_weights("another digest") is None


def test_a_score_may_fall_by_a_point_and_no_more():
    assert fallen({"a": 0.90, "b": 0.90}, {"a": 0.89, "b": 0.889}) == ["b"]


def test_no_such_version(run, tmp_path):
    with pytest.raises(UnknownVersionError):
        models_of(tmp_path).go_live("0009")
    result = run("nlu", "rollback", "0009")
    assert result.exit_code == 2
    assert "kentongan nlu versions" in result.output


def test_training_without_scikit_learn_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    monkeypatch.delitem(sys.modules, "nlu.train", raising=False)
    result = run("nlu", "train")
    assert result.exit_code == 2
    assert "kentongan[train]" in result.output


def test_the_gold_set_comes_with_the_data():
    assert Data().file("gold.jsonl").is_file()
