"""What binds evidence: the index of pictures seen before, and each ticket's chain over its files."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Column, Connection, bindparam, insert, select, union_all, update

from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.reports.media import File
from storage.rows import evidence_links, media, prints
from storage.rows.sealed import as_kept, readable
from tickets.evidence.chain import FIRST, Entry, Link, bind, first_break
from tickets.evidence.prints import BANDS, Print, from_bands, probes
from tickets.evidence.sightings import Likeness, Sighting, likeness

OPERATOR = "operator"
BAND_COLUMNS = (prints.c.band0, prints.c.band1, prints.c.band2, prints.c.band3)
MOST_SIGHTINGS = 20
MOST_NEAR = 500
"""Prints whose finer half is looked at; far more than are ever near."""
End = tuple[int, str]
"""The last link of a chain: its place, from 1, and its hash."""
SETTLE = Joint(
    update(media)
    .where(media.c.id == bindparam("one"), media.c.settled_at.is_(None))
    .values(settled_at=bindparam("at"), seen=bindparam("before")),
    known_by={"one": media.c.id},
    sure=True,
)
PRINT = Joint(insert(prints), ("media", "fine", "band0", "band1", "band2", "band3"))
LAST_LINK = Prepared(
    select(evidence_links.c.seq, evidence_links.c.hash)
    .where(evidence_links.c.number == bindparam("of"))
    .order_by(evidence_links.c.seq.desc())
    .limit(1)
)
BIND = Joint(
    upsert(evidence_links).on_conflict_do_nothing(index_elements=["number", "seq"]),
    ("number", "seq", "media", "at", "entry", "hash"),
    {"number": evidence_links.c.number, "seq": evidence_links.c.seq},
    sure=True,
)
_PRINTS = select(
    prints.c.media, media.c.number, media.c.channel, media.c.role, prints.c.fine, *BAND_COLUMNS
).join(media, media.c.id == prints.c.media)
TWINS = Prepared(
    _PRINTS.where(*(column == bindparam(column.name) for column in BAND_COLUMNS)).limit(MOST_SIGHTINGS)
)
SAID = {True: "operator", False: "citizen"}


class StaleChainError(Exception):
    """The file was bound, or its ticket's chain grew, since the chain's end was read."""


def _by(channel: str) -> str:
    return SAID[channel == OPERATOR]


def twins(connection: Connection, wanted: Print, same: Likeness, similar: Likeness) -> tuple[Sighting, ...]:
    """Earlier files with the very same coarse print, surest first; enough of them, not all there are."""
    bands = {column.name: piece for column, piece in zip(BAND_COLUMNS, wanted.bands, strict=True)}
    return _alike(TWINS.rows(connection, bands), wanted, (same, similar))


def nearest(connection: Connection, wanted: Print, same: Likeness, similar: Likeness) -> tuple[Sighting, ...]:
    """Earlier files with the same picture, surest first; every one within the given distances is found."""
    near = _near(connection, wanted, similar.coarse)
    if not near:
        return ()
    rows = connection.execute(_PRINTS.where(prints.c.id.in_(near)))
    return _alike(rows, wanted, (same, similar))


def _alike(
    rows: Iterable[Sequence[Any]], wanted: Print, distances: tuple[Likeness, Likeness]
) -> tuple[Sighting, ...]:
    found: dict[str, Sighting] = {}
    for name, number, channel, role, fine, *bands in rows:
        like = likeness(wanted, from_bands(bands, int(fine, 16)), *distances)
        if like is not None:
            found[name] = Sighting(number, name, _by(channel), role, like)
    return tuple(sorted(found.values(), key=lambda one: (one.like, one.media))[:MOST_SIGHTINGS])


def _near(connection: Connection, wanted: Print, most: int) -> list[int]:
    """The nearest of the prints within so many coarse bits, told from the indexes alone."""
    flips, distances = most // BANDS, dict[int, int]()
    values = {
        _probe(column, place): probe
        for column, piece in zip(BAND_COLUMNS, wanted.bands, strict=True)
        for place, probe in enumerate(probes(piece, flips))
    }
    one, two, three, four = wanted.bands
    for row, a, b, c, d in _around(flips).rows(connection, values):
        bits = (
            (a ^ one).bit_count() + (b ^ two).bit_count() + (c ^ three).bit_count() + (d ^ four).bit_count()
        )
        if bits <= most:
            distances[row] = bits
    return sorted(distances, key=distances.__getitem__)[:MOST_NEAR]


@cache
def _around(flips: int) -> Prepared:
    """Prints of which one band differs in at most so many bits."""
    places = range(sum(1 for _ in probes(0, flips)))
    looks = [
        select(prints.c.id, *BAND_COLUMNS).where(
            column.in_([bindparam(_probe(column, place)) for place in places])
        )
        for column in BAND_COLUMNS
    ]
    return Prepared(union_all(*looks))


def _probe(column: Column[Any], place: int) -> str:
    return f"{column.name}_{place}"


def same_bytes(connection: Connection, sha256: str) -> tuple[Sighting, ...]:
    """Earlier files of tickets with the very same bytes."""
    query = (
        select(media.c.id, media.c.number, media.c.channel, media.c.role)
        .where(media.c.sha256 == sha256, media.c.settled_at.is_not(None))
        .limit(MOST_SIGHTINGS)
    )
    rows = connection.execute(query)
    return tuple(Sighting(number, one, _by(channel), role) for one, number, channel, role in rows)


def chain_end(connection: Connection, number: str) -> End:
    """Where the chain over a ticket's files ends now."""
    seq, bound = LAST_LINK.first(connection, {"of": number}) or (0, FIRST)
    return seq, bound


