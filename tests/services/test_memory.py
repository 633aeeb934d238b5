"""What keeps a server's memory from growing with what goes through it."""

import asyncio
import socket
from asyncio import selector_events, unix_events

import pytest

from bot.memory import PIECE, read_in_pieces


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
