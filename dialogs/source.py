"""Reading the YAML an admin wrote, keeping the line of everything, refusing what could hurt."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NoReturn

import yaml
from ruamel.yaml import YAML
from ruamel.yaml import events as precise
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from yaml import events as quick

from dialogs.faults import Fault, FlowFaults

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40
MAX_REMEMBERED = 8_000_000
"""Characters of YAML that are remembered as read."""
CONSTANTS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
WHOLE = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)*")
BROKEN = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
NUMBER_STARTS = frozenset("+-.0123456789")
READ_OTHERWISE = re.compile("[\t\x85\u2028\u2029\ufeff]")
"""Signs that YAML 1.1, which libyaml reads, sees otherwise than YAML 1.2."""


class Table(dict[str, Any]):
    """A YAML mapping that knows the line it starts on and the line of each key (counted from 1)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line a key stands on; the mapping's own when it has no such key."""
        return self.lines.get(key, self.line)


class _Remembered:
    """What was read lately by its text, so that a change of one file reads only that one again."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Table | None:
        """What this text was read as."""
        return self._tables.get(text)

    def keep(self, text: str, table: Table) -> None:
        """Remember, and forget the oldest beyond the limit."""
        if text not in self._tables:
            self._characters += len(text)
        self._tables[text] = table
        while self._characters > MAX_REMEMBERED:
            oldest, _ = self._tables.popitem(last=False)
            self._characters -= len(oldest)

    def forget(self) -> None:
        """Remember nothing."""
        self._tables.clear()
        self._characters = 0


_remembered = _Remembered()


def forget() -> None:
    """Let go of what was read: 3 MB that nobody needs who changes no file."""
    _remembered.forget()


def read_yaml(file: str, text: str) -> Table:
    """The mapping a YAML file holds; read once for the same text, so nobody may change it.

    Raises:
        FlowFaults: it is too big, cannot be parsed, uses anchors, repeats a key, or is no mapping.
    """
    known = _remembered.get(text)
    if known is None:
        known = _read(file, text)
        _remembered.keep(text, known)
    return known


def readable(file: str, text: str) -> bool:
    """Whether a file can be read at all."""
    try:
        read_yaml(file, text)
    except FlowFaults:
        return False
    return True


def _read(file: str, text: str) -> Table:
    if len(text) > MAX_CHARACTERS:
        raise fault(file, 0, f"the file has {len(text)} characters", "Split it: a file may have a million")
    try:
        content = _document(file, text)
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


def _document(file: str, text: str) -> Any:
    """What the text says: by libyaml, a tenth of the work, where that reads it at all and reads it alike."""
    if not READ_OTHERWISE.search(text):
        with suppress(yaml.YAMLError, ValueError):  # the words for what is wrong are the other's
            return _Reader(file, yaml.parse(text, Loader=yaml.CSafeLoader), quick).document()
    return _Reader(file, YAML(typ="safe", pure=True).parse(text), precise).document()


def fault(file: str, line: int, text: str, remedy: str) -> FlowFaults:
    """A single fault of a file, ready to raise."""
    return FlowFaults([Fault(file, line, "", "", text, remedy)])


class _Reader:
    """Builds plain values from the parser's events as they come.

    Building nodes first, as the library's loaders do, takes twice the time. Aliases, the stuff of YAML
    bombs, are refused where they are met. `kinds` is the parser's module of events.
    """

    def __init__(self, file: str, events: Iterator[Any], kinds: Any) -> None:
        self.file = file
        self.events = events
        self.kinds = kinds

    def document(self) -> Any:
        """The one document of the file; an empty table when there is none."""
        next(self.events)
        begun = next(self.events)
        if not isinstance(begun, self.kinds.DocumentStartEvent):
            return Table()
        content = self._value(next(self.events), 0)
        next(self.events)
        after = next(self.events)
        if isinstance(after, self.kinds.DocumentStartEvent):
            self._refuse(after, "a second document begins here", "Keep one document in a file")
        return content

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, self.kinds.AliasEvent) or event.anchor:
            self._refuse(event, "anchors and aliases are not used here", "Write the value out in full")
        if depth > MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH}", "Move parts into flows of their own")
        if isinstance(event, self.kinds.ScalarEvent):
            return _scalar(event)
        if isinstance(event, self.kinds.MappingStartEvent):
            return self._table(event, depth)
        assert isinstance(event, self.kinds.SequenceStartEvent)  # noqa: S101 nothing else begins a value
        return list(self._items(depth))

    def _items(self, depth: int) -> Iterator[Any]:
        event = next(self.events)
        while not isinstance(event, self.kinds.SequenceEndEvent):
            yield self._value(event, depth + 1)
            event = next(self.events)

    def _table(self, start: Any, depth: int) -> Table:
        table = Table(start.start_mark.line + 1)
        event = next(self.events)
        while not isinstance(event, self.kinds.MappingEndEvent):
            key = self._key(event, table)
            table.lines[key] = event.start_mark.line + 1
            table[key] = self._value(next(self.events), depth + 1)
            event = next(self.events)
        return table

    def _key(self, event: Any, table: Table) -> str:
        if not isinstance(event, self.kinds.ScalarEvent) or event.anchor:
            self._refuse(event, "this key is no plain word", "Write `key: value`")
        key = str(event.value)
        if key in table:
            self._refuse(event, f"`{key}` is given twice", "Keep one of them")
        return key

    def _refuse(self, event: Any, text: str, remedy: str) -> NoReturn:
        raise fault(self.file, event.start_mark.line + 1, text, remedy)


def _scalar(event: Any) -> Any:
    """The value of a scalar: what stands in quotes or blocks is text, plain words may mean more."""
    text = str(event.value)
    if event.tag or not event.implicit[0]:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] in NUMBER_STARTS:
        if WHOLE.fullmatch(text):
            return int(text)
        if BROKEN.fullmatch(text):
            return float(text)
    return text