def settle(
    connection: Connection, file: File, seen: Iterable[Sighting], now: datetime, end: End | None = None
) -> None:
    """Bind a file into its ticket's chain and put its picture into the index.

    `end` is where the chain ended when it was looked at, which may have been before the transaction.

    Raises:
        StaleChainError: the file was bound before, or another was bound meanwhile; at the latest when the
            transaction ends.
    """
    end = end or chain_end(connection, file.number)
    told = partial(_was_ours, file.id)
    SETTLE.soon(connection, {"one": file.id, "at": now, "before": tuple(seen) or None}, told)
    BIND.soon(connection, _link(file, now, end), told)
    if file.print is not None and file.state == "kept":
        bands = {f"band{place}": piece for place, piece in enumerate(file.print.bands)}
        PRINT.soon(connection, {"media": file.id, "fine": f"{file.print.fine:064x}", **bands})


def _was_ours(name: str, touched: bool) -> None:  # noqa: FBT001 it is told so
    if not touched:
        raise StaleChainError(name)


def _link(file: File, now: datetime, end: End) -> dict[str, Any]:
    seq, previous = end
    at = now.astimezone(UTC).isoformat()
    refused = file.error if file.state == "refused" else ""
    entry = asdict(
        Entry(file.number, file.id, _by(file.channel), file.role, file.sha256, file.size, at, refused)
    )
    row = {"number": file.number, "seq": seq + 1, "media": file.id, "at": now, "entry": entry}
    return row | {"hash": bind(previous, entry)}


def links_of(connection: Connection, number: str) -> tuple[Link, ...]:
    """A ticket's chain over its files, from the first; an entry that was altered is empty."""
    rows = connection.execute(
        select(evidence_links.c.seq, as_kept(evidence_links.c.entry), evidence_links.c.hash)
        .where(evidence_links.c.number == number)
        .order_by(evidence_links.c.seq)
    )
    entry = evidence_links.c.entry
    return tuple(Link(seq, readable(entry, kept) or {}, bound) for seq, kept, bound in rows)


def broken_link(connection: Connection, number: str) -> int | None:
    """The place (from 1) where a ticket's evidence was tampered with; None when its chain is whole.

    A file that was settled and is not in the chain, or no longer has the hash it had there, counts as well.
    """
    links = links_of(connection, number)
    broken = first_break(links)
    if broken is not None:
        return broken
    rows = connection.execute(
        select(media.c.id, as_kept(media.c.sha256)).where(
            media.c.number == number, media.c.settled_at.is_not(None)
        )
    )
    now = {row: readable(media.c.sha256, kept) for row, kept in rows}
    differing = [link.seq for link in links if now.pop(link.entry["media"], None) != link.entry["sha256"]]
    return min([*differing, *([len(links) + 1] if now else [])], default=None)
