"""`kentongan route`: by hand, from standard input, for a ticket, and the examples a city keeps right."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.route import commands

CLI = CliRunner()


def test_a_text_is_routed_and_explained(settings):
    told = CLI.invoke(commands, ["--explain", "jalan berlubang di Ring Road Utara dekat kampus"]).output
    assert "no   wbs: classification is pengaduan" in told
    assert "fits jalan_nasional_kata" in told
    assert "bbpjn (" in told
    assert "passed to another body" in told


def test_each_line_of_standard_input_is_routed(settings):
    lines = CLI.invoke(commands, ["-", "--json"], input="listrik padam di Turi\nsampah menumpuk\n").output
    found = [json.loads(line) for line in lines.splitlines()]
    assert [(one["agency"], one["rule"]) for one in found] == [("pln", "listrik"), ("dlh", "lingkungan")]


def test_a_filed_ticket_is_routed_again(number: str):
    told = CLI.invoke(commands, ["--ticket", number.lower(), "--json"]).output
    assert json.loads(told)["agency"] == "dishub"
    unknown = CLI.invoke(commands, ["--ticket", "SLM-26-7XW2T"])
    assert (unknown.exit_code, unknown.output) == (1, "There is no report SLM-26-7XW2T.\n")


@pytest.mark.parametrize(
    "wrong", [["--with", "kategori=jalan", "x"], ["--with", "classification=aduan", "x"], ["--json"]]
)
def test_what_is_not_understood_is_said(settings, wrong):
    assert CLI.invoke(commands, wrong).exit_code == 2


def test_the_examples_hold_and_a_changed_rule_shows_which_do_not(settings, tmp_path: Path, monkeypatch):
    right = CLI.invoke(commands, ["check"])
    assert (right.exit_code, right.output.count("\n")) == (0, 1)
    rules = tmp_path / "rules"
    rules.mkdir()
    delivered = Path("tickets/data/routing.yml").read_text(encoding="utf-8")
    changed = delivered.replace("category: listrik, agency: pln", "category: listrik, agency: pu")
    (rules / "routing.yml").write_text(changed, encoding="utf-8")
    monkeypatch.setenv("KENTONGAN_POLICIES_DIR", str(rules))
    wrong = CLI.invoke(commands, ["check"])
    assert wrong.exit_code == 1
    assert "listrik padam dari tadi malam: goes to pu by listrik, not to pln by listrik" in wrong.output
