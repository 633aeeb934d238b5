"""The floors the screening must keep, on messages it was tuned on and on the half it was not."""

import hashlib
from collections import Counter

import pytest

from bot.commands.screen import JUDGED, judged, labelled, scores_json

LEAST_ROWS, LEAST_LAWFUL = 1500, 800
LEAST_OF = {
    "threat": 60,
    "hate": 60,
    "accusation": 60,
    "hearsay": 60,
    "spam": 60,
    "abuse": 60,
} | dict.fromkeys(("self_harm", "sexual", "incitement", "child_safety", "personal_data"), 40)
MOST_FALSE_BLOCKS = 0.005
RECALL = {
    "threat": 0.90, "hate": 0.90, "accusation": 0.85, "hearsay": 0.85, "spam": 0.85, "abuse": 0.70,
    "self_harm": 0.85, "sexual": 0.85, "incitement": 0.75, "child_safety": 0.85, "personal_data": 0.85,
}  # fmt: skip
PRECISION = dict.fromkeys(RECALL, 0.85) | {"spam": 0.98}


def half(text):
    """Which half a message belongs to, for good: tuning looks at `dev` only."""
    return "dev" if hashlib.sha256(text.encode()).digest()[0] % 2 == 0 else "held_out"


@pytest.fixture(scope="module")
def rows(gold_file):
    return list(labelled(str(gold_file)))


@pytest.fixture(scope="module", params=["dev", "held_out"])
def scores(request, rows, judge):
    return scores_json(judged(iter([row for row in rows if half(row["text"]) == request.param]), judge))


def test_the_gold_set_is_large_and_says_nothing_twice(rows):
    counts = Counter(signal for row in rows for signal in JUDGED if row.get(signal))
    lawful = [row for row in rows if row["verdict"] in {"pass", "pass_private"}]
    assert len({row["text"].lower() for row in rows}) == len(rows) >= LEAST_ROWS
    assert len(lawful) >= LEAST_LAWFUL
    assert {signal: counts[signal] for signal, least in LEAST_OF.items() if counts[signal] < least} == {}


def test_hardly_any_lawful_message_is_blocked(scores):
    assert scores["false_block_rate"] <= MOST_FALSE_BLOCKS, scores["false_blocks"]


@pytest.mark.parametrize("signal", sorted(RECALL))
def test_signals_are_seen_and_rarely_imagined(scores, signal):
    measured = scores["signals"][signal]
    assert measured["recall"] >= RECALL[signal]
    assert measured["precision"] >= PRECISION[signal]


def test_the_training_messages_get_through(judge):
    """Thousands of complaints written for another purpose: none is held or refused."""
    from nlu.data import Data  # noqa: PLC0415 only here
    from nlu.examples import load_examples  # noqa: PLC0415 only here

    texts = [example.text for example in load_examples(Data()) if example.category]
    blocked = [text for text in texts if judge(text).verdict in {"hold", "refuse"}]
    assert len(texts) > 3000
    assert len(blocked) / len(texts) <= MOST_FALSE_BLOCKS, blocked
