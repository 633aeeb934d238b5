"""What a clock that was set back leaves behind: waits that end in a future no wait of theirs reaches into.

They were written by the clock as it was, and are over: else a day set back is a day of silence.
"""

from datetime import datetime, timedelta

APART = timedelta(seconds=5)
"""By less than this the clocks of several machines may differ."""
LONGEST_PAUSE = timedelta(minutes=10)
"""Between one try and the next, where nobody asked for more."""
LONGEST_FETCH = timedelta(minutes=20)
"""Between one try to fetch a file and the next."""
LONGEST_ASKED = timedelta(hours=1)
"""A platform may ask for more; it is asked again then."""


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether something that has happened did so by a clock that was set back since."""
    return moment > now + APART


def left(until: datetime, longest: timedelta, now: datetime) -> timedelta:
    """How long a wait still lasts that was never to be longer than `longest`; nothing when it is over."""
    wait = until - now
    return timedelta(0) if wait > longest + APART else max(wait, timedelta(0))
