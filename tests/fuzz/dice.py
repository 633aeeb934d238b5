"""Bytes as a row of choices, so that who changes bytes changes choices; and ways to bend what is given."""

import copy
from collections.abc import Sequence
from typing import Any, TypeVar

One = TypeVar("One")

NASTY: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**31,
        2**63,
        -(2**63) - 1,
        10**400,
        0.1,
        1e308,
        float("inf"),
        float("nan"),
    ),
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\uffff",
        "\u202e",
        "a" * 5000,
        "🏳️‍🌈" * 50,
        "../../etc/passwd",
        "\r\nSet-Cookie: x",
    ),
    *(
        "{{7*7}}",
        "%s%n",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "٣٤٥",
        "0x10",
        "1e999",
    ),
    *("-7.7,110.3", "SLM-26-0000A", "/start", "/tautkan 123456", "kebakaran!!!", "NIK 3404071201900001"),
    *([], {}, [[]], [{}], {"": ""}, {"id": {}}, [None] * 50),
)
WORDS = (
    *(
        "jalan",
        "rusak",
        "mati",
        "lampu",
        "tolong",
        "bupati",
        "korupsi",
        "kebakaran",
        "bunuh",
        "Depok",
        "Minggir",
    ),
    *(
        "08123456789",
        "3404071201900001",
        "besok",
        "kemarin sore",
        "RT 03/05",
        "jakal km 9",
        "ora",
        "wis",
        "the",
    ),
    *(
        "AB 1234 CD",
        "!!!",
        "😡",
        "\n",
        "…",
        "-7.77, 110.38",
        "http://x.y",
        "@siti",
        "SLM-26-7K3QX",
        "sejak 3 hari",
    ),
)


class Dice:
    """Draws choices from bytes; once they are used up, always the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """From 0 up to `below`, not included."""
        size = max(1, (below.bit_length() + 7) // 8)
        part = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(part, "big") % below

    def one(self, of: Sequence[One]) -> One:
        """One of several."""
        return of[self.number(len(of))]

    def rest(self) -> bytes:
        """What was not used for choices."""
        return self._data[self._at :]

    def text(self) -> str:
        """Words of the trade, or any characters at all."""
        if self.number(4):
            return " ".join(self.one(WORDS) for _ in range(self.number(24)))
        return self.rest().decode("utf-8", "surrogateescape" if self.number(2) else "replace")

    def bent(self, tree: Any) -> Any:
        """A JSON value like the given one, with a few places changed."""
        found = copy.deepcopy(tree)
        for _ in range(1 + self.number(6)):
            found = self._bend(found, depth=0)
        return found

    def _bend(self, tree: Any, depth: int) -> Any:
        if depth < 12 and tree and isinstance(tree, dict | list) and self.number(5):
            keys = list(tree) if isinstance(tree, dict) else range(len(tree))
            key = self.one(list(keys))
            self._change(tree, key, depth)
            return tree
        return self.text() if not self.number(3) else copy.deepcopy(self.one(NASTY))

    def _change(self, tree: Any, key: Any, depth: int) -> None:
        way = self.number(8)
        if way == 0:
            del tree[key]
        elif way == 1 and isinstance(tree, dict):
            tree[self.text()] = tree.pop(key)
        elif way == 2 and isinstance(tree, list):
            tree.extend(copy.deepcopy(tree[key]) for _ in range(20))
        else:
            tree[key] = self._bend(tree[key], depth + 1)

    def torn(self, content: bytes) -> bytes:
        """Bytes like the given ones: cut, doubled, overwritten."""
        found = bytearray(content)
        for _ in range(1 + self.number(8)):
            at, size = self.number(len(found) + 1), self.number(64)
            piece = (
                b"",
                b"\x00" * size,
                b"\xff" * size,
                bytes(found[at : at + size]) * 2,
                self.rest()[:size],
            )
            found[at : at + size] = self.one(piece)
        return bytes(found)
