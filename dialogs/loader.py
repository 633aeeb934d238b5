"""Getting a dialog from its folder."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO, TextIOWrapper
from pathlib import Path

from dialogs.bundle import Bundle
from dialogs.faults import Fault, FlowFaults

TOP_FILES = ("domain.yml", "faq.yml")
FOLDERS = ("flows", "responses")
TESTS = "tests"
ENDING = ".yml"
MEANT = re.compile(r"(.+)\.ya?ml(?:\.txt)?", re.IGNORECASE)
"""A name somebody gave a file of YAML."""


def load_bundle(folder: Path | Traversable | None = None) -> Bundle:
    """The bundle in a folder; the one that came with the program when none is given.

    Raises:
        FlowFaults: the files cannot be read as a dialog.
    """
    return Bundle.from_sources(read_sources(folder))


def read_sources(folder: Path | Traversable | None = None) -> dict[str, str]:
    """The files of a dialog (path inside the folder → text).

    Raises:
        FlowFaults: there is no such folder, one of its files is no text, or would be read by nobody.
    """
    root = _root(folder)
    gathering = _Gathering()
    for entry in _entries(root):
        if entry.name in TOP_FILES:
            gathering.read(entry, entry.name)
        elif folder is not None and entry.is_file():
            gathering.pass_over(entry, entry.name, aside=True)
    for name in FOLDERS:
        if root.joinpath(name).is_dir():
            gathering.gather(root.joinpath(name), name)
    return gathering.done()


def read_tests(folder: Path | Traversable | None = None) -> dict[str, str]:
    """The conversations that try a dialog (path inside the folder → text); none where there are none.

    Raises:
        FlowFaults: one of them is no text, or would be read by nobody.
    """
    root = (folder if folder is not None else files("dialogs")).joinpath(TESTS)
    gathering = _Gathering()
    if root.is_dir():
        gathering.gather(root, TESTS)
    return gathering.done()


def _root(folder: Path | Traversable | None) -> Path | Traversable:
    if folder is None:
        return files("dialogs")
    if folder.is_file():
        raise FlowFaults([Fault(str(folder), 0, "", "", "this is a file", "Name the folder it lies in")])
    if not folder.is_dir():
        raise FlowFaults([Fault(str(folder), 0, "", "", "there is no such folder", "Check its name")])
    return folder


def _entries(folder: Path | Traversable) -> list[Traversable]:
    """What lies in a folder, by name; what systems and editors hide there is not meant."""
    shown = (one for one in folder.iterdir() if not one.name.startswith("."))
    return sorted(shown, key=lambda one: one.name)


class _Gathering:
    """Reads file by file; what is wrong with one is told beside what is wrong with the others."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._faults: list[Fault] = []

    def done(self) -> dict[str, str]:
        """What was read.

        Raises:
            FlowFaults: not everything could be.
        """
        if self._faults:
            raise FlowFaults(self._faults)
        return self._found

    def gather(self, folder: Traversable, path: str) -> None:
        """Read a folder and those inside it."""
        for entry in _entries(folder):
            inside = f"{path}/{entry.name}"
            if entry.is_dir():
                self.gather(entry, inside)
            elif entry.name.endswith(ENDING):
                self.read(entry, inside)
            else:
                self.pass_over(entry, inside)

    def read(self, entry: Traversable, name: str) -> None:
        """Read one file."""
        content = entry.read_bytes()
        try:
            self._found[name] = TextIOWrapper(BytesIO(content), "utf-8").read()
        except UnicodeDecodeError as error:
            if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                self._faults.append(Fault(name, 0, "", "", "the file is UTF-16", "Save it as UTF-8"))
                return
            line = content.count(b"\n", 0, error.start) + 1
            told = "this line is no UTF-8"
            self._faults.append(Fault(name, line, "", "", told, "Save the file as UTF-8"))

    def pass_over(self, entry: Traversable, name: str, *, aside: bool = False) -> None:
        """Leave a file unread, and say so where somebody seems to have meant it to be read."""
        meant = MEANT.fullmatch(entry.name)
        if meant is None:
            return
        right = meant[1] + ENDING
        if aside and right not in TOP_FILES:
            place = "nobody reads a file in this place"
            self._faults.append(Fault(name, 0, "", "", place, "Put it into flows/ or responses/"))
        else:
            told = "nobody reads a file of this name"
            self._faults.append(Fault(name, 0, "", "", told, f"Name it {right}"))
