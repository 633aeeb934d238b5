import json

from nlu.report import place_to_json, to_json


def test_the_form_programs_read(interpreter):
    report = to_json(interpreter.interpret("lampu jalan depan pasar Godean mati udah seminggu"))
    assert json.loads(json.dumps(report)) == report
    assert report["intent"]["name"] == "lapor"
    assert report["categories"][0]["id"] == "lampu_jalan"
    assert report["categories"][0]["subcategory"] == "mati"
    assert report["emergency"] is None
    assert report["language"] == "id"
    assert report["place"]["kalurahan"] == "Sidoagung"
    assert report["place"]["ambiguous"] == []
    assert report["place"]["outside"] is False
    assert {"entity": "landmark", "value": "Pasar Godean", "start": 18, "end": 30} in report["entities"]


def test_an_emergency_and_signals_in_the_report(interpreter):
    text = "bangsat, rumah saya kebakaran tolong"
    report = to_json(interpreter.interpret(text))
    assert report["emergency"]["kind"] == "kebakaran"
    assert report["signals"] == [{"kind": "abuse", "severity": 2, "spans": [[0, 7]]}]


def test_a_pin_in_the_report(gazetteer):
    report = place_to_json(gazetteer.at(-7.7679, 110.2935))
    assert (report["kode"], report["lat"], report["lon"]) == ("34.04.02.2004", -7.7679, 110.2935)
