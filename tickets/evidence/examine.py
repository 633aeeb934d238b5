"""Examining a file: what it is, what it says of itself, whether it is whole and harmless. Pure, and slow."""

from tickets.evidence.clips import examine_clip
from tickets.evidence.findings import (
    ACTIVE,
    BROKEN,
    TOO_LARGE,
    UNKNOWN,
    Examination,
    Facts,
    Limits,
    Refused,
)
from tickets.evidence.hidden import hides_another
from tickets.evidence.kinds import Kind, kind_of
from tickets.evidence.papers import examine_paper
from tickets.evidence.pictures import examine_picture


def examine(content: bytes, limits: Limits) -> Examination:
    """What is found in a file; it never raises, whatever the bytes.

    Nothing of the file is executed; it is decoded by the one decoder of its kind. Where the bytes come from
    strangers, call it in a process of its own: a decoder may be made to crash.
    """
    kind = kind_of(content)
    try:
        return _examined(content, kind, limits)
    except Refused as refusal:
        facts = Facts(kind.name, kind.mime) if kind else Facts()
        return Examination(facts, refused=refusal.code)


def _examined(content: bytes, kind: Kind | None, limits: Limits) -> Examination:
    if len(content) > limits.size:
        raise Refused(TOO_LARGE)
    if not content:
        raise Refused(BROKEN)
    if kind is None or kind.name not in limits.accepted:
        raise Refused(UNKNOWN)
    if hides_another(content, kind):
        raise Refused(ACTIVE)
    if kind.family == "photo":
        return examine_picture(content, kind, limits)
    return examine_paper(content, kind, limits) if kind.family == "document" else examine_clip(content, kind)
