"""Reads a YAML file key by key, collecting every fault instead of stopping at the first."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tickets.policies.faults import Fault
from tickets.policies.swift import parse

LANGUAGES = ("id", "jv", "en")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
TWICE = re.compile('found duplicate key "([^"]*)"')
"""How the parser says it."""
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a file: its value, its path of keys and its line; faults go to the shared list.

    A key that is missing or wrong is written down as a fault and reads as an empty value, so that one
    pass over a file finds all its faults.
    """

    file: str
    path: str
    line: int
    value: Any
    faults: list[Fault]

    def fault(self, message: str, remedy: str, key: str = "") -> None:
        """Write down what is wrong here, or at `key` below."""
        spot = self.at(key) if key else self
        self.faults.append(Fault(self.file, spot.path, spot.line, message, remedy))

    def at(self, key: str) -> "Node":
        """The node at `key`; its value is None when the key is missing."""
        path = f"{self.path}.{key}" if self.path else str(key)
        inside = isinstance(self.value, CommentedMap) and key in self.value
        line = self.value.lc.key(key)[0] + 1 if inside else self.line
        return Node(self.file, path, line, self.value[key] if inside else None, self.faults)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value."""
        return self.at(key).value is not None

    def known(self, *keys: str) -> None:
        """Fault every key that is not one of `keys`, proposing the nearest."""
        for key in self.keys():
            if key not in keys:
                self.fault(f"Unknown key '{key}'.", f"Use {nearest(key, keys)}.", key)

    def keys(self) -> tuple[str, ...]:
        """The keys of this mapping, as text, in the file's order."""
        if self.value is None:
            return ()
        if not isinstance(self.value, CommentedMap):
            self.fault("Expected keys with values here.", "Write it as 'key: value'.")
            return ()
        return tuple(self.value)

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """Each key of this mapping with its node."""
        return ((key, self.at(key)) for key in self.keys())

    def items(self, key: str) -> tuple["Node", ...]:
        """The elements of the list at `key`; nothing when it is missing."""
        node = self.at(key)
        if node.value is None:
            return ()
        if not isinstance(node.value, CommentedSeq):
            node.fault("Expected a list.", "Write each element on a line starting with '- '.")
            return ()
        return tuple(
            Node(self.file, f"{node.path}[{i}]", node.value.lc.item(i)[0] + 1, value, self.faults)
            for i, value in enumerate(node.value)
        )

    def text(self, key: str, default: str | None = None) -> str:
        """The text at `key`; a fault when it is missing and has no default."""
        node = self.at(key)
        if node.value is None and default is not None:
            return default
        if not isinstance(node.value, str) or not node.value.strip():
            node.fault(f"'{key}' must be a text.", f"Write {key}: followed by a text, in quotes if a number.")
            return ""
        return str(node.value)

    def number(self, key: str, default: float | None = None, least: float = 0) -> float:
        """The number at `key`, not below `least`."""
        node = self.at(key)
        if node.value is None and default is not None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int | float) or node.value < least:
            example = f"Write for example {key}: {max(5, least):g}."
            node.fault(f"'{key}' must be a number of at least {least:g}.", example)
            return least
        return float(node.value)

    def count(self, key: str, default: int | None = None, least: int = 0) -> int:
        """The whole number at `key`, not below `least`."""
        return int(self.number(key, default, least))

    def flag(self, key: str, *, default: bool) -> bool:
        """The true/false at `key`."""
        node = self.at(key)
        if node.value is None:
            return default
        if not isinstance(node.value, bool):
            node.fault(f"'{key}' must be true or false.", f"Write {key}: true or {key}: false.")
            return default
        return node.value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """The text at `key`, which must be one of `allowed`."""
        found = self.text(key, default)
        allowed = tuple(allowed)
        if found and found not in allowed:
            self.fault(f"'{found}' is not a known value.", f"Use {nearest(found, allowed)}.", key)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts at `key`, as a tuple; empty when missing."""
        node = self.at(key)
        if isinstance(node.value, str):
            return (str(node.value),)
        found = self.items(key)
        for item in found:
            if not isinstance(item.value, str):
                item.fault("Expected a text.", "Put it in quotes if it is a number or a date.")
        return tuple(str(item.value) for item in found)

    def choices(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """Like `texts`, each of which must be one of `allowed`."""
        allowed, found = tuple(allowed), self.texts(key)
        for text in found:
            if text not in allowed:
                self.fault(f"'{text}' is not a known value.", f"Use {nearest(text, allowed)}.", key)
        return found

    def words(self, key: str) -> Words:
        """A sentence in every language at `key`."""
        node = self.at(key)
        if not isinstance(node.value, CommentedMap):
            node.fault(
                f"'{key}' must be given in every language.", f"Write {key}: with {', '.join(LANGUAGES)}."
            )
            return dict.fromkeys(LANGUAGES, "")
        node.known(*LANGUAGES)
        return {language: node.text(language) for language in LANGUAGES}

    def day(self) -> date | None:
        """The value of this node as a date, or a fault."""
        if isinstance(self.value, date):
            return self.value
        self.fault(f"'{self.value}' is not a date.", "Write it as 2027-05-15.")
        return None


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The closest allowed word, or all of them when none is close."""
    allowed = tuple(allowed)
    close = get_close_matches(str(word), allowed, n=1)
    return f"'{close[0]}'" if close else "one of: " + ", ".join(allowed)


class _EmptyError(ValueError):
    """A file holds nothing at all."""


def read(folder: Path | Traversable, file: str, faults: list[Fault]) -> Node:
    """The top of a YAML file; one missing or unreadable is the only fault of its own, and reads as empty."""
    text = ""
    try:
        text = (folder / file).read_text(encoding="utf-8")
        if not text.strip():
            raise _EmptyError
        value = parse(text)
    except (OSError, YAMLError, ValueError, RecursionError) as error:
        fault = _impossible_day(file, text) or _unreadable(file, error)
        faults.append(fault)
        return Node(file, "", fault.line, CommentedMap(), [])  # what follows from it helps nobody
    return Node(file, "", 1, value, faults)


def _impossible_day(file: str, text: str) -> Fault | None:
    """The first date that no calendar has, of which the parser tells no line."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in DAY.findall(line.partition("#")[0]):
            try:
                date.fromisoformat(word)
            except ValueError:
                return Fault(file, "", number, f"There is no day {word}.", "Write it as 2027-05-15.")
    return None


def _unreadable(file: str, error: Exception) -> Fault:
    match error:
        case FileNotFoundError():
            return Fault(file, "", 0, "The file is missing.", "Copy it from the delivered policies.")
        case _EmptyError():
            return Fault(file, "", 0, "The file is empty.", "Take it away, and the delivered one counts.")
        case UnicodeDecodeError():
            return _no_text(file, error)
        case MarkedYAMLError():
            return _no_yaml(file, error)
    told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return Fault(file, "", 0, f"Cannot be read: {told}.", "Check dates, numbers and hidden characters.")


def _no_text(file: str, error: UnicodeDecodeError) -> Fault:
    if error.object.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return Fault(file, "", 0, "The file is UTF-16.", "Save it as UTF-8.")
    line = error.object.count(b"\n", 0, error.start) + 1
    return Fault(file, "", line, "This line is no UTF-8.", "Save the file as UTF-8.")


def _no_yaml(file: str, error: MarkedYAMLError) -> Fault:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    if twice := TWICE.match(error.problem or ""):
        return Fault(file, "", line, f"'{twice[1]}' is given twice.", "Keep one of them.")
    return Fault(file, "", line, f"Not valid YAML: {error.problem}.", "Check indentation and quotes.")
