"""Messages that are neither words, files, pins nor buttons: each is answered, none is lost without a word."""

from dialogs.hearing.routes import say_quietly
from dialogs.work import Work

OTHERS = frozenset({"sticker", "contact", "poll", "edited", "deleted", "unsupported", "too_large"})


WORDS = {"sticker": "{}", "contact": "👤 {}"}
"""What speaks for itself as the answer to an agency's words."""


def hear(work: Work) -> bool:
    """Say what cannot be done with such a message, then ask the open question again."""
    kind = work.message.kind
    if kind not in OTHERS and not _empty(work):
        return False
    if _to_a_report(work):
        return True
    return say_quietly(work, "pattern_unsupported", {"masukan": kind if kind in OTHERS else "empty"})


def _to_a_report(work: Work) -> bool:
    """Pass on a sticker or a contact that replies to news; a sticker is no answer to a question."""
    message, number = work.message, work.context.ticket
    said = WORDS.get(message.kind, "").format(message.text) if number and message.text else ""
    if not said or (message.kind == "sticker" and number in work.context.questions):
        return False
    work.start("pesan_tiket", "over", {"tiket": number, "pesan": said})
    return True


def _empty(work: Work) -> bool:
    message = work.message
    return not (message.text.strip() or message.attachments or message.location or message.button)
