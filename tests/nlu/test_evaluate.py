from nlu.evaluate import evaluate


def test_scores_count_what_the_rows_ask(interpreter):
    rows = [
        {"text": "lampu jalan mati", "intent": "lapor", "category": "lampu_jalan", "language": "id"},
        {"text": "sampah menumpuk di TPS", "category": "jalan"},
        {"text": "rumah kebakaran tolong", "emergency": "kebakaran"},
        {"text": "batal", "intent": "batal", "emergency": None},
        {"text": "banjir di sinduadi", "kalurahan": "Sinduadi"},
        {"text": "banjir di sinduadi", "kalurahan": "34.04.06.2001"},
        {"text": "jalan rusak", "kalurahan": None},
    ]
    scores = evaluate(rows, interpreter)
    assert scores.rows == 7
    assert scores.intent.accuracy == 1
    assert scores.category.accuracy == 0.5
    assert scores.category.confusion == {("jalan", "sampah"): 1}
    assert scores.category.macro_f1 == 0.5
    assert scores.place.accuracy == 1
    assert (scores.emergency.recall, scores.emergency.false_alarms) == (1, 0)
    assert scores.subcategory is None
    assert sum(band.count for band in scores.calibration) == 2
    assert scores.silent_precision == 0.5


def test_no_rows_no_scores(interpreter):
    scores = evaluate([], interpreter)
    assert (scores.rows, scores.intent, scores.top_3, scores.emergency) == (0, None, None, None)
