"""Whole tables sealed, sealed anew with another key, and looked through for what was altered.

Row by row and a page at a time: each page is a transaction of its own, and what is done is left alone the
next time, so that a stop in between costs nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, insert, select, tuple_, union, update

from storage.rows import media, metadata, seals
from storage.rows.sealed import INNER, SealedDocument, SealedKey, SealedText
from storage.seals import Ring, UnknownKeyError, UnsealError, is_sealed, key_of, ring

PAGE = 500
LOOK_UP = "look-up"
SealedType = SealedText | SealedKey | SealedDocument
Place = tuple[Any, ...]
"""The key of the last row of a page."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The id of the key that equal values are found under, and the one a rotation is under way to."""

    key: str
    turning_to: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with the columns that are sealed; `rows` is the table as it lies in the database, unopened."""

    name: str
    rows: Table
    columns: dict[str, SealedType]


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that cannot be unsealed: where it stands, and why."""

    table: str
    row: str
    column: str
    why: str


@dataclass(slots=True)
class Survey:
    """How many values are sealed with which key, and those that cannot be read."""

    keys: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def standing(connection: Connection) -> Standing | None:
    """How the data is sealed; None when it never was."""
    row = connection.execute(select(seals.c.key, seals.c.turning_to)).first()
    return None if row is None else Standing(*row)


def note_sealed(connection: Connection, key: str) -> None:
    """Write down that everything is sealed, and with which key equal values are found."""
    if connection.execute(update(seals).values(key=key, turning_to="")).rowcount == 0:
        connection.execute(insert(seals), {"purpose": LOOK_UP, "key": key})


def note_turning(connection: Connection, key: str) -> None:
    """Write down that everything is being sealed with another key."""
    connection.execute(update(seals).values(turning_to=key))


def sealed_tables() -> Iterator[Sealed]:
    """Every table that has sealed columns."""
    for table in metadata.sorted_tables:
        columns = {column.name: column.type for column in table.columns if _seals(column)}
        if columns:
            yield Sealed(table.name, _unopened(table), columns)  # type: ignore[arg-type]  # told apart by _seals


def renew(connection: Connection, table: Sealed, after: Place | None) -> tuple[int, Place | None]:
    """Seal the next page of a table with the key in use where it is not; how many rows, and where to go on.

    Raises:
        UnsealError, UnknownKeyError: a value cannot be read; nothing of the page is changed.
    """
    rows = _page(connection, table, after)
    changed = [values for row in rows if (values := _renewed(table, row)) is not None]
    if changed:
        connection.execute(_writing(table), changed)
    return len(changed), _end(table, rows)


def survey(connection: Connection, table: Sealed, after: Place | None, found: Survey) -> Place | None:
    """Try to unseal every value of the next page of a table; where to go on."""
    rows = _page(connection, table, after)
    for row in rows:
        for name, kind in table.columns.items():
            if row[name] not in (None, ""):
                _try(table, row, (name, kind), found)
    return _end(table, rows)


def digests(connection: Connection) -> tuple[str, ...]:
    """The SHA-256 of every file that is kept."""
    named = union(
        select(media.c.sha256).where(media.c.sha256.is_not(None)),
        select(media.c.copy_sha256).where(media.c.copy_sha256.is_not(None)),
    )
    return tuple(connection.execute(named).scalars())


def _seals(column: Column[Any]) -> bool:
    return isinstance(column.type, SealedText | SealedKey | SealedDocument)


def _unopened(table: Table) -> Table:
    def kind(column: Column[Any]) -> Any:
        return column.type.impl if _seals(column) else column.type  # type: ignore[attr-defined]

    columns = (Column(one.name, kind(one), primary_key=one.primary_key) for one in table.columns)
    return Table(table.name, MetaData(), *columns)


def _page(connection: Connection, table: Sealed, after: Place | None) -> list[Any]:
    keys = list(table.rows.primary_key)
    columns = [*keys, *(table.rows.c[name] for name in table.columns if table.rows.c[name] not in keys)]
    query = select(*columns).order_by(*keys).limit(PAGE)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    return list(connection.execute(query).mappings())


def _end(table: Sealed, rows: list[Any]) -> Place | None:
    if len(rows) < PAGE:
        return None
    return tuple(rows[-1][key.name] for key in table.rows.primary_key)


def _renewed(table: Sealed, row: Any) -> dict[str, Any] | None:
    """What to write in place of a row; None when it is sealed as it should be."""
    new = {name: _anew(kind, row[name]) for name, kind in table.columns.items()}
    if all(value == row[name] for name, value in new.items()):
        return None
    keys = {f"at_{key.name}": row[key.name] for key in table.rows.primary_key}
    return keys | {f"new_{name}": value for name, value in new.items()}


def _anew(kind: SealedType, value: Any) -> Any:
    if value in (None, ""):
        return value
    sealed = sealed_part(kind, value)
    if sealed is None:
        return kind.process_bind_param(value, None)  # type: ignore[arg-type]  # the dialect is not looked at
    if key_of(sealed) == _wanted(kind, ring()):
        return value
    return kind.process_bind_param(kind.process_result_value(value, None), None)  # type: ignore[arg-type]  # likewise


def _wanted(kind: SealedType, keys: Ring) -> str:
    return keys.finder.id if isinstance(kind, SealedKey) else keys.newest.id


def sealed_part(kind: SealedType, value: Any) -> str | None:
    """The sealed value in what stands in a column; None when it lies there in plain."""
    inner = value.get(INNER) if isinstance(kind, SealedDocument) and isinstance(value, dict) else value
    return inner if is_sealed(inner) else None


def _writing(table: Sealed) -> Any:
    keys = [key == bindparam(f"at_{key.name}") for key in table.rows.primary_key]
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in table.columns}
    return update(table.rows).where(*keys).values(new)


def _try(table: Sealed, row: Any, column: tuple[str, SealedType], found: Survey) -> None:
    name, kind = column
    sealed = sealed_part(kind, row[name])
    try:
        kind.process_result_value(row[name], None)  # type: ignore[arg-type]  # the dialect is not looked at
        found.keys[key_of(sealed or "")] += 1
    except (UnsealError, UnknownKeyError) as error:
        place = "/".join(str(row[key.name])[:60] for key in table.rows.primary_key)
        found.faults.append(Fault(table.name, place, name, str(error)))
