"""Texts, examples and conversations keep to Rasa's published formats, so that Rasa reads them as they are."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
RESPONSES = sorted((ROOT / "dialogs" / "responses").rglob("*.yml"))
EXAMPLES = sorted((ROOT / "nlu_data" / "nlu").glob("*.yml"))
CONVERSATIONS = sorted((ROOT / "dialogs" / "tests").glob("*.yml"))

VARIATION = {
    "id": str,
    "text": str,
    "image": str,
    "custom": dict,
    "buttons": list,
    "quick_replies": list,
    "attachment": dict,
    "elements": list,
    "channel": str,
    "metadata": object,
    "condition": list,
}
"""What a response's variation may hold in Rasa 3.6, and of which type."""
BUTTON = {"title": str, "payload": str}
EXAMPLE_KINDS = ("intent", "synonym", "regex", "lookup")
ENTITY = re.compile(r"\[[^\]]+\]\{(.*?)\}")
STEPS = {"user": str, "bot": str, "utter": str, "slot_was_set": list, "slot_was_not_set": list}
BESIDE = {"metadata", "assertions", "assertion_order_enabled"}
OURS = {"photo", "location", "button", "sends", "silence", "reply_to", "meant"}


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


def content(path):
    return YAML(typ="safe").load(path.read_text("utf-8"))


@named(RESPONSES)
def test_responses_are_a_domain_file(path) -> None:
    found = content(path)
    assert set(found) <= {"version", "responses"}
    assert isinstance(found.get("version", "3.1"), str)
    for name, variations in found["responses"].items():
        assert isinstance(variations, list), name
        assert variations, name
        for one in variations:
            assert "text" in one or "custom" in one, name
            assert all(isinstance(value, VARIATION[key]) for key, value in one.items()), (name, set(one))


@named(RESPONSES)
def test_buttons_and_conditions_are_rasas(path) -> None:
    for name, variations in content(path)["responses"].items():
        for one in variations:
            for button in one.get("buttons", ()):
                assert isinstance(button["title"], str), name
                assert all(isinstance(button[key], BUTTON[key]) for key in BUTTON if key in button), name
            for test in one.get("condition", ()):
                assert test["type"] == "slot", name
                assert set(test) == {"type", "name", "value"}, name


@named(EXAMPLES)
def test_examples_are_an_nlu_file(path) -> None:
    found = content(path)
    assert set(found) <= {"version", "nlu"}
    for item in found["nlu"]:
        (kind,) = set(item) & set(EXAMPLE_KINDS)
        assert isinstance(item[kind], str)
        assert set(item) <= {kind, "examples", *(["metadata"] if kind == "intent" else [])}
        lines = [line for line in item["examples"].splitlines() if line.strip()]
        assert lines, item[kind]
        assert all(line.startswith("- ") and line[2:].strip() for line in lines), item[kind]


@named(EXAMPLES)
def test_marked_words_name_their_entity(path) -> None:
    for item in content(path)["nlu"]:
        for marks in ENTITY.findall(item["examples"]):
            assert "entity" in json.loads(f"{{{marks}}}"), marks


@named(CONVERSATIONS)
def test_conversations_are_end_to_end_tests(path) -> None:
    found = content(path)
    assert set(found) <= {"test_cases", "fixtures", "metadata"}
    for case in found["test_cases"]:
        assert isinstance(case["test_case"], str)
        assert set(case) <= {"test_case", "steps", "fixtures", "metadata", "given"}
        for step in case["steps"]:
            plain = {key: value for key, value in step.items() if key not in OURS | BESIDE}
            assert len(plain) <= 1, step
            assert all(isinstance(value, STEPS[key]) for key, value in plain.items()), step
