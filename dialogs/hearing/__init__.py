"""What a message means where the talk stands: one file a kind of hearing, asked in this order."""

from collections.abc import Callable

from dialogs.hearing import (
    again,
    answers,
    buttons,
    clarifying,
    corrections,
    edits,
    emergency,
    handoff,
    inputs,
    media,
    news,
    numbers,
    openings,
    pieces,
    questions,
    refused,
    reopening,
    wishes,
    words,
)
from dialogs.work import Work

Listener = Callable[[Work], bool]

LISTENERS: tuple[Listener, ...] = (
    refused.hear,
    edits.hear,
    emergency.hear,
    handoff.hear,
    inputs.hear,
    openings.hear_after_silence,
    buttons.hear,
    media.hear,
    emergency.hear_pin,
    media.hear_pin,
    numbers.hear,
    buttons.hear_choice,
    words.hear_word,
    openings.hear_reply,
    news.hear,
    wishes.hear,
    corrections.hear,
    reopening.hear,
    openings.hear_owed,
    again.hear,
    again.hear_correction,
    again.hear_place,
    openings.hear_photo,
    clarifying.hear_answer,
    questions.hear,
    again.hear_emergency,
    emergency.hear_after,
    words.hear_intent,
    emergency.hear_where,
    openings.hear_other_report,
    answers.hear,
    pieces.hear_place,
    answers.hear_more,
    pieces.hear,
    clarifying.hear,
    openings.hear_report,
    pieces.hear_undecided,
)


def hear(work: Work) -> None:
    """Let the first listener that makes sense of the message change the state of the talk."""
    for listener in LISTENERS:
        if listener(work):
            if work.before.misses == work.now("misses"):
                work.change(misses=0)
            return
    openings.not_understood(work)
