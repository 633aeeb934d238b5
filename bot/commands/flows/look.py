"""`kentongan flows graph | diff | impact | history`: looking, changing nothing."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.app import press_room
from bot.commands.flows.telling import SHORT, line_of, tell_impact
from bot.commands.telling import plain, stop, tell_faults
from bot.services.flows.publishing import UnknownBundleError
from bot.settings import Settings
from dialogs import graph as pictures
from dialogs.bundle import Bundle, read_bundle
from dialogs.check import check
from dialogs.difference import Difference, difference
from dialogs.impact import Impact
from dialogs.loader import read_sources
from storage.publishing import Publication

Folder = Annotated[Path | None, typer.Argument(help="A dialog's folder; the delivered one when left out.")]


class Form(StrEnum):
    """How a flow is drawn."""

    TREE = "tree"
    MERMAID = "mermaid"


def graph(
    flow: Annotated[str, typer.Argument(help="The flow's id, such as lapor.")],
    folder: Annotated[Path | None, typer.Option(help="A dialog's folder; the delivered one else.")] = None,
    form: Annotated[Form, typer.Option(help="Lines for the terminal, or Mermaid for a page.")] = Form.TREE,
) -> None:
    """Draw a flow: its steps and where each leads."""
    bundle, _ = read_bundle(read_sources(folder))
    if flow not in bundle.flows:
        stop(f"There is no flow {flow!r}. There are: {', '.join(sorted(bundle.flows))}.")
    draw = pictures.mermaid if form == Form.MERMAID else pictures.tree
    plain().print(draw(bundle.flows[flow]))


def diff(
    new: Annotated[str, typer.Argument(help="A dialog's folder, or the head of a published hash.")],
    old: Annotated[str, typer.Argument(help="What to compare with; what is live when left out.")] = "",
    *,
    lines: Annotated[bool, typer.Option("--lines", help="Show the files line by line as well.")] = False,
) -> None:
    """Tell what differs: flows, steps, texts per language, slots."""
    try:
        found = asyncio.run(_compared(new, old))
    except UnknownBundleError as error:
        stop(f"{error} (or name a folder).")
    console = plain()
    for change in found.changes:
        console.print(str(change))
    console.print(found.lines if lines else f"{len(found.changes)} change(s).")


async def _compared(new: str, old: str) -> Difference:
    folders = {name: _in_folder(name) for name in (new, old)}
    async with press_room(Settings()) as desk:
        after = folders[new] or await desk.named(new)
        before = (folders[old] or await desk.named(old)) if old else desk.live
        return difference(before, after)


def _in_folder(name: str) -> Bundle | None:
    """The dialog in a folder of that name, if there is one."""
    return read_bundle(read_sources(Path(name)))[0] if name and Path(name).is_dir() else None


def impact(folder: Folder = None) -> None:
    """Tell what publishing a folder now would do to open conversations; publishes nothing."""
    sources = read_sources(folder)
    tell_faults(check(sources))
    tell_impact(asyncio.run(_impact(read_bundle(sources)[0])))


async def _impact(new: Bundle) -> Impact:
    async with press_room(Settings()) as desk:
        return await desk.impact(new)


def history(
    most: Annotated[int, typer.Option(help="How many entries.", min=1)] = 20,
) -> None:
    """List what was published: when, hash, kind, author, note, and how open conversations fared."""
    entries, live = asyncio.run(_history(most))
    for entry in entries:
        plain().print(line_of(entry))
    plain().print(f"Live: {live[:SHORT]}")


async def _history(most: int) -> tuple[tuple[Publication, ...], str]:
    async with press_room(Settings()) as desk:
        return await desk.history(most), desk.live.hash
