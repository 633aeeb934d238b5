"""Groups as they may be shown to everybody: small ones are one, and none of them can be reckoned back."""

from collections.abc import Sequence

from tickets.figures import CONFIDENTIAL, Row

FEWEST_GROUPS = 2
"""A rest of one group alone would be that group, told by another name."""


def folded(rows: Sequence[Row], least: int) -> tuple[tuple[Row, ...], int]:
    """The groups of at least so many reports, the largest first, and how many the others have together.

    Confidential tickets are always among the others. As long as those are a single group or fewer than
    `least`, the smallest group shown joins them: the total less what is shown tells nothing about one.
    """
    ordered = sorted(rows, key=lambda row: (-row.count.received, row.key))
    shown = [row for row in ordered if row.count.received >= least and row.key != CONFIDENTIAL]
    rest = [row.count.received for row in ordered if row not in shown]
    while rest and shown and (len(rest) < FEWEST_GROUPS or sum(rest) < least):
        rest.append(shown.pop().count.received)
    return tuple(shown), sum(rest)
