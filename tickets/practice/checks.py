"""The rules of marking, one function each: what fills the sentence for who broke it, None when kept."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import ceil

from tickets.practice.acting import said
from tickets.practice.script import Marking, Script
from tickets.practice.work import Judge, Work
from tickets.units import serves

ANSWERS = frozenset({"reply", "ask_data", "close", "announce", "not_ours", "refer", "merge", "refuse"})
SENT_ON = frozenset({"verify", "forward", "refer", "redispose", "not_ours"})
TOLD = frozenset({"reply", "ask_data", "close", "announce", "merge", "refuse", "moderate_ask"})
"""Actions whose words the citizen reads."""
CLOSED = frozenset({"MENUNGGU_KONFIRMASI", "SELESAI"})
WITHOUT_PROOF = frozenset({"perlu_bukti", "bukti_tidak_terbaca", "bukti_dipakai_ulang"})
"""Refusals of the desk to close a case whose proof is missing or not new."""
RUDE = frozenset({"abuse", "hate", "threat", "sexual"})
PERSONAL = "personal_data"

Missed = Mapping[str, str] | None
"""What fills the sentence for who broke the rule; None when it was kept."""
Check = Callable[[Work, Judge], Missed]


class NotAskedError(Exception):
    """The rule has nothing to say about this case."""


def _asked(applies: object) -> None:
    if not applies:
        raise NotAskedError


def _in_time(work: Work, judge: Judge) -> Missed:
    """By the first word that moves the case, against the city's own deadline on the practice clock."""
    _asked(not work.script.expected.minutes)
    verifying = work.script.desk == judge.policies.agencies.coordinator
    name = "verify" if verifying else "first_response"
    days = judge.policies.sla.deadlines[name].days
    first = next(work.done(ANSWERS | SENT_ON), None)
    spent = work.after(first.at if first else work.until)
    limit = timedelta(minutes=days * judge.marking.workday)
    if spent <= limit:
        _asked(first)  # else there was time left when practice ended
        return None
    return {"menit": _minutes(spent), "batas": f"{limit.total_seconds() / 60:g}", "hari": str(days)}


def _right_agency(work: Work, judge: Judge) -> Missed:
    wanted = work.script.expected.agency
    _asked(wanted and not work.ticket.parent and any(work.done()))
    return None if _reached(work) else {"dinas": judge.policies.agencies.short(wanted)}


def _reached(work: Work) -> bool:
    """At the right agency, or given back with the right one named."""
    wanted = work.script.expected.agency
    named = [str(event.data.get("target", "")) for event in work.done(frozenset({"not_ours"}))]
    return serves(wanted, work.ticket.agency) or (bool(named) and serves(wanted, named[-1]))


def _missing_asked(work: Work, _judge: Judge) -> Missed:
    wanted = work.script.expected.ask
    _asked(wanted)
    words = " ".join(said(event) for event in work.done(frozenset({"ask_data", "reply"})))
    return None if any(word in words for word in wanted) else {"apa": f"“{wanted[0]}”"}


def _proof(work: Work, _judge: Judge) -> Missed:
    _asked(work.script.expected.outcome == "closed" and work.script.classification == "pengaduan")
    tried = [one for one in work.tries if one.code in WITHOUT_PROOF]
    _asked(tried or any(work.done(frozenset({"close"}))))
    return {"kali": str(len(tried))} if tried else None


def _duplicate(work: Work, _judge: Judge) -> Missed:
    _asked(work.script.expected.outcome == "merged")
    return None if _merged(work) else {"nomor": work.twin.number if work.twin else "-"}


def _merged(work: Work) -> bool:
    twin = work.twin
    return twin is not None and (work.ticket.parent == twin.number or twin.parent == work.ticket.number)


