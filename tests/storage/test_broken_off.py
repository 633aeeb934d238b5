"""An upgrade that is broken off leaves the database as it was, and the next start does it whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, event, text

from storage.migrations import alembic_config, newest_schema, upgrade

SCHEMA = text("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
OLDER = "0017"


class BrokenOffError(Exception):
    """The process ended here."""


@contextmanager
def broken_off(after: int) -> Iterator[None]:
    """No more than so many statements are carried out."""
    left = [after]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise BrokenOffError

    event.listen(Engine, "before_cursor_execute", count)
    try:
        with pytest.raises(BrokenOffError):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def schema(url: str) -> list[str]:
    """Every table and index; batch changes quote names anew, so quotes do not count."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [row.sql.replace('"', "") for row in connection.execute(SCHEMA)]
    engine.dispose()
    return found


def url_in(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}.db"


@pytest.mark.parametrize("after", [1, 5, 20, 60, 90])
def test_a_first_start_broken_off_anywhere_is_done_by_the_next(tmp_path: Path, after: int):
    url, whole = url_in(tmp_path, "broken"), url_in(tmp_path, "whole")
    with broken_off(after):
        upgrade(url)
    assert schema(url) == []
    upgrade(url)
    upgrade(whole)
    assert schema(url) == schema(whole)


@pytest.mark.parametrize("after", [3, 8, 16, 24])
def test_an_older_database_is_as_it_was_until_its_upgrade_is_whole(tmp_path: Path, after: int):
    url = url_in(tmp_path, "older")
    command.upgrade(alembic_config(url), OLDER)
    before = schema(url)
    with broken_off(after):
        upgrade(url)
    assert schema(url) == before
    upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest_schema()
    engine.dispose()
