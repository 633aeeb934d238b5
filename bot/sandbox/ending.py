"""Keeping a stand-in running until somebody ends it."""

import asyncio
import contextlib
import signal
from typing import Protocol


class Stoppable(Protocol):
    """What can be stopped."""

    async def stop(self) -> None:
        """Let go of everything."""


async def until_ended(running: Stoppable) -> None:
    """Wait for SIGTERM or Ctrl+C, then stop what is running."""
    ending = asyncio.Event()
    # Windows has no signal handlers on a loop; there Ctrl+C ends the process, and nothing here needs saving.
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    try:
        await ending.wait()
    finally:
        await running.stop()
