from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


OFFSET = "+00:00"
"""How UTC is written out, where SQLite keeps a time without it."""


class Moment(TypeDecorator[datetime]):
    """A point in time: goes in timezone-aware, comes out in UTC.

    Raises:
        ValueError: a naive datetime was given.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Refuse naive times; SQLite keeps UTC as a text without an offset."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002 the signature is SQLAlchemy's
        """Give every time back in UTC."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("a time without a timezone cannot be kept")
    return value and value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    utc = _in_utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds").removesuffix(OFFSET)


def _from_text(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept + OFFSET) if kept else None


def row_id() -> Any:
    """The type of a counted key: 64 bits everywhere, yet SQLite's own row number."""
    return BigInteger().with_variant(Integer, "sqlite")


Document: Any = JSON(none_as_null=True)
