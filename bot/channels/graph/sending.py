"""What WhatsApp, Messenger and Instagram do alike: the window, and what stands in answers."""

from datetime import timedelta
from typing import Final

from bot.channels.base import SendError
from bot.channels.graph.reading import Fields, text

UPLOAD_LASTS: Final = timedelta(days=29)
"""Meta forgets an uploaded file after 30 days."""
MARGIN: Final = timedelta(minutes=1)
"""How long before its end the window counts as closed: clocks differ, and sending takes time."""
GONE: Final = frozenset({401, 403, 404, 410})
"""How a download address answers that has expired."""


def is_open(window: timedelta | None, silent: timedelta | None) -> bool:
    """Whether a person who has been silent so long (None: always) may be written to freely."""
    return window is None or (silent is not None and silent <= window - MARGIN)


def ref_of(answer: Fields, name: str) -> str:
    """The id under which Meta took something in.

    Raises:
        SendError: the answer names none.
    """
    if not (ref := text(answer.get(name))):
        raise SendError("unknown_outcome", f"the answer names no {name}", retryable=True)
    return ref
