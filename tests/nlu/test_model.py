"""Scoring a message word by word gives what the matrix of the training gives."""

import json

import numpy as np
import pytest

from nlu.features import word_features
from nlu.hints import hints
from nlu.model import FILE, Model
from nlu.reading import Reader

TEXTS = [
    "lampu jalan mati",
    "jalan jalan jalannya berlubang, lubang jalanan di jalan raya",
    "Apakah KTP bisa diurus online? syaratnya apa saja",
    "",
    "🙏🙏🙏",
    "zzqx",
    "halo " * 300,
]


@pytest.fixture(scope="module")
def model(data):
    return Model.load(data.file(FILE))


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_scores_as_in_training(model, data, text):
    reading = Reader(data).read(text)
    rows, values = model.vocabulary.vector(reading.tokens, hints(reading))
    row = np.zeros(len(model.weights))
    np.add.at(row, rows, values)
    expected = row @ model.weights + model.intercept
    scored = model.score(reading.tokens, hints(reading))
    assert np.allclose(scored.scores, expected, atol=1e-3)


def test_features_are_looked_up_as_they_are_written_in_training(model, data):
    reader, known = Reader(data), {feature: row for row, feature in enumerate(model.vocabulary.features)}
    texts = [json.loads(line)["text"] for line in data.text("gold.jsonl").splitlines()]
    for text in [*TEXTS, *texts, "dimana KTP saya", "KTP di mana"]:
        reading = reader.read(text)
        written = word_features(reading.tokens, hints(reading))
        rows = [known[feature] for feature in written if feature in known]
        assert sorted(model.vocabulary.words(reading.tokens, hints(reading))) == sorted(rows)


def test_every_head_has_its_own_columns(model):
    columns = [range(*head.columns.indices(len(model.intercept))) for head in model.heads.values()]
    assert sorted(at for own in columns for at in own) == list(range(len(model.intercept)))
    assert [len(own) for own in columns] == [len(head.labels) for head in model.heads.values()]
