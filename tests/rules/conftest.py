"""What the rules look at: the files of the project, and the documents among them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTING = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
ROOMS = ("bot", "dialogs", "nlu", "storage", "tickets")


def _tracked() -> list[Path]:
    listed = subprocess.run(LISTING, cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0")
    if names != [""]:
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    unpacked = [path for path in ROOT.rglob("*") if path.is_file()]  # an archive, without its history
    return [path for path in unpacked if not {".venv", "data", ".git"} & set(path.relative_to(ROOT).parts)]


@pytest.fixture(scope="session")
def root():
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def files():
    """Every file that belongs to the project."""
    return _tracked()


@pytest.fixture(scope="session")
def texts(files):
    """Every file that is text, with what stands in it."""
    found = {}
    for path in files:
        content = path.read_bytes()
        if b"\0" not in content:
            found[path] = content.decode("utf-8")
    return found


@pytest.fixture(scope="session")
def documents(texts):
    """The Markdown pages."""
    return {path: text for path, text in texts.items() if path.suffix == ".md"}


@pytest.fixture(scope="session")
def sources(texts):
    """The Python files of the rooms: what runs, without tests, scripts and migrations."""
    return {
        path: text
        for path, text in texts.items()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS and "versions" not in path.parts
    }
