"""Which bundle is live and how it came to be; drafts of the next one, each change with its author."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, insert, select, update

from storage.rows import bundles, draft_changes, drafts, publications

PublicationKind = Literal["delivered", "publish", "rollback", "offered"]
"""Came with the program; by an admin; back to an earlier one; came with the program and was not made live."""
DraftState = Literal["open", "published", "discarded"]


@dataclass(frozen=True, slots=True)
class Publication:
    """One entry of the history; `impact` are the numbers of talks by their fate."""

    hash: str
    kind: str
    author: str
    at: datetime
    note: str = ""
    impact: Mapping[str, int] | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialog being changed, and the live bundle it began from; `version` guards against two writers."""

    id: str
    author: str
    base: str
    sources: Mapping[str, str]
    version: int
    changed_by: str
    changed_at: datetime
    trial: Any = None


@dataclass(frozen=True, slots=True)
class DraftChange:
    """One change of a draft: by whom, when, what, and the content that came of it."""

    draft: str
    author: str
    at: datetime
    what: str
    hash: str


class StaleDraftError(Exception):
    """The draft was changed by somebody since it was read."""


def record(connection: Connection, publication: Publication) -> int:
    """Write an entry of the history; its id. The bundle has to be kept before."""
    row = {
        "hash": publication.hash,
        "kind": publication.kind,
        "author": publication.author,
        "at": publication.at,
        "note": publication.note,
        "impact": dict(publication.impact) if publication.impact else None,
    }
    written = connection.execute(insert(publications).returning(publications.c.id), row)
    return int(written.scalar_one())


def newest(connection: Connection) -> int:
    """The id of the last entry of the history; 0 when there is none."""
    return int(connection.execute(select(func.max(publications.c.id))).scalar() or 0)


def live(connection: Connection) -> Publication | None:
    """The entry that made the live bundle live."""
    found = _entries().where(publications.c.kind != "offered").limit(1)
    row = connection.execute(found).first()
    return None if row is None else _publication(row)


def history(connection: Connection, most: int) -> tuple[Publication, ...]:
    """The last entries, newest first."""
    return tuple(map(_publication, connection.execute(_entries().limit(most))))


def since(connection: Connection, bundle_hash: str) -> tuple[Publication, ...]:
    """What was published after this bundle was live last, newest first."""
    last = select(func.max(publications.c.id)).where(publications.c.hash == bundle_hash).scalar_subquery()
    found = _entries().where(publications.c.kind != "offered", publications.c.id > func.coalesce(last, 0))
    return tuple(map(_publication, connection.execute(found)))


def hashes_beginning(connection: Connection, prefix: str) -> tuple[str, ...]:
    """The kept bundles whose hash begins so."""
    found = select(bundles.c.hash).where(bundles.c.hash.startswith(prefix, autoescape=True))
    return tuple(connection.execute(found).scalars())


def open_draft(connection: Connection, author: str) -> Draft | None:
    """The draft somebody is working on."""
    found = _drafts().where(drafts.c.author == author, drafts.c.state == "open")
    row = connection.execute(found.order_by(drafts.c.changed_at.desc())).first()
    return None if row is None else Draft(*row)


def others_at_work(connection: Connection, author: str) -> tuple[Draft, ...]:
    """The open drafts of everybody else."""
    return tuple(
        Draft(*row)
        for row in connection.execute(_drafts().where(drafts.c.author != author, drafts.c.state == "open"))
    )


def begin_draft(connection: Connection, draft: Draft) -> None:
    """Keep a new draft."""
    row = {name: getattr(draft, name) for name in Draft.__slots__} | {"sources": dict(draft.sources)}
    connection.execute(insert(drafts), row | {"state": "open"})


def save_draft(connection: Connection, draft: Draft, state: DraftState = "open") -> None:
    """Write a draft back, one version on.

    Raises:
        StaleDraftError: it changed since it was read.
    """
    changed = (
        update(drafts)
        .where(drafts.c.id == draft.id, drafts.c.version == draft.version, drafts.c.state == "open")
        .values(
            base=draft.base,
            sources=dict(draft.sources),
            trial=draft.trial,
            state=state,
            version=draft.version + 1,
            changed_by=draft.changed_by,
            changed_at=draft.changed_at,
        )
    )
    if connection.execute(changed).rowcount != 1:
        raise StaleDraftError(draft.id)


def note_changes(connection: Connection, changes: Iterable[DraftChange]) -> None:
    """Write down what was changed in a draft."""
    rows = [{name: getattr(one, name) for name in DraftChange.__slots__} for one in changes]
    connection.execute(insert(draft_changes), rows)


def changes_of(connection: Connection, draft: str) -> tuple[DraftChange, ...]:
    """What was changed in a draft, oldest first."""
    columns = [draft_changes.c[name] for name in DraftChange.__slots__]
    found = select(*columns).where(draft_changes.c.draft == draft).order_by(draft_changes.c.id)
    return tuple(DraftChange(*row) for row in connection.execute(found))


def _entries() -> Select[Any]:
    return select(publications).order_by(publications.c.id.desc())


def _publication(row: Any) -> Publication:
    return Publication(row.hash, row.kind, row.author, row.at, row.note, row.impact, row.id)


def _drafts() -> Select[Any]:
    return select(*(drafts.c[name] for name in Draft.__slots__))
