"""Reading the YAML an admin wrote, keeping the line of everything, refusing what could hurt."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from dialogs.faults import Fault, FlowFaults

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40
SCALARS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
}


class Table(dict[str, Any]):
    """A YAML mapping that knows the line it starts on and the line of each key (counted from 1)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line a key stands on; the mapping's own when it has no such key."""
        return self.lines.get(key, self.line)


@lru_cache(maxsize=64)
def read_yaml(file: str, text: str) -> Table:
    """The mapping a YAML file holds; read once for the same text, so nobody may change it.

    Raises:
        FlowFaults: it is too big, cannot be parsed, uses anchors, repeats a key, or is no mapping.
    """
    if len(text) > MAX_CHARACTERS:
        raise fault(file, 0, f"the file has {len(text)} characters", "Split it: a file may have a million")
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        content = _Reader(file).read(node, 0) if node is not None else Table()
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise fault(
            file, line, f"this is not YAML: {error.problem}", "Check indentation and quotes"
        ) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise fault(file, 0, f"this is not YAML: {error}", "Check indentation and quotes") from None
    if not isinstance(content, Table):
        raise fault(file, 1, "the file holds no mapping", "Start with a key such as `flows:`")
    return content


def fault(file: str, line: int, text: str, remedy: str) -> FlowFaults:
    """A single fault of a file, ready to raise."""
    return FlowFaults([Fault(file, line, "", "", text, remedy)])


class _Reader:
    """Builds plain values from nodes; a node met twice came by an alias, the stuff of YAML bombs."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()

    def read(self, node: Node, depth: int) -> Any:
        line = node.start_mark.line + 1
        if node.anchor or id(node) in self.seen:
            raise fault(
                self.file, line, "anchors and aliases are not used here", "Write the value out in full"
            )
        if depth > MAX_DEPTH:
            raise fault(
                self.file, line, f"nested deeper than {MAX_DEPTH}", "Move parts into flows of their own"
            )
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._table(node, line, depth)
        if isinstance(node, SequenceNode):
            return [self.read(item, depth + 1) for item in node.value]
        return self._scalar(node)

    def _scalar(self, node: Node) -> Any:
        read = SCALARS.get(str(node.tag).rpartition(":")[2], str)
        return read(node.value)

    def _table(self, node: MappingNode, line: int, depth: int) -> Table:
        table = Table(line)
        for key_node, value_node in node.value:
            key = str(key_node.value)
            key_line = key_node.start_mark.line + 1
            if key in table:
                raise fault(self.file, key_line, f"`{key}` is given twice", "Keep one of them")
            table.lines[key] = key_line
            table[key] = self.read(value_node, depth + 1)
        return table
