"""Memory: nothing is imported for nothing, the collector looks at what may go, the allocator keeps little."""

import ctypes
import gc
import sys

from storage import fresh

THRESHOLD = (10_000, 20, 20)
"""A turn makes thousands of short-lived objects, an import even more; with the default of 700 each is
collected in several times."""
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""The names that glibc's `mallopt` knows these settings by."""
LARGE = 1 << 18
"""Bytes of a piece that goes back to the system as soon as it is free, as a photo does; glibc would learn to
keep such pieces."""
PIECE = 32 * 1024
"""Bytes asked for when something can be read from a connection."""
PIPE = 64 * 1024
"""Bytes that a pipe holds, and are asked for when something can be read from one."""

DRAWING = "rich"
"""What structlog draws coloured traces with, on a terminal."""


def import_structlog() -> None:
    """Import it without what it draws traces with: 60 modules and 3 MB, a parser for source code among them.

    Our lines say where an error came from and draw nothing. Whoever imports that library itself, later or
    before, gets the real one.
    """
    if "structlog" in sys.modules or DRAWING in sys.modules:
        return
    sys.modules[DRAWING] = None  # type: ignore[assignment]  # Python's own word for: cannot be imported
    try:
        import structlog  # noqa: F401, PLC0415 this is the moment
    finally:
        del sys.modules[DRAWING]


def collect_rarely() -> None:
    """From now on, wait for more objects before looking for unreachable ones."""
    gc.set_threshold(*THRESHOLD)


def keep_little() -> None:
    """Let all threads share one heap, where Linux's glibc allocates: by default each gets its own to fill.

    They hardly ever allocate at the same time: Python lets one of them run.
    """
    if (libc := _glibc()) is not None:
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)


def settle() -> None:
    """What the start made lives as long as the process: the collector need not look at it again and again.

    Nor once: that would take longer than what it finds is worth, two of two hundred megabytes.
    """
    gc.freeze()
    collect_rarely()
    _trim()
    read_in_pieces()


async def tidy() -> int:
    """Let go of what is old news, of what nobody reaches, and of free memory.

    What the start made is not looked at.

    By itself the collector comes when so many objects were made: on a quiet day not for hours, and what lies
    between what stays makes the heap grow. In place, as nothing else may run meanwhile.
    """
    fresh.let_go()
    gc.collect()
    _trim()
    return 0


def read_in_pieces() -> None:
    """From now on, connections are read in pieces that fit into the gaps of the heap.

    asyncio asks for 256 KB each time, and gives back what a small message does not fill. What is kept next
    lies in that gap, the next read needs another, and the heap grows by what is free in it: 100 MB in an
    hour of many small messages. Gaps this small are used again.
    """
    from asyncio import selector_events, unix_events  # noqa: PLC0415 not every command opens a connection

    selector_events._SelectorSocketTransport.max_size = PIECE  # type: ignore[attr-defined]  # noqa: SLF001 no other way
    unix_events._UnixReadPipeTransport.max_size = PIPE  # type: ignore[attr-defined]  # noqa: SLF001 the same


def _trim() -> None:
    """Give the system back what is free in whole pages."""
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library, if it is one that knows these settings."""
    own = ctypes.CDLL(None) if sys.platform == "linux" else None
    return own if hasattr(own, "gnu_get_libc_version") else None
