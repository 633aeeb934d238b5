"""A dialog's folder as admins leave it: what lies there and is not read is told, as is what is no text."""

import shutil
from pathlib import Path

import pytest

from dialogs.check import check
from dialogs.faults import FlowFaults
from dialogs.loader import read_sources

FLOW = "flows:\n  ronda:\n    steps: [{noop: true}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the delivered dialog to change."""
    return Path(shutil.copytree("dialogs", tmp_path / "dialog", ignore=shutil.ignore_patterns("*.py")))


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(FlowFaults) as found:
        read_sources(folder)
    return str(found.value).splitlines()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("flows/ronda.yaml", "flows/ronda.yaml: nobody reads a file of this name. Name it ronda.yml."),
        ("flows/RONDA.YML", "flows/RONDA.YML: nobody reads a file of this name. Name it RONDA.yml."),
        ("flows/ronda.yml.txt", "flows/ronda.yml.txt: nobody reads a file of this name. Name it ronda.yml."),
        (
            "responses/ronda/id.yaml",
            "responses/ronda/id.yaml: nobody reads a file of this name. Name it id.yml.",
        ),
        ("ronda.yml", "ronda.yml: nobody reads a file in this place. Put it into flows/ or responses/."),
        ("domain.yaml", "domain.yaml: nobody reads a file of this name. Name it domain.yml."),
    ],
)
def test_a_file_nobody_would_read_is_told(folder: Path, name: str, told: str):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(FLOW)
    assert faults_of(folder) == [told]


@pytest.mark.parametrize(
    "name", ["flows/._ronda.yml", "flows/.ronda.yml.swp", "flows/ronda.yml~", "README.md"]
)
def test_what_editors_and_systems_leave_behind_is_passed_over(folder: Path, name: str):
    (folder / name).write_bytes(b"\x00\x05\x16\x07\xff")
    assert not check(read_sources(folder))


def test_files_that_are_no_utf8_are_told_all_at_once_by_line(folder: Path):
    (folder / "flows/ronda.yml").write_bytes("# satu\n# jam 21\u201322\n".encode("cp1252"))
    (folder / "flows/siskamling.yml").write_bytes(FLOW.encode("utf-16"))
    assert faults_of(folder) == [
        "flows/ronda.yml:2: this line is no UTF-8. Save the file as UTF-8.",
        "flows/siskamling.yml: the file is UTF-16. Save it as UTF-8.",
    ]


def test_a_folder_that_is_none_is_told_alone(folder: Path):
    assert faults_of(folder / "tiada") == [f"{folder / 'tiada'}: there is no such folder. Check its name."]
    assert faults_of(folder / "domain.yml") == [
        f"{folder / 'domain.yml'}: this is a file. Name the folder it lies in."
    ]
