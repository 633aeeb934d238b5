"""Policy files read by libyaml, in a tenth of the time, into what ruamel.yaml would have made of them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

READ_OTHERWISE = re.compile("[\t\x85\u2028\u2029\ufeff]")
"""Signs that YAML 1.1, which libyaml reads, sees otherwise than YAML 1.2."""
CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
WHOLE = re.compile(r"0|[1-9][0-9]*")
BROKEN = re.compile(r"[0-9]+\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER_STARTS = frozenset("+-.0123456789")


class _OtherwiseError(Exception):
    """Something policies hardly ever hold: anchors, tags, a second document, a key twice."""


def parse(text: str) -> Any:
    """What a file's text says; mappings and lists know their lines.

    Raises:
        ruamel.yaml.error.YAMLError, ValueError, RecursionError: it is no YAML.
    """
    if not READ_OTHERWISE.search(text):
        try:
            return _document(yaml.parse(text, Loader=yaml.CSafeLoader))
        except (_OtherwiseError, yaml.YAMLError, ValueError, RecursionError):
            pass  # what is wrong, if anything is, the other says better
    return _precisely(text)


def _precisely(text: str) -> Any:
    return YAML(typ="rt").load(text)


def _document(events: Iterator[Any]) -> Any:
    next(events)
    if not isinstance(next(events), DocumentStartEvent):
        return None
    content = _value(next(events), events)
    next(events)
    if isinstance(next(events), DocumentStartEvent):
        raise _OtherwiseError
    return content


def _value(event: Any, events: Iterator[Any]) -> Any:
    if getattr(event, "tag", "!") is not None or event.anchor is not None:
        raise _OtherwiseError
    match event:
        case ScalarEvent():
            return _scalar(event.value) if event.implicit[0] else str(event.value)
        case MappingStartEvent():
            return _mapping(events)
        case SequenceStartEvent():
            return _sequence(events)
    raise _OtherwiseError


def _mapping(events: Iterator[Any]) -> CommentedMap:
    found = CommentedMap()
    while not isinstance(event := next(events), MappingEndEvent):
        key, at = _value(event, events), event.start_mark
        if isinstance(key, CommentedMap | CommentedSeq) or key in found:
            raise _OtherwiseError
        following = next(events)
        found[key] = _value(following, events)
        place = following.start_mark
        found.lc.add_kv_line_col(key, [at.line, at.column, place.line, place.column])
    return found


def _sequence(events: Iterator[Any]) -> CommentedSeq:
    found = CommentedSeq()
    while not isinstance(event := next(events), SequenceEndEvent):
        found.append(_value(event, events))
        found.lc.add_kv_line_col(len(found) - 1, [event.start_mark.line, event.start_mark.column])
    return found


def _scalar(text: str) -> Any:
    """What a plain word means."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if BROKEN.fullmatch(text):
        return float(text)
    if DAY.fullmatch(text):
        return date.fromisoformat(text)
    if text == "<<":
        raise _OtherwiseError
    if text[0] in NUMBER_STARTS and "\n" not in text:
        return _precisely(f"- {text}")[0]
    return text
