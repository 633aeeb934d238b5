"""The chain over a ticket's evidence: no file can be exchanged, taken out or slipped in without a trace."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it joined its ticket: whose it is, what it was, and the SHA-256 of the original.

    `by` is citizen or operator, `role` evidence, message or proof; `at` ISO 8601 in UTC; `size` in bytes.
    `refused` is why it was not taken, empty for files that were.
    """

    number: str
    media: str
    by: str
    role: str
    sha256: str
    size: int
    at: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it was written, in its place (from 1), with the hash that binds it to all before it."""

    seq: int
    entry: Mapping[str, Any]
    hash: str


def bind(previous: str, entry: Mapping[str, Any]) -> str:
    """The SHA-256 over an entry as it is written and the hash before it; FIRST stands before the first."""
    written = json.dumps(entry, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{written}".encode()).hexdigest()


def first_break(links: Iterable[Link]) -> int | None:
    """The place (from 1) from which a chain no longer holds; None when it is whole."""
    previous = FIRST
    for expected, link in enumerate(links, 1):
        previous = bind(previous, link.entry)
        if link.seq != expected or link.hash != previous:
            return expected
    return None
