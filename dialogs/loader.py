"""Getting a dialog from its folder."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dialogs.bundle import Bundle

TOP_FILES = ("domain.yml", "faq.yml")
FOLDERS = ("flows", "responses")
TESTS = "tests"


def load_bundle(folder: Path | Traversable | None = None) -> Bundle:
    """The bundle in a folder; the one that came with the program when none is given.

    Raises:
        FlowFaults: the files cannot be read as a dialog.
    """
    return Bundle.from_sources(read_sources(folder))


def read_sources(folder: Path | Traversable | None = None) -> dict[str, str]:
    """The files of a dialog (path inside the folder → text)."""
    root = folder if folder is not None else files("dialogs")
    found = {
        name: root.joinpath(name).read_text("utf-8") for name in TOP_FILES if root.joinpath(name).is_file()
    }
    for name in FOLDERS:
        if root.joinpath(name).is_dir():
            _gather(root.joinpath(name), name, found)
    return found


def read_tests(folder: Path | Traversable | None = None) -> dict[str, str]:
    """The conversations that try a dialog (path inside the folder → text); none where there are none."""
    root = (folder if folder is not None else files("dialogs")).joinpath(TESTS)
    found: dict[str, str] = {}
    if root.is_dir():
        _gather(root, TESTS, found)
    return found


def _gather(folder: Traversable, path: str, into: dict[str, str]) -> None:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        inside = f"{path}/{entry.name}"
        if entry.is_dir():
            _gather(entry, inside, into)
        elif entry.name.endswith(".yml"):
            into[inside] = entry.read_text("utf-8")
