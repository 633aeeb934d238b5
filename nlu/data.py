"""Reading the data files the understanding runs on."""

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

COMPILED = "model/compiled.json"


class DataError(ValueError):
    """A data file is missing or says something it must not; the message names file, key and remedy."""


def installed_data() -> Traversable:
    """The data folder that was installed with the package."""
    return files("nlu_data")


class Data:
    """A folder of data files; YAML that was compiled and not changed since is not parsed again."""

    def __init__(self, root: Path | Traversable | None = None) -> None:
        self.root: Path | Traversable = installed_data() if root is None else root
        self._compiled: dict[str, Any] = self._read_compiled()

    def file(self, name: str) -> Path | Traversable:
        """A file of the folder by its path with slashes."""
        found = self.root
        for part in name.split("/"):
            found = found.joinpath(part)
        return found

    def text(self, name: str) -> str:
        """A file's text.

        Raises:
            DataError: the file does not exist.
        """
        try:
            return self.file(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise DataError(f"{name}: not found in {self.root}; every data folder needs one") from None

    def yaml(self, name: str) -> Any:
        """A YAML file's content.

        Raises:
            DataError: the file does not exist or is no YAML.
        """
        text = self.text(name)
        known = self._compiled.get(name)
        if known and known["sha256"] == digest(text):
            return known["content"]
        return parse_yaml(text, name)

    def folder(self, name: str) -> tuple[str, ...]:
        """The names of the YAML files in a sub-folder, in order."""
        found = [entry.name for entry in self.file(name).iterdir() if entry.name.endswith(".yml")]
        return tuple(f"{name}/{entry}" for entry in sorted(found))

    def compilable(self) -> Iterator[str]:
        """Every YAML file the interpreter reads: all but the training examples."""
        yield from sorted(entry.name for entry in self.root.iterdir() if entry.name.endswith(".yml"))
        yield from self.folder("lexicon")

    def compile(self) -> str:
        """The JSON text to keep beside the model so that loading need not parse YAML."""
        content = {}
        for name in self.compilable():
            text = self.text(name)
            content[name] = {"sha256": digest(text), "content": parse_yaml(text, name)}
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"

    def _read_compiled(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self.file(COMPILED).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return content


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_yaml(text: str, name: str) -> Any:
    """Parse YAML; the parser is only imported here, since it is slow to import and rarely needed.

    Raises:
        DataError: the text is no YAML; the message carries the line.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return YAML(typ="safe").load(text)
    except YAMLError as error:
        raise DataError(f"{name}: not valid YAML: {error}") from error
