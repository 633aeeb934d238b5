"""Python's collector of unreachable objects, kept from looking at what lives as long as the process."""

import gc

THRESHOLD = (10_000, 20, 20)
"""A turn makes thousands of short-lived objects, an import even more; with the default of 700 each is
collected in several times."""


def collect_rarely() -> None:
    """From now on, wait for more objects before looking for unreachable ones."""
    gc.set_threshold(*THRESHOLD)


def settle() -> None:
    """What the start made lives as long as the process: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    collect_rarely()
