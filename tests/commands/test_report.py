"""`kentongan report`, on an installation with one report in it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

CLI = CliRunner()


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("md", b"# Laporan"),
        ("csv", b","),
        ("xlsx", b"PK"),
        ("png", b"\x89PNG"),
        ("tickets", b"Nomor"),
        ("lisan", b"Laporan warga"),
    ],
)
def test_every_form_is_written_whole(tmp_path: Path, number: str, form: str, begins: bytes):
    made = tmp_path / "out" / f"laporan.{form}"
    done = CLI.invoke(app, ["report", "--format", form, "--output", str(made)])
    assert done.exit_code == 0, done.output
    assert made.read_bytes().startswith(begins)
    assert [one.name for one in made.parent.iterdir()] == [made.name]
    if form == "tickets":
        assert number in made.read_text()


def test_text_goes_to_standard_output_in_every_language(number: str):
    assert "| Masuk | 1 |" in CLI.invoke(app, ["report"]).output
    assert "| Received | 1 |" in CLI.invoke(app, ["report", "--language", "en"]).output
    assert "| Masuk | 0 |" in CLI.invoke(app, ["report", "--agency", "pu"]).output


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--from", "2024-05-01", "--to", "2024-01-01"], "ends (2024-01-01) before it begins"),
        (["--agency", "dinas"], "There are: bbpjn, bkad"),
        (["--language", "nl"], "There are: id, jv, en"),
    ],
)
def test_what_cannot_be_is_said(settings, wrong: list[str], told: str):
    done = CLI.invoke(app, ["report", *wrong])
    assert done.exit_code == 1
    assert told in done.output
