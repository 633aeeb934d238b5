"""Texts and labelled rows from the command line, a file or standard input, and one JSON a line back."""

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
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


def rows_of(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each row of a JSON Lines file or of standard input stands, and the row: an object with a `text`.

    Raises:
        typer.BadParameter: there is no such file, or a line is no such row; it names the line.
    """
    path = Path(file)
    if file != STDIN and not path.is_file():
        raise typer.BadParameter(f"there is no file {file}")
    # Not `splitlines`: a text may hold signs that also count as ends of lines.
    lines = (
        said(STDIN) if file == STDIN else path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    )
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{file}:{number}", _row(line, f"{file}:{number}")


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise typer.BadParameter(f"{where}: no JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise typer.BadParameter(f"{where}: a row is an object with a `text`; add it")
    return row


def show(value: Any, *, compact: bool) -> None:
    """Print a value as JSON: on one line for programs, indented for people."""
    sys.stdout.write(orjson.dumps(value, option=0 if compact else orjson.OPT_INDENT_2).decode() + "\n")
