"""What counts as evidence, what is passed on of it, and when a photo counts as used before."""

from dataclasses import dataclass

from tickets.evidence.findings import Limits
from tickets.evidence.kinds import KINDS
from tickets.evidence.sightings import Likeness
from tickets.policies.reader import Node

MEGA = 1024 * 1024
MOST_COARSE = 11
"""Differences of the coarse print up to which the index surely finds a picture."""
FINE_BITS = 256
BEST_QUALITY = 95
ANSWERS = ("refuse", "warn")


@dataclass(frozen=True, slots=True)
class Told:
    """From when on a fact is worth a line on the card: hours, metres, and names that programs go by."""

    taken_hours: int
    near_metres: float
    far_metres: float
    editors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """Everything a city decides about files.

    `seconds` and `memory` (bytes) bound one examination; `reused_same` and `reused_similar` say what follows
    when an officer's proof was used before: refuse or warn.
    """

    limits: Limits
    seconds: int
    memory: int
    unclaimed_days: int
    same: Likeness
    similar: Likeness
    reused_same: str
    reused_similar: str
    told: Told


def read_evidence(node: Node) -> EvidencePolicy:
    """The rules of `evidence.yml`."""
    node.known("accepted", "limits", "copy", "same", "similar", "reused_proof", "told")
    limits, reused = node.at("limits"), node.at("reused_proof")
    limits.known(
        *("megabytes", "megapixels", "unpacked_megabytes", "seconds", "memory_megabytes", "unclaimed_days")
    )
    reused.known("same", "similar")
    return EvidencePolicy(
        limits=_limits(node, limits),
        seconds=limits.count("seconds", least=1),
        memory=limits.count("memory_megabytes", least=256) * MEGA,
        unclaimed_days=limits.count("unclaimed_days", least=1),
        same=_likeness(node, "same"),
        similar=_likeness(node, "similar"),
        reused_same=reused.choice("same", ANSWERS),
        reused_similar=reused.choice("similar", ANSWERS),
        told=_told(node.at("told")),
    )


def _limits(node: Node, limits: Node) -> Limits:
    copy = node.at("copy")
    copy.known("longest_side", "quality")
    quality = copy.count("quality", least=1)
    if quality > BEST_QUALITY:
        copy.fault(f"JPEG's quality ends at {BEST_QUALITY}.", "Write for example quality: 88.", "quality")
    if not node.texts("accepted"):
        node.fault("No kind of file is accepted.", "List for example jpeg and png.", "accepted")
    return Limits(
        accepted=frozenset(node.choices("accepted", KINDS)),
        size=limits.count("megabytes", least=1) * MEGA,
        pixels=limits.count("megapixels", least=1) * 1_000_000,
        unpacked=limits.count("unpacked_megabytes", least=1) * MEGA,
        longest_side=copy.count("longest_side", least=320),
        quality=quality,
    )


def _likeness(node: Node, key: str) -> Likeness:
    entry = node.at(key)
    entry.known("coarse", "fine")
    found = Likeness(entry.count("coarse"), entry.count("fine"))
    if found.coarse > MOST_COARSE:
        entry.fault(
            f"Beyond {MOST_COARSE} the index would miss pictures.", f"Write at most {MOST_COARSE}.", "coarse"
        )
    if found.fine >= FINE_BITS // 2:
        entry.fault("So far apart, every picture is like every other.", "Write for example fine: 60.", "fine")
    return found


def _told(node: Node) -> Told:
    node.known("taken_hours", "near_metres", "far_metres", "editors")
    told = Told(
        taken_hours=node.count("taken_hours", least=1),
        near_metres=node.number("near_metres"),
        far_metres=node.number("far_metres"),
        editors=tuple(name.casefold() for name in node.texts("editors")),
    )
    if told.far_metres < told.near_metres:
        node.fault("Far begins before near ends.", "Make far_metres the larger one.", "far_metres")
    return told
