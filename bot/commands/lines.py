"""Texts from the command line or line by line from standard input, and one JSON a line back."""

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Annotated, Any

import orjson
import typer
from typer.core import TyperGroup

STDIN = "-"
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON a line, for programs.")]


class TextFirst(TyperGroup):
    """A group that takes a text where no sub-command is named: `route TEXT`, `route --json TEXT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the hidden command for texts before anything that is no sub-command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["text", *args]
        return super().parse_args(ctx, args)


def said(text: str) -> Iterator[str]:
    """The text itself, or every line of standard input when it is `-`; an empty line counts.

    Bytes that are no UTF-8 become the character for what cannot be read: a stream goes on.
    """
    if text == STDIN:
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    yield text


def show(value: Any, *, compact: bool) -> None:
    """Print a value as JSON: on one line for programs, indented for people."""
    sys.stdout.write(orjson.dumps(value, option=0 if compact else orjson.OPT_INDENT_2).decode() + "\n")
