"""The page of faults tells every sentence the check can say, and nothing it cannot."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.check import RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "flow-faults.md").read_text(encoding="utf-8")
SOURCES = [
    ROOT / "dialogs" / "check.py",
    ROOT / "dialogs" / "loader.py",
    ROOT / "dialogs" / "source.py",
    *(ROOT / "dialogs" / "parse").glob("*.py"),
]
SENTENCE = {"note": 1, "_refuse": 1, "fault": 2, "_at": 2, "Fault": 4}
"""Where the sentence stands among the arguments of whatever notes a fault."""


def sentences(node: ast.expr, known: dict[str, ast.expr]) -> Iterator[str]:
    """What an expression says, with … for what is filled in."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = [str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values]
        yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from sentences(node.body, known)
        yield from sentences(node.orelse, known)
    elif isinstance(node, ast.Name) and node.id in known:
        yield from sentences(known[node.id], known)


def said_in(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            known = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                at = 1 if call.args and isinstance(call.args[0], ast.Starred) else SENTENCE.get(name, 99)
                if name in SENTENCE and len(call.args) > at:
                    yield from sentences(call.args[at], known)


SAID = sorted({sentence for path in SOURCES for sentence in said_in(path)})
TOLD = [row.split(" | ")[0].removeprefix("| ") for row in PAGE.splitlines() if row.startswith("| ")]


def plain(sentence: str) -> str:
    """A sentence as the page writes it: without the marks of code."""
    return sentence.replace("`", "").replace("{", "").replace("}", "").replace("|", "")


def test_there_are_sentences_to_look_for():
    assert len(SAID) > 45


@pytest.mark.parametrize("sentence", SAID)
def test_the_page_tells_the_fault_and_its_remedy(sentence: str):
    assert plain(sentence) in {plain(one) for one in TOLD}


def test_the_page_tells_no_fault_there_is_not():
    heads = {"Fault", "---"}
    assert {plain(one) for one in TOLD} - {plain(one) for one in SAID} - heads == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_its_place(rule):
    assert re.search(rf"^### {re.escape((rule.__doc__ or '').rstrip('.'))}$", PAGE, re.MULTILINE)
