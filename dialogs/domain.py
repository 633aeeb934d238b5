"""What the domain file declares beside slots: how talking goes, and the questions people ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

CONTROLS = ("back", "skip", "cancel", "restart", "resume", "bot")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the domain says about talking itself; every number and word is the admin's to change.

    `controls` and `control_intents` lead from a word or an intent to one of CONTROLS; confidences run from
    0 to 1; `opening_words` is how many words nobody has a flow for make a report, those of `filler_words`
    ("saya mau lapor dong") not counted; `news_words` ask for news of one's report without naming it;
    words of `asking_words` begin a question that has no question mark; a sentence meant as one of
    `aside_intents` ("jangan sebut nama saya") that tells of a problem, too, is a report;
    one of `never_words` and soon after one of `telling_words` wish that nobody be told;
    `again_within` is how long after a report was sent off another "kirim" is still about it.
    """

    consent_version: str = "1"
    remind_after: timedelta = timedelta(minutes=30)
    expire_after: timedelta = timedelta(hours=24)
    report_number: str = r"\b[A-Z]{2,4}-\d{2}-[0-9A-Z]{5}\b"
    sure_intent: float = 0.7
    likely_intent: float = 0.4
    sure_emergency: float = 0.5
    opening_words: int = 3
    again_within: timedelta = timedelta(minutes=60)
    yes_intents: frozenset[str] = frozenset()
    no_intents: frozenset[str] = frozenset()
    correction_intents: frozenset[str] = frozenset()
    control_intents: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, str] = field(default_factory=dict)
    correction_words: tuple[str, ...] = ()
    negation_words: tuple[str, ...] = ()
    filler_words: frozenset[str] = frozenset()
    news_words: frozenset[str] = frozenset()
    asking_words: frozenset[str] = frozenset()
    aside_intents: frozenset[str] = frozenset()
    never_words: frozenset[str] = frozenset()
    telling_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Topic:
    """A question people ask: words that give it away, and the text that answers it.

    `ours` says that it is about this service: asked about something else ("berapa biaya KTP?") it is another
    question.
    """

    id: str
    keywords: tuple[str, ...]
    response: str
    ours: bool = False
    line: int = 0