def _emergency(work: Work, _judge: Judge) -> Missed:
    wanted = work.script.expected
    _asked(wanted.escalate)
    first = next(work.done(frozenset(wanted.escalate)), None)
    spent = work.after(first.at if first else work.until)
    if spent <= timedelta(minutes=wanted.minutes):
        _asked(first)  # else there was time left when practice ended
        return None
    return {"menit": _minutes(spent), "batas": f"{wanted.minutes:g}"}


def _told(work: Work, _judge: Judge) -> Missed:
    wanted = work.script.expected.tell
    _asked(wanted)
    words = " ".join(said(event) for event in work.done(TOLD))
    missing = [word for word in wanted if word.lower() not in words]
    return {"apa": ", ".join(missing)} if missing else None


def _polite(work: Work, judge: Judge) -> Missed:
    _asked(_texts(work))
    found = [word for text in _texts(work) for word in _rude(text, judge)]
    return {"kata": ", ".join(dict.fromkeys(found))} if found else None


def _rude(text: str, judge: Judge) -> Iterator[str]:
    yield from words_in(text, judge.marking.impolite)
    for signal in judge.read(text).signals:
        if signal.kind in RUDE:
            yield from (text[span.start : span.end] for span in signal.spans)


def _private(work: Work, judge: Judge) -> Missed:
    _asked(_texts(work))
    found = [word for text in _texts(work) for word in _leaked(text, work.script, judge)]
    return {"kata": ", ".join(dict.fromkeys(found))} if found else None


def _leaked(text: str, script: Script, judge: Judge) -> Iterator[str]:
    yield from words_in(text, script.secrets)
    for signal in judge.read(text).signals:
        if signal.kind == PERSONAL:
            yield from (text[span.start : span.end] for span in signal.spans)


def _promise(work: Work, judge: Judge) -> Missed:
    _asked(_texts(work))
    found = [word for text in _texts(work) if not dated(text, judge.marking) for word in _vague(text, judge)]
    return {"kata": ", ".join(dict.fromkeys(found))} if found else None


def _vague(text: str, judge: Judge) -> Iterator[str]:
    return words_in(text, judge.marking.promises)


def _not_refused(work: Work, _judge: Judge) -> Missed:
    _asked(any(work.done()))
    refused = any(work.done(frozenset({"refuse", "propose_refusal", "moderate_refuse"})))
    return {} if refused else None


def _finished(work: Work, _judge: Judge) -> Missed:
    outcome = work.script.expected.outcome
    _asked(outcome == "merged" or not work.ticket.parent)
    reached = {
        "closed": work.ticket.status in CLOSED,
        "passed_on": any(work.done(SENT_ON)),
        "merged": _merged(work),
        "answered": any(work.done(frozenset({"reply"}))),
    }
    return None if reached[outcome] else {}


CHECKS: Mapping[str, Check] = {
    "in_time": _in_time,
    "right_agency": _right_agency,
    "missing_asked": _missing_asked,
    "proof": _proof,
    "duplicate": _duplicate,
    "emergency": _emergency,
    "numbers_told": _told,
    "polite": _polite,
    "private": _private,
    "promise": _promise,
    "not_refused": _not_refused,
    "finished": _finished,
}


def _texts(work: Work) -> list[str]:
    """What the citizen read of the trainee's words."""
    return [text for event in work.done(TOLD) for text in (event.text or event.reason,) if text]


def words_in(text: str, words: Sequence[str]) -> Iterator[str]:
    """Those of the words that stand in a text as words."""
    low = text.lower()
    return (word for word in words if re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", low))


def dated(text: str, marking: Marking) -> bool:
    """Whether a text says when: a day by name, a date, or a number of hours or days."""
    if any(words_in(text, marking.dates)):
        return True
    units = "|".join(map(re.escape, marking.units))
    pattern = rf"\b\d{{1,2}}[./-]\d{{1,2}}\b|\b(?:\d{{1,2}}|se)\s?(?:{units})\b"
    return re.search(pattern, text.lower()) is not None


def _minutes(span: timedelta) -> str:
    return str(ceil(span.total_seconds() / 60))
