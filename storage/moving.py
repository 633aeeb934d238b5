"""Moving everything from a SQLite file into an empty PostgreSQL, row by row, and making sure of every one.

How far it came stands in the target, written with the rows themselves: after a kill it goes on there.
While that table stands nothing else starts on the target (`storage.doors.server`).
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    MetaData,
    RowMapping,
    String,
    Table,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.doors.alone import serving_alone
from storage.doors.lines import reached
from storage.doors.postgresql import engine_for
from storage.doors.prepared import dumps
from storage.doors.sqlite import writing_engine
from storage.migrations import newest_schema
from storage.rows import metadata
from storage.rows.sealed import SealedDocument, SealedKey, SealedText

BATCH = 500
SHOWN = 3
"""How many rows that differ are named."""
MODULUS = 2**256
MARK = Table(
    "kentongan_move",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("after", JSON),
    Column("done", Boolean, nullable=False),
)


def _as_kept(table: Table) -> Table:
    """A table whose sealed columns are moved as they lie there: no key is needed, nothing sealed anew."""
    columns = [Column(one.name, _kind(one.type), primary_key=one.primary_key) for one in table.columns]
    return Table(table.name, MetaData(), *columns)


def _kind(kind: Any) -> Any:
    return kind.impl if isinstance(kind, SealedText | SealedKey | SealedDocument) else kind


TABLES = tuple(map(_as_kept, metadata.sorted_tables))
"""In an order in which each stands after those it points to."""


class MoveRefusedError(Exception):
    """It cannot be moved like that; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Count:
    """The rows of a table: how many, and a sum that no changed, missing or doubled row leaves the same."""

    table: str
    rows: int
    digest: str


Told = Callable[[Count], None]


async def move(source_url: str, target_url: str, told: Told) -> tuple[Count, ...]:
    """Move everything; `told` hears of each table once its rows were compared. The source stays as it is.

    The target's schema must be the newest. Nobody can write into the source meanwhile.

    Raises:
        MoveRefusedError: the source is not there or of an older schema, or the target holds anything but a
            move begun from it, or does not hold afterwards what the source does.
        storage.doors.database.InUseError: somebody serves from the source.
    """
    async with _both(source_url, target_url) as (source, target):
        async with reached(), target.begin() as connection:
            await connection.run_sync(_begin, source_url)
        for table in TABLES:
            await _copy(source, target, table)
        async with reached(), target.begin() as connection:
            found = await connection.run_sync(lambda c: _compared_all(source, c, told))
            await connection.run_sync(_count_on)
            await connection.run_sync(MARK.drop)
        return found


async def compare(source_url: str, target_url: str, told: Told) -> tuple[Count, ...]:
    """Compare every row of a target with the source it was moved from, before it is used; changes neither.

    Raises:
        MoveRefusedError: they differ, or the source is not there or of another schema.
        storage.doors.database.InUseError: somebody serves from the source.
    """
    async with _both(source_url, target_url) as (source, target), reached(), target.begin() as connection:
        return await connection.run_sync(lambda c: _compared_all(source, c, told))


@asynccontextmanager
async def _both(source_url: str, target_url: str) -> AsyncIterator[tuple[Connection, AsyncEngine]]:
    """The source, held so that nobody writes into it, and the target."""
    _check_there(source_url)
    with serving_alone(source_url):
        source_engine, target = writing_engine(source_url), engine_for(target_url, size=1)
        try:
            with source_engine.begin() as source:
                _check_source(source)
                yield source, target
        finally:
            source_engine.dispose()
            await target.dispose()


def _check_there(source_url: str) -> None:
    """A misspelt name would make an empty file."""
    file = make_url(source_url).database or ""
    if not Path(file).is_file():
        raise MoveRefusedError(f"there is no file {file}: name another with --from")


def _check_source(source: Connection) -> None:
    known = inspect(source).has_table("alembic_version")
    found = source.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else "none"
    if found != newest_schema():
        raise MoveRefusedError(
            f"the source is of schema {found}, this program works with {newest_schema()}: "
            "start this version on it once, then move"
        )


