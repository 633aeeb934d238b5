"""Scoring a message word by word gives what the matrix of the training gives."""

import numpy as np
import pytest

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


def test_every_head_has_its_own_columns(model):
    columns = [range(*head.columns.indices(len(model.intercept))) for head in model.heads.values()]
    assert sorted(at for own in columns for at in own) == list(range(len(model.intercept)))
    assert [len(own) for own in columns] == [len(head.labels) for head in model.heads.values()]
