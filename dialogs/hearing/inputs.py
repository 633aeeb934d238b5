"""Messages that are neither words, files, pins nor buttons: each is answered, none is lost without a word."""

from dialogs.hearing.routes import say_quietly
from dialogs.work import Work

OTHERS = frozenset({"sticker", "contact", "poll", "edited", "deleted", "unsupported", "too_large"})


def hear(work: Work) -> bool:
    """Say what cannot be done with such a message, then ask the open question again."""
    kind = work.message.kind
    if kind not in OTHERS and not _empty(work):
        return False
    return say_quietly(work, "pattern_unsupported", {"masukan": kind if kind in OTHERS else "empty"})


def _empty(work: Work) -> bool:
    message = work.message
    return not (message.text.strip() or message.attachments or message.location or message.button)