def _begin(target: Connection, source_url: str) -> None:
    """Take the target, or go on with the move that was begun from the same source."""
    if inspect(target).has_table(MARK.name):
        begun = target.execute(select(MARK.c.source).limit(1)).scalar()
        if begun != source_url:
            raise MoveRefusedError(f"the target holds half of a move from elsewhere: use --from {begun}")
        return
    full = [table.name for table in TABLES if target.execute(select(table).limit(1)).first()]
    if full:
        raise MoveRefusedError(f"the target is not empty: there are rows in {', '.join(full)}")
    MARK.create(target)
    rows = [{"name": table.name, "source": source_url, "done": False} for table in TABLES]
    target.execute(insert(MARK), rows)


async def _copy(source: Connection, target: AsyncEngine, table: Table) -> None:
    more = True
    while more:
        async with reached(), target.begin() as connection:
            more = await connection.run_sync(lambda c: _copy_some(source, c, table))


def _copy_some(source: Connection, target: Connection, table: Table) -> bool:
    """Copy the next rows and note how far it came; false when there are no more."""
    mine = MARK.c.name == table.name
    after, done = target.execute(select(MARK.c.after, MARK.c.done).where(mine)).one()
    if done:
        return False
    rows = source.execute(_next(table, after)).mappings().all()
    if rows:
        target.execute(insert(table), [dict(row) for row in rows])
    last = [rows[-1][column] for column in table.primary_key] if rows else after
    target.execute(update(MARK).where(mine).values(after=last, done=len(rows) < BATCH))
    return len(rows) == BATCH


def _next(table: Table, after: Sequence[Any] | None) -> Any:
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(BATCH)
    return query if after is None else query.where(tuple_(*keys) > tuple_(*after))


def _compared_all(source: Connection, target: Connection, told: Told) -> tuple[Count, ...]:
    found = []
    for table in TABLES:
        found.append(_compared(source, table, target))
        told(found[-1])
    return tuple(found)


def _compared(source: Connection, table: Table, target: Connection) -> Count:
    here, there = counted(source, table), counted(target, table)
    if here != there:
        named = _differing(source, target, table)
        raise MoveRefusedError(
            f"{table.name} differs: {here.rows} rows in the source, {there.rows} in the target; "
            f"not the same: {'; '.join(named[:SHOWN])} ({len(named)} in all). "
            "Was either used since the move began? Make the target's database anew and move again"
        )
    return there


def _differing(source: Connection, target: Connection, table: Table) -> list[str]:
    """The keys of rows that are on one side only, or not the same on both."""
    here, there = (dict(_digests(one, table)) for one in (source, target))
    keys = [key for key in here | there if here.get(key) != there.get(key)]
    names = [column.name for column in table.primary_key]
    return [", ".join(f"{name} {part}" for name, part in zip(names, key, strict=True)) for key in keys]


def counted(connection: Connection, table: Table) -> Count:
    """The rows of a table as they read, whatever database they are in."""
    total = rows = 0
    for _, line in _digests(connection, table):
        total, rows = (total + int.from_bytes(line)) % MODULUS, rows + 1
    return Count(table.name, rows, f"{total:064x}")


def _digests(connection: Connection, table: Table) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    """The key of each row, and a digest of all that stands in it."""
    for row in _all(connection, table):
        key = tuple(row[column] for column in table.primary_key)
        yield key, hashlib.sha256(dumps(list(row.values())).encode()).digest()


def _all(connection: Connection, table: Table) -> Iterator[RowMapping]:
    after: list[Any] | None = None
    while rows := connection.execute(_next(table, after)).mappings().all():
        yield from rows
        after = [rows[-1][column] for column in table.primary_key]


def _count_on(target: Connection) -> None:
    """Let counted keys go on after the highest that came."""
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        highest = target.execute(select(func.max(key))).scalar()
        if highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            target.execute(select(func.setval(sequence, highest)))
