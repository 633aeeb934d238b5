"""Columns with personal data: sealed on the way in, unsealed on the way out.

Kept as text on every database: keys and indexes stay what they are, no table has to be built anew, and a
sealed value is told from a plain one at sight.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from sqlalchemy import JSON, Column, ColumnElement, Dialect, String, type_coerce
from sqlalchemy.types import TypeDecorator

from storage.rows.base import Document
from storage.seals import UnknownKeyError, UnsealError, ring

Clear = Callable[[Any], dict[str, Any]]
INNER = "~"
"""The member with the sealed document, where other members stand beside it in clear."""


def dumps(value: Any) -> bytes:
    """JSON the way it is kept: frozen shapes as they are, sets as lists."""
    return orjson.dumps(value, default=list)


class SealedText(TypeDecorator[str]):
    """A text that nobody looks up; an empty one stays empty. `column` is what it is bound to."""

    impl = String
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column
        self._bound = column.encode()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 the signature is SQLAlchemy's
        """Seal it."""
        return ring().seal(self._bound, value.encode()) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 the signature is SQLAlchemy's
        """Unseal it."""
        return ring().unseal(self._bound, value).decode() if value else value


class SealedKey(TypeDecorator[str]):
    """A text that is looked up by equality: the same text is the same in every column of its domain."""

    impl = String
    cache_ok = True

    def __init__(self, domain: str) -> None:
        super().__init__()
        self.domain = domain
        self._bound = domain.encode()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 the signature is SQLAlchemy's
        """Seal it."""
        return ring().token(self._bound, value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 the signature is SQLAlchemy's
        """Unseal it."""
        return ring().untoken(self._bound, value) if value else value


class _Shut(TypeDecorator.Comparator[Any]):
    """What a query may ask of a sealed document: not to look into it."""

    def __getitem__(self, index: Any) -> Any:
        raise TypeError("a sealed document cannot be looked into by a query: use in_clear, or read it")


class SealedDocument(TypeDecorator[Any]):
    """A JSON document; `clear` names the few members of it that queries look at and that tell of nobody."""

    impl = JSON
    cache_ok = True
    comparator_factory = _Shut

    def __init__(self, column: str, clear: Clear | None = None) -> None:
        super().__init__(none_as_null=True)
        self.column = column
        self.clear = clear
        self._bound = column.encode()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 the signature is SQLAlchemy's
        """Seal it; what is clear stands beside it."""
        if value is None:
            return None
        sealed = ring().seal(self._bound, dumps(value))
        return sealed if self.clear is None else {INNER: sealed, **self.clear(value)}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 the signature is SQLAlchemy's
        """Unseal it, and see that what stands in clear beside it is what was written there."""
        if value is None:
            return None
        if self.clear is None:
            return orjson.loads(ring().unseal(self._bound, value))
        return self._beside(value, self.clear)

    def _beside(self, value: Any, of: Clear) -> Any:
        if not isinstance(value, dict) or INNER not in value:
            raise UnsealError(f"{self.column}: a value that has to be sealed is not")
        found = orjson.loads(ring().unseal(self._bound, value[INNER]))
        told = {name: one for name, one in value.items() if name != INNER}
        if told != of(found):
            raise UnsealError(f"{self.column}: a value was altered")
        return found


def as_kept(column: Column[Any]) -> ColumnElement[Any]:
    """A sealed column as it lies in the database."""
    return type_coerce(column, column.type.impl)  # type: ignore[attr-defined]  # every sealed type has one


def readable(column: Column[Any], kept: Any) -> Any:
    """What a sealed column holds; None where that was altered."""
    try:
        return column.type.process_result_value(kept, None)  # type: ignore[attr-defined]  # every sealed type has it
    except (UnsealError, UnknownKeyError):
        return None


def in_clear(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What queries may look at of a sealed document."""
    return type_coerce(column, Document)


def member(value: Any, name: str) -> Any:
    """A member of a shape, or of the document it was written as; None when there is none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
