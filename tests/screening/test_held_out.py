"""Messages that were written before the word lists were widened, and that nothing was ever tuned on.

What is measured here is what strangers' words will meet. Do not add patterns for single rows of this file:
write new rows into `gold.jsonl` instead, and measure here what that did for words nobody thought of.
"""

from pathlib import Path

import pytest

from bot.commands.screen import judged, labelled, scores_json

HELD_OUT = Path(__file__).with_name("held_out.jsonl")
CHATS = Path(__file__).with_name("blind_chat.jsonl")
MOST_FALSE_BLOCKS = 0.005
MOST_FALSE_BLOCKS_OF_THE_ANGRY = 0.02
LEAST_OF_CHATS = {"threat": 0.65, "hate": 0.8, "incitement": 0.8, "spam": 0.9}
RECALL = {
    "threat": 0.75, "hate": 0.90, "incitement": 0.70, "sexual": 0.85, "abuse": 0.75, "accusation": 0.80,
    "hearsay": 0.80, "spam": 0.90, "self_harm": 0.75, "child_safety": 0.85,
}  # fmt: skip


@pytest.fixture(scope="module")
def scores(judge):
    return scores_json(judged(labelled(str(HELD_OUT)), judge))


@pytest.mark.parametrize("signal", sorted(RECALL))
def test_fresh_words_are_seen_too(scores, signal):
    measured = scores["signals"][signal]
    assert measured["recall"] >= RECALL[signal]
    assert measured["precision"] >= 0.9


def test_hardly_any_lawful_message_is_blocked(scores):
    assert scores["lawful"] >= 200
    assert scores["false_block_rate"] <= MOST_FALSE_BLOCKS, scores["false_blocks"]


def test_disguised_words_in_chats_are_seen_and_the_angry_get_through(judge):
    scores = scores_json(judged(labelled(str(CHATS)), judge))
    recalled = {signal: scores["signals"][signal]["recall"] for signal in LEAST_OF_CHATS}
    assert {signal for signal, least in LEAST_OF_CHATS.items() if recalled[signal] < least} == set()
    assert scores["lawful"] >= 140
    assert scores["false_block_rate"] <= MOST_FALSE_BLOCKS_OF_THE_ANGRY, scores["false_blocks"]
