"""`INSERT … ON CONFLICT` for both databases.

PostgreSQL's construct of SQLAlchemy is used for SQLite as well: both write the clause alike, and SQLite's own
construct is the one that the other's compiler does not read.
"""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert

__all__ = ["insert", "replacing"]


def replacing(table: Table) -> Insert:
    """An insert that overwrites the row standing under the same key."""
    new = insert(table)
    keys = [column.name for column in table.primary_key]
    rest: dict[str, Any] = {name: column for name, column in new.excluded.items() if name not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=rest)
