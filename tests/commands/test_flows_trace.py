from json import loads

import pytest
from typer.testing import CliRunner

from bot.commands.flows import commands


@pytest.mark.parametrize("by", ["number", "address"])
def test_the_turns_behind_a_ticket_are_shown(number: str, by: str):
    whose = number if by == "number" else "console/console"
    shown = CliRunner().invoke(commands, ["trace", whose])
    assert shown.exit_code == 0, shown.output
    assert "lampu_jalan" in shown.output
    assert "lapor" in shown.output
    assert shown.output.count(" WIB · ") == 5


def test_an_unknown_ticket_is_said_so(number: str):
    assert number
    shown = CliRunner().invoke(commands, ["trace", "SLM-26-00000"])
    assert shown.exit_code == 2


def test_what_became_of_each_question_is_counted(number: str):
    counted = CliRunner().invoke(commands, ["abandoned"])
    assert counted.exit_code == 0, counted.output
    assert (
        "utter_ask_persetujuan (persetujuan.tanya): 0% abandoned; reached 1, answered 1\n" in counted.output
    )
    assert "godean" not in counted.output.lower()
    told = [loads(line) for line in CliRunner().invoke(commands, ["abandoned", "--json"]).output.splitlines()]
    assert {one["question"] for one in told} >= {
        "utter_ask_persetujuan",
        "utter_ask_bukti",
        "utter_ask_tinjau",
    }
    none = CliRunner().invoke(commands, ["abandoned", "--from", "2020-01-01", "--to", "2020-01-31"])
    assert none.output == "No question was put in these days.\n"
