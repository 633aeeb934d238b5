"""Wishes that something stay unsaid ("jangan kasih tau suami"): about the report told now, or just sent."""

from dialogs.hearing.again import just_filed
from dialogs.hearing.filling import REPORT, beside_a_wish, words
from dialogs.hearing.routes import start
from dialogs.work import Work

SECRET, NAMELESS = "rahasia", "anonim"
MOST_WORDS = 10
FREE = frozenset({"text", "any"})


def hear(work: Work) -> bool:
    """Keep the report from others, or say that it is kept from them already."""
    flow_id = _wished(work)
    if not flow_id or work.message.button or work.message.attachments:
        return False
    return start(work, flow_id, _the_one_just_filed(work))


def _wished(work: Work) -> str:
    """The flow that does what is wished; empty when the message is about something else."""
    if _told_to_the_agency(work) or work.message.text.strip().endswith("?"):
        return ""
    left = beside_a_wish(work)
    if left is not None and left <= work.bundle.settings.opening_words and words(work) <= MOST_WORDS:
        return SECRET
    intent, settings = work.meaning.intent, work.bundle.settings
    sure = intent.confidence >= settings.sure_intent and intent.name in (SECRET, NAMELESS)
    about = bool(_the_one_just_filed(work)) and words(work) <= MOST_WORDS
    return intent.name if sure and about else ""


def _told_to_the_agency(work: Work) -> bool:
    """Whether the open question takes any words, and those of something else than a report's story."""
    spec = work.bundle.slots.get(work.open.target) if work.open else None
    return spec is not None and spec.type in FREE and work.topic != REPORT


def _the_one_just_filed(work: Work) -> dict[str, str] | None:
    numbers = work.now("tickets")
    return {"tiket": numbers[-1]} if not work.stack and numbers and just_filed(work) else None
