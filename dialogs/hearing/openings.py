"""The first word of a talk: news for a report, a forgotten photo, or a report told straight away."""

from typing import Any

from dialogs.hearing.filling import (
    CATEGORY,
    REPORT,
    first_words,
    off_topic,
    readings,
    substantial,
    surely_new,
    wants_else,
    words,
)
from dialogs.hearing.routes import say_quietly, start
from dialogs.messages import InboundMessage
from dialogs.slots import MARKS, fold, with_evidence
from dialogs.work import Work

MOST_WORDS_DONE = 4
GREETING = "sapa"
FEWEST_WORDS = 3
VAGUE, MOST_VAGUE = 0.3, 6
"""Below this no category is likely; of 837 real reports one is so vague in so few words."""


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
    if not context.questions or said.endswith("?") or wants_else(work):
        return False
    given: dict[str, Any] = {"pesan": said}
    if message.attachments:
        given["lampiran"] = with_evidence(message, None)
        work.change(album=message.group, album_for=context.questions[0])
    if len(context.questions) == 1 and not surely_new(work):
        work.start("pesan_tiket", "over", {**given, "tiket": context.questions[0]})
    else:
        sure = {} if surely_new(work) else {"jawab_atau_baru": "jawaban"}
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
    if (work.stack and not _leads_away(work)) or _chat(work):
        return False
    if not (substantial(work) or work.message.location):
        return not work.stack and (_hear_subject(work) or _hear_address(work))
    if _vague(work):
        return False
    work.change(album=work.message.group, album_for="")
    return start(work, REPORT)


def _chat(work: Work) -> bool:
    """Whether it is talk about nothing: neither a subject nor a place is in it."""
    told = work.meaning.categories or work.meaning.place or work.message.location
    return off_topic(work) and not told


def _vague(work: Work) -> bool:
    """Whether a few words tell neither a subject, nor a place, nor a time: asked about once, then taken."""
    intent, settings, meaning = work.meaning.intent, work.bundle.settings, work.meaning
    sure = intent.name == REPORT and intent.confidence >= settings.sure_intent
    subject = max((guess.confidence for guess in meaning.categories), default=0.0)
    told = subject >= VAGUE or meaning.place or work.message.location or work.message.attachments
    placed = any(meaning.entity(name) for name in (*MARKS, "time", "date"))
    return not (sure or told or placed or work.now("misses")) and words(work) <= MOST_VAGUE


def hear_other_report(work: Work) -> bool:
    """A report told where a number is asked for is no number."""
    spec = work.bundle.slots.get(work.open.target) if work.open else None
    asked = spec is not None and spec.choices == "tickets"
    where = work.meaning.place is not None
    return asked and where and _leads_away(work) and surely_new(work) and start(work, REPORT)


def _leads_away(work: Work) -> bool:
    """Whether it surely tells a report while something is asked that is not taken up again."""
    intent = work.meaning.intent
    sure = intent.name == REPORT and intent.confidence >= work.bundle.settings.sure_intent
    returns = work.bundle.flows[work.main.flow].returns
    telling = any(frame.flow == REPORT for frame in work.stack)
    return sure and substantial(work) and not returns and not telling


def _hear_subject(work: Work) -> bool:
    """Begin a report with the bare name of its subject ("sampah"), or few words that surely tell of one."""
    named = (name for one in work.bundle.categories.values() for name in one.name.values())
    subject = bool(work.said) and any(work.said in fold(name).split() for name in named)
    begun = first_words(work)
    surely = begun.get(CATEGORY) is not None and words(work) >= FEWEST_WORDS
    return (subject or surely or _means_a_report(work)) and start(work, REPORT, begun)


def not_understood(work: Work) -> bool:
    """Say so once; the second time show what can be said."""
    misses = work.now("misses") + 1
    work.change(misses=misses)
    return say_quietly(work, "pattern_unknown" if misses == 1 else "pattern_unknown_again")


def _means_a_report(work: Work) -> bool:
    """Whether a word surely means a report, and is more than a word one begins with ("pak")."""
    intent, settings = work.meaning.intent, work.bundle.settings
    sure = intent.name == REPORT and intent.confidence >= settings.sure_intent
    return sure and not settings.filler_words.issuperset(work.said.split())


def _hear_address(work: Work) -> bool:
    """Answer "pak" or "min": somebody looks whether anybody is there."""
    said = work.said.split()
    greeting = work.bundle.by_intent.get(GREETING, "")
    addressed = bool(said) and work.bundle.settings.filler_words.issuperset(said)
    answering = work.said in work.bundle.words.yes
    return addressed and not answering and bool(greeting) and start(work, greeting)
