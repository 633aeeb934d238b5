"""Memory: the collector looks at what may go, the allocator keeps little of what is gone."""

import ctypes
import gc
import sys

THRESHOLD = (10_000, 20, 20)
"""A turn makes thousands of short-lived objects, an import even more; with the default of 700 each is
collected in several times."""
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""The names that glibc's `mallopt` knows these settings by."""
LARGE = 1 << 18
"""Bytes of a piece that goes back to the system as soon as it is free, as a photo does; glibc would learn to
keep such pieces."""


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
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library, if it is one that knows these settings."""
    own = ctypes.CDLL(None) if sys.platform == "linux" else None
    return own if hasattr(own, "gnu_get_libc_version") else None
