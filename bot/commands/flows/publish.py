"""`kentongan flows publish | rollback`: changing what is live."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.app import press_room
from bot.commands.flows.look import Folder
from bot.commands.flows.telling import SHORT, tell_impact
from bot.commands.telling import plain, stop, stop_for
from bot.services.flows.publishing import (
    AlreadyLiveError,
    OutdatedBaseError,
    Published,
    Signed,
    UnknownBundleError,
)
from bot.settings import Settings
from dialogs.faults import FlowFaults
from dialogs.loader import read_sources

Author = Annotated[str, typer.Option(help="Who publishes; stands in the history.")]
Note = Annotated[str, typer.Option(help="What for; stands in the history.")]
LIVE = "That very dialog is live already."


def publish(
    author: Author,
    folder: Folder = None,
    note: Note = "",
    base: Annotated[
        str, typer.Option(help="Refuse unless this hash is live: the one the change was begun from.")
    ] = "",
) -> None:
    """Check a folder and make it live; running processes take it up within seconds."""
    try:
        done = asyncio.run(_publish(read_sources(folder), Signed(author, note), base))
    except FlowFaults as error:
        stop_for(error.faults)
    except OutdatedBaseError as error:
        stop(f"Somebody published meanwhile: {error}. Compare with `flows diff`, then publish again.")
    except AlreadyLiveError:
        stop(LIVE)
    except UnknownBundleError as error:
        stop(str(error))
    else:
        _tell(done)


async def _publish(sources: Mapping[str, str], by: Signed, base: str) -> Published:
    async with press_room(Settings()) as desk:
        began = (await desk.named(base)).hash if base else ""
        return await desk.publish(sources, by, began)


def rollback(
    author: Author,
    to: Annotated[str, typer.Option(help="The head of a hash from the history; else the one before.")] = "",
    note: Note = "",
) -> None:
    """Make an earlier bundle live again."""
    try:
        done = asyncio.run(_rollback(Signed(author, note), to))
    except UnknownBundleError as error:
        stop(f"Cannot go back: {error}")
    except AlreadyLiveError:
        stop(LIVE)
    _tell(done)


async def _rollback(by: Signed, to: str) -> Published:
    async with press_room(Settings()) as desk:
        return await desk.rollback(by, to)


def _tell(done: Published) -> None:
    tell_impact(done.impact)
    plain().print(f"Live: {done.publication.hash[:SHORT]} ({done.publication.kind})")
