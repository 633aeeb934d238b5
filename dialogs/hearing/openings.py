"""The first word of a talk: news for a report, a forgotten photo, or a report told straight away."""

from typing import Any

from dialogs.hearing.filling import REPORT, readings, substantial, telling_a_question, words
from dialogs.hearing.routes import say_quietly, start
from dialogs.messages import InboundMessage
from dialogs.slots import fold, with_evidence
from dialogs.work import Work

QUESTION = "info"
MOST_WORDS_DONE = 4
MOST_WORDS = 8
SURE_CATEGORY = 0.7
"""From here on a message names a subject of its own: the address asked for never does."""


def hear_reply(work: Work) -> bool:
    """An answer to news about a report belongs to that report."""
    message = work.message
    said = message.text.strip() or _pin(message)
    if not work.context.ticket or message.button or not (said or message.attachments):
        return False
    given = {"tiket": work.context.ticket, "pesan": said}
    if message.attachments:
        given["lampiran"] = with_evidence(message, None)
        work.change(album=message.group, album_for=work.context.ticket)
    work.start("pesan_tiket", "over", given)
    return True


def _pin(message: InboundMessage) -> str:
    """A pin as words; empty when the message is none."""
    if message.location is None:
        return ""
    pin = message.location
    return (
        f"📍 {pin.title} https://www.google.com/maps/search/?api=1&query={pin.lat:.6f},{pin.lon:.6f}".replace(
            "  ", " "
        )
    )


def hear_owed(work: Work) -> bool:
    """A word said freely while an agency waits for one: its answer, if only one can be meant; else we ask."""
    message, context = work.message, work.context
    said = message.text.strip() or _pin(message)
    if work.stack or message.button or not (said or message.attachments):
        return False
    if context.confirming and not message.attachments and _confirmed(work, said):
        return True
    if not context.questions or said.endswith("?") or _wants_else(work):
        return False
    given: dict[str, Any] = {"pesan": said}
    if message.attachments:
        given["lampiran"] = with_evidence(message, None)
        work.change(album=message.group, album_for=context.questions[0])
    if len(context.questions) == 1 and not _surely_new(work):
        work.start("pesan_tiket", "over", {**given, "tiket": context.questions[0]})
    else:
        sure = {} if _surely_new(work) else {"jawab_atau_baru": "jawaban"}
        work.start("jawaban_mana", "over", {**given, **sure})
    return True


def _confirmed(work: Work, said: str) -> bool:
    """Take "sudah" or "belum …" for the one report that waits for it."""
    first, known = fold(said).split()[:1], work.bundle.words
    if len(work.context.confirming) != 1 or not first:
        return False
    given: dict[str, Any] = {"tiket": work.context.confirming[0]}
    if first[0] in known.no:
        given["selesai"] = "belum"
        if words(work) > 1:
            given["alasan"] = said
    elif fold(said) in known.yes or (first[0] in known.yes and words(work) <= MOST_WORDS_DONE):
        given["selesai"] = "ya"
    else:
        return False
    work.start("konfirmasi", "over", given)
    return True


def _wants_else(work: Work) -> bool:
    """Whether the sentence surely asks for something that is neither a report nor an answer."""
    intent, bundle = work.meaning.intent, work.bundle
    return (
        intent.name != REPORT
        and intent.name in bundle.by_intent
        and (intent.confidence >= bundle.settings.sure_intent)
    )


def _surely_new(work: Work) -> bool:
    """Whether it reads like a report of its own."""
    intent, settings = work.meaning.intent, work.bundle.settings
    meant = intent.name == REPORT and intent.confidence >= settings.sure_intent
    best = max((guess.confidence for guess in work.meaning.categories), default=0.0)
    return meant and best >= SURE_CATEGORY and words(work) >= settings.opening_words + 2


def hear_after_silence(work: Work) -> bool:
    """The first message after a draft was laid aside: the draft is offered, the message kept."""
    if not work.now("expired"):
        return False
    work.change(expired=False)
    if not work.stack or work.message.button or not substantial(work):
        return False
    told = readings(work, work.bundle.flows[work.stack[0].flow])
    work.start("pattern_resume", "quiet", {"tertunda": told})
    return True


def hear_question(work: Work) -> bool:
    """A short question in words the list of questions knows, where the sentence surely means nothing else."""
    text, intent, bundle = work.message.text.strip(), work.meaning.intent, work.bundle
    sure = intent.confidence >= bundle.settings.sure_intent
    meant = sure and intent.name in bundle.by_intent and not (intent.name == REPORT and not _of_a_kind(work))
    if (
        meant
        or telling_a_question(work)
        or not text.endswith("?")
        or words(work) > MOST_WORDS
        or work.message.attachments
    ):
        return False
    said = f" {fold(text)} "
    known = any(f" {word} " in said for topic in bundle.topics for word in topic.keywords)
    return known and start(work, QUESTION, {"pertanyaan": text})


def _of_a_kind(work: Work) -> bool:
    """Whether the message likely belongs to a category of reports."""
    guesses = work.meaning.categories
    return bool(guesses) and guesses[0].confidence >= work.bundle.settings.likely_intent


def hear_photo(work: Work) -> bool:
    """A photo without words: for the last report if there is one, else the start of a new one."""
    message = work.message
    if work.stack or not message.attachments or substantial(work):
        return False
    work.change(album=message.group, album_for="")
    numbers = work.now("tickets")
    if not numbers or message.text.strip():
        return start(work, "lapor")
    given = {"tiket": numbers[-1], "lampiran": with_evidence(message, None)}
    work.start("foto_susulan", "over", given)
    return True


def hear_report(work: Work) -> bool:
    """Words nobody has another use for are a report; so is a pin."""
    if work.stack or not (substantial(work) or work.message.location):
        return False
    work.change(album=work.message.group, album_for="")
    return start(work, "lapor")


def not_understood(work: Work) -> bool:
    """Say so once; the second time show what can be said."""
    misses = work.now("misses") + 1
    work.change(misses=misses)
    return say_quietly(work, "pattern_unknown" if misses == 1 else "pattern_unknown_again")
