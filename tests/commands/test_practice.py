"""`kentongan practice …`: faults are told and end the command, what is right is counted and listed."""

from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.__main__ import app, main
from tests.practice.scripts import OWN_SCRIPTS

CLI = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "practice").mkdir()
    Image.radial_gradient("L").convert("RGB").save(tmp_path / "practice" / "rambu.png")
    (tmp_path / "practice" / "cepat.yml").write_text(OWN_SCRIPTS["cepat"], encoding="utf-8")
    return tmp_path


def test_checked_and_listed_with_the_citys_own(folder):
    told = CLI.invoke(app, ["practice", "check", str(folder)])
    assert told.exit_code == 0
    assert "No faults. 15 scripts, 12 rules" in told.output
    listed = CLI.invoke(app, ["practice", "list", str(folder)]).output
    assert "cepat  sopan  id  dishub → closed dishub" in listed


def test_a_fault_is_told_in_a_line_and_ends_the_command(folder, monkeypatch, capsys):
    (folder / "practice" / "cepat.yml").write_text("temper: ramah\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["kentongan", "practice", "check", str(folder)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "practice/cepat.yml:1: temper: 'ramah' is not a known value." in capsys.readouterr().err
