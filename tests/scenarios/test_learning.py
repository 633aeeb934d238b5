"""What a coordinator puts right on a card is learnt, judged, used at the next start, and taken back."""

import asyncio
import io
import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import nlu.train
from bot.__main__ import app
from bot.sandbox.client import User
from bot.services.talks.understanding import load_interpreter, models_of
from nlu.examples import Example, load_examples
from nlu.model import FILE
from storage import learning
from storage.models import DELIVERED
from tests.scenarios.kit import OPERATORS, Town, file_report

HOME = "34.04"
FEW = 4  # examples of each kind: enough to learn from in seconds
REPORT = "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt"
KNOWN = [
    {"text": REPORT, "category": "lampu_jalan", "intent": "lapor"},
    {"text": "jalan berlubang parah depan sekolah", "category": "jalan", "intent": "lapor"},
]


@pytest.fixture
def few_examples(monkeypatch):
    """Training on a handful of examples; corrections count in full."""

    def handful(data):
        seen: Counter[Example] = Counter()
        for example in load_examples(data):
            kind = replace(example, text="", fresh=False)
            seen[kind] += 1
            if seen[kind] <= FEW:
                yield example

    monkeypatch.setattr(nlu.train, "load_examples", handful)


@pytest.fixture
def command(town: Town, tmp_path, monkeypatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))

    async def started(*words: str):
        return await asyncio.to_thread(CliRunner().invoke, app, ["nlu", *words])

    return started


def turned_round(data, corrected):
    """The delivered model with its categories in the wrong order."""
    with np.load(io.BytesIO(data.file(FILE).read_bytes())) as stored:
        arrays = dict(stored)
    arrays["category_weights"] = arrays["category_weights"][:, ::-1]
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


async def put_right(koor: User, number: str) -> None:
    """The coordinator presses *Ganti kategori* on the card and chooses another."""
    await koor.send(OPERATORS, f"/tiket {number}")
    card = await koor.wait_for(lambda m: number in m.text and "Ganti kategori" in m.labels)
    await koor.press("Ganti kategori", card)
    asked = await koor.wait_for(lambda m: number in m.text and m.labels)
    await koor.press(next(label for label in asked.labels if "Jalan & jembatan" in label), asked)
    await koor.wait_for(lambda m: number in m.text and "🛣️ Jalan & jembatan" in m.text)


@pytest.mark.timeout(300)
async def test_a_correction_on_the_card_is_learnt(
    town: Town, photo, few_examples, command, tmp_path, monkeypatch
):
    koor = await town.operator("Koor", "koordinator", "koordinator")
    number = await file_report(await town.sandbox.user("Siti"), photo)
    await put_right(koor, number)
    (lesson,) = await town.house.core.database.read(learning.lessons)
    assert (lesson.text, lesson.category) == (REPORT, "jalan")

    data_dir = tmp_path / "data"
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(map(json.dumps, KNOWN)), encoding="utf-8")
    before = town.house.core.interpreter
    told = await command("train", "--gold", str(gold))
    assert told.exit_code == 0, told.output
    assert models_of(data_dir).live() == "0001"
    assert town.house.core.interpreter is before
    learnt = load_interpreter(data_dir, HOME).interpret(REPORT).categories
    assert {guess.category for guess in learnt} >= {"lampu_jalan", "jalan"}

    monkeypatch.setattr(nlu.train, "learnt", turned_round)
    assert (await command("train", "--gold", str(gold))).exit_code == 1
    assert models_of(data_dir).live() == "0001"

    assert (await command("rollback")).exit_code == 0
    assert models_of(data_dir).live() == DELIVERED
