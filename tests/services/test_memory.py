"""What keeps a server's memory from growing with what goes through it."""

import asyncio
import gc
import socket
import weakref
from asyncio import selector_events, unix_events

import pytest

from bot.memory import PIECE, read_in_pieces, tidy


class Pieces(asyncio.Protocol):
    """Notes how much came at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def data_received(self, data: bytes) -> None:
        self.sizes.append(len(data))


async def test_a_server_reads_in_pieces_that_fit_into_the_heaps_gaps(monkeypatch: pytest.MonkeyPatch):
    transport = selector_events._SelectorSocketTransport
    for one in (transport, unix_events._UnixReadPipeTransport):
        monkeypatch.setattr(one, "max_size", one.max_size)  # as it was, afterwards
    read_in_pieces()
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    wire, pieces = await asyncio.get_running_loop().connect_accepted_socket(Pieces, ours)
    theirs.settimeout(5)
    await asyncio.to_thread(theirs.sendall, bytes(4 * PIECE))
    async with asyncio.timeout(5):
        while sum(pieces.sizes) < 4 * PIECE:  # noqa: ASYNC110 the protocol tells nobody
            await asyncio.sleep(0.01)
    wire.close()
    theirs.close()
    assert max(pieces.sizes) == PIECE


class Knot:
    """Holds itself, as an error and the frame it was caught in hold each other."""

    def __init__(self) -> None:
        self.held = self


async def test_what_only_holds_itself_is_let_go_however_long_ago_it_was_made():
    knot = _grown_old()
    assert knot() is not None
    await tidy()
    assert knot() is None


def _grown_old() -> weakref.ref[Knot]:
    """One that the collector found in use twice, and looks at again when hours have passed."""
    knot = Knot()
    for _ in range(2):
        gc.collect(1)
    return weakref.ref(knot)
