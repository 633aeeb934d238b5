"""Getting a dialog from its folder."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dialogs.bundle import Bundle
from dialogs.faults import Fault, FlowFaults

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
    """The files of a dialog (path inside the folder → text).

    Raises:
        FlowFaults: one of them is no text.
    """
    root = folder if folder is not None else files("dialogs")
    found = {name: _text(root.joinpath(name), name) for name in TOP_FILES if root.joinpath(name).is_file()}
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
            into[inside] = _text(entry, inside)


def _text(entry: Traversable, name: str) -> str:
    try:
        return entry.read_text("utf-8")
    except UnicodeDecodeError as error:
        told = f"Byte {error.start + 1} is no UTF-8"
        raise FlowFaults([Fault(name, 0, "", "", told, "Save the file as UTF-8")]) from error
