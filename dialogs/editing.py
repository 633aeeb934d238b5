"""Changing one text or one button's label inside a file, and leaving every other character as it was."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dialogs.bundle import Bundle
from dialogs.source import read_yaml

MAX_TEXT = 3_000


class CannotEditError(ValueError):
    """The words cannot stand there, or the place is not in the files."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A text: which response, language and variation; with `button`, the label of that button instead."""

    name: str
    language: str
    variation: int = 0
    button: int | None = None


def words_at(bundle: Bundle, spot: Spot) -> str:
    """The words that stand there now.

    Raises:
        CannotEditError: there is no such place.
    """
    try:
        variation = bundle.responses[spot.language][spot.name].variations[spot.variation]
        return (variation.text if spot.button is None else variation.buttons[spot.button].label).source
    except (KeyError, IndexError):
        raise CannotEditError(f"there is no {spot}") from None


def rewrite(bundle: Bundle, spot: Spot, words: str) -> tuple[str, str]:
    """The file with other words at a spot: its path and its new text.

    Raises:
        CannotEditError: there is no such place, or the words are none or too many.
    """
    words_at(bundle, spot)
    words = "\n".join(line.rstrip() for line in words.strip().splitlines())
    if not words or len(words) > MAX_TEXT:
        raise CannotEditError(f"a text has 1 to {MAX_TEXT} characters")
    path = bundle.responses[spot.language][spot.name].file
    text = bundle.sources[path]
    node, inline = _node(text, spot)
    changed = _replaced(text, node, words, inline=inline)
    _prove(path, changed, spot, words)
    return path, changed


def _node(text: str, spot: Spot) -> tuple[ScalarNode, bool]:
    """The scalar that holds the words, and whether it stands inside brackets."""
    root = YAML(typ="safe", pure=True).compose(text)
    keys: list[str | int] = ["responses", spot.name, spot.variation]
    keys += ["text"] if spot.button is None else ["buttons", spot.button, "title"]
    way = list(_way(root, keys))
    if not isinstance(way[-1], ScalarNode):
        raise CannotEditError("words do not stand there")
    return way[-1], any(getattr(node, "flow_style", False) for node in way[:-1])


def _way(node: Node, keys: list[str | int]) -> Iterator[Node]:
    yield node
    for key in keys:
        if isinstance(node, MappingNode):
            node = next((value for name, value in node.value if name.value == key), node)
        elif isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        yield node


def _replaced(text: str, node: ScalarNode, words: str, *, inline: bool) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    standing = text[start:end]
    after = standing[len(standing.rstrip()) :]
    indent = " " * _block_indent(text, start)
    block = "\n" in words and not inline and words[0] not in " \t"
    return text[:start] + (_block(words, indent) if block else _quoted(words)) + after + text[end:]


def _block(words: str, indent: str) -> str:
    lines = (f"{indent}{line}" if line else "" for line in words.split("\n"))
    return "|-\n" + "\n".join(lines)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _block_indent(text: str, at: int) -> int:
    """How deep a block under this key is to stand: two beyond the key."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" -")) + 2


def _prove(path: str, text: str, spot: Spot, words: str) -> None:
    """Read the file again: what was meant to stand there must stand there."""
    row: Mapping[str, object] = read_yaml(path, text)["responses"][spot.name][spot.variation]
    found = row["text"] if spot.button is None else row["buttons"][spot.button]["title"]  # type: ignore[index]
    if found != words:
        raise CannotEditError("these words cannot be written there; send the file instead")
