"""`kentongan flows …`: an admin's whole way from a folder to the live dialog and back."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.flows import try_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the delivered dialog to change."""
    return Path(shutil.copytree("dialogs", tmp_path / "dialog", ignore=shutil.ignore_patterns("*.py")))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`kentongan flows …` on an installation of this test's own; what it prints, and how it ends."""
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))

    def flows(*words: object, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["flows", *map(str, words)])
        assert result.exit_code == code, result.output
        return result.output

    return flows


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_from_a_folder_to_live_and_back(run, folder: Path):
    rewrite(
        folder / "responses/en.yml", "utter_ada_lagi:\n    - text: ", "utter_ada_lagi:\n    - text: Well! #"
    )
    assert "No faults" in run("check", folder)
    assert "~ text utter_ada_lagi (en)" in (compared := run("diff", folder))
    assert "1 change(s)" in compared
    assert "+++ responses/en.yml" in run("diff", folder, "--lines")
    assert "0 open conversation(s)" in run("impact", folder)
    assert "Live: " in run("publish", folder, "--author", "Ani", "--note", "salam baru")
    assert "live already" in run("publish", folder, "--author", "Ani", code=1)
    assert "0 change(s)" in run("diff", folder)
    newest, first, live = run("history").splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d WIB  ", newest)
    assert "publish  Ani  salam baru" in newest
    assert "delivered  program" in first
    delivered = first.split()[3]
    assert live.split()[1] == newest.split()[3]
    assert "~ text utter_ada_lagi (en)" in run("diff", delivered)
    assert "0 change(s)" in run("diff", delivered, "dialogs")
    assert delivered in run("rollback", "--author", "Budi")
    assert "nothing was live before" in run("rollback", "--author", "Budi", code=1)
    assert "live already" in run("rollback", "--author", "Budi", "--to", delivered, code=1)
    assert "Live: " in run("rollback", "--author", "Budi", "--to", newest.split()[3])


def test_a_folder_with_faults_is_refused_by_line(run, folder: Path):
    rewrite(folder / "flows/lapor.yml", "then: uraian", "then: nirwana")
    for command in (
        ("check", folder),
        ("impact", folder),
        ("try", folder),
        ("publish", folder, "--author", "Ani"),
    ):
        said = run(*command, code=1)
        assert "flows/lapor.yml:" in said
        assert "[lapor izin] it leads to `nirwana`" in said
    assert len(run("history").splitlines()) == 2


def test_the_second_on_an_old_base_is_told(run, folder: Path):
    base = run("history").splitlines()[-1].split()[1]
    rewrite(folder / "faq.yml", "topics:", "# satu\ntopics:")
    run("publish", folder, "--author", "Ani", "--note", "satu", "--base", base)
    rewrite(folder / "faq.yml", "# satu", "# dua")
    assert "Ani: satu" in run("publish", folder, "--author", "Budi", "--base", base, code=1)
    assert "0 bundles begin with" in run("publish", folder, "--author", "Budi", "--base", "zzzzzz", code=1)


def test_a_flow_is_drawn(run):
    assert "izin · call persetujuan" in run("graph", "lapor")
    drawn = run("graph", "persetujuan", "--form", "mermaid")
    assert drawn.startswith("flowchart TD")
    assert '[/"tanya: collect persetujuan"/]' in drawn
    assert "There are: " in run("graph", "hantu", code=1)


def test_a_name_that_is_neither_folder_nor_hash(run):
    assert "or name a folder" in run("diff", "entah", code=1)


def test_trying_a_folder_is_talking_to_it(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    rewrite(folder / "responses/id.yml", "utter_bantuan", "utter_bantuan_lama")
    rewrite(folder / "responses/jv.yml", "utter_bantuan", "utter_bantuan_lama")
    rewrite(folder / "responses/en.yml", "utter_bantuan", "utter_bantuan_lama")
    for language in ("id", "jv", "en"):
        (folder / "responses" / "baru").mkdir(exist_ok=True)
        text = "responses:\n  utter_bantuan:\n    - text: Bantuan yang belum terbit\n"
        (folder / "responses" / "baru" / f"{language}.yml").write_text(text)
    monkeypatch.setattr(try_out, "typed", lambda: iter(["/bantuan"]))
    assert "Bantuan yang belum terbit" in run("try", folder)
