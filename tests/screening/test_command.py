import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.commands.screen import commands

HEAVY = ("aiogram", "telegram", "rasa_sdk")


def run(*args, text=None):
    return CliRunner().invoke(commands, args, input=text)


@pytest.mark.parametrize(
    "args", [("tak pateni kowe 081234567890", "--json"), ("--json", "tak pateni kowe 081234567890")]
)
def test_a_text_is_judged_on_one_line(args):
    result = run(*args)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert found["verdict"] == "hold"
    assert {"id", "signal", "spans", "advice", "next"} == found["rules"][0].keys()
    assert "081234567890" not in found["masked"]


def test_a_dash_reads_one_text_a_line():
    result = run("-", "--json", text="lampu jalan mati di Godean\n\nbot goblok\n")
    verdicts = [json.loads(line)["verdict"] for line in result.stdout.splitlines()]
    assert verdicts == ["pass", "ask", "ask"]


def test_rows_are_evaluated(tmp_path):
    rows = [
        {"text": "saya bacok kalian semua", "verdict": "hold", "threat": True},
        {"text": "jalan Godean berlubang parah", "verdict": "pass", "threat": False},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    found = json.loads(run("evaluate", str(file), "--json").stdout)
    assert found["rows"] == 2
    assert found["signals"] == {"threat": {"count": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0}}
    assert (found["lawful"], found["false_blocks"], found["verdict"]["accuracy"]) == (1, [], 1.0)


def test_a_blocked_lawful_row_is_listed_with_its_rules(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"text": "besok saya bacok kalian", "verdict": "pass"}), encoding="utf-8")
    found = json.loads(run("evaluate", str(file), "--json").stdout)
    assert found["false_blocks"] == [
        {"text": "besok saya bacok kalian", "verdict": "hold", "rules": ["ancaman"]}
    ]
    assert found["false_block_rate"] == 1.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1: not valid JSON"),
        ('{"texts": "a"}', "needs a `text`"),
        ('{"text": "a", "verdict": "no"}', "no verdict"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, content, says):
    file = tmp_path / "rows.jsonl"
    file.write_text(content, encoding="utf-8")
    result = run("evaluate", str(file))
    assert result.exit_code == 2
    assert says.split()[-1] in result.output


def test_the_command_needs_no_messenger():
    script = f"import sys, bot.commands.screen; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
