"""How a scripted citizen goes on: from what the desk did to what the citizen does, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tickets.practice.script import SILENCE, Reaction, Script
from tickets.practice.spans import Pauses, elapsed
from tickets.ticket import Status, Ticket, TicketEvent

QUIET: frozenset[Status] = frozenset({"SELESAI", "ARSIP", "DUPLIKAT", "DIBATALKAN", "PERLU_DATA"})
"""States in which a citizen does not complain of silence: it is over, or it is their turn."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A reaction (by its place in the script) that will be played at a moment."""

    reaction: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """How far a script has been played: lines of history seen, reactions used, reactions to come."""

    seen: int = 0
    used: tuple[int, ...] = ()
    awaited: tuple[Awaited, ...] = ()

    def using(self, reaction: int) -> "Run":
        """With one more reaction used up."""
        return replace(self, used=(*self.used, reaction))


def heard(run: Run, script: Script, history: Sequence[TicketEvent]) -> Run:
    """The run after what the desk did since."""
    for event in deeds(history[run.seen :]):
        if event.actor.kind != "operator":
            continue
        found = next(_fitting(run, script, event), None)
        if found is not None:
            at = event.at + timedelta(seconds=script.reactions[found].after)
            run = replace(run, used=(*run.used, found), awaited=(*run.awaited, Awaited(found, at)))
    return replace(run, seen=len(history))


def due(run: Run, now: datetime) -> tuple[Run, tuple[int, ...]]:
    """The run without the reactions whose moment has come, and these, the earliest first."""
    ready = sorted((one for one in run.awaited if one.at <= now), key=lambda one: one.at)
    left = tuple(one for one in run.awaited if one.at > now)
    return replace(run, awaited=left), tuple(one.reaction for one in ready)


def impatient(run: Run, script: Script, ticket: Ticket, waited: timedelta) -> int | None:
    """The reaction to a silence of that length, if it has become too long; None else."""
    if ticket.status in QUIET or run.awaited:
        return None
    for place, one in enumerate(script.reactions):
        if one.on == SILENCE and _free(run, place, one):
            return place if waited >= timedelta(seconds=one.after) else None
    return None


def silence(history: Sequence[TicketEvent], pauses: Pauses, now: datetime) -> timedelta:
    """How long nothing has happened that the citizen knows of."""
    return elapsed(history[-1].at, now, pauses) if history else timedelta(0)


def deeds(history: Sequence[TicketEvent]) -> Iterator[TicketEvent]:
    """One event for each thing done: an action that passes through several states is told once."""
    before = None
    for event in history:
        if (event.action, event.at) != before:
            yield event
        before = (event.action, event.at)


def said(event: TicketEvent) -> str:
    """What the desk said with an event, in small letters, the codes of what it asked for included."""
    return f"{event.text} {event.reason}".lower()


def _fitting(run: Run, script: Script, event: TicketEvent) -> Iterator[int]:
    words = said(event)
    for place, one in enumerate(script.reactions):
        if one.on == event.action and _free(run, place, one) and _fits(one, words):
            yield place


def _fits(one: Reaction, words: str) -> bool:
    wanted = not one.about or any(word in words for word in one.about)
    return wanted and not any(word in words for word in one.without)


def _free(run: Run, place: int, one: Reaction) -> bool:
    return one.again or place not in run.used
