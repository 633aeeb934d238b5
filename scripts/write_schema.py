"""Write down what all migrations together make of a new file, so that a first start need not go through them.

python scripts/write_schema.py
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command

from storage.migrations import BETWEEN, WHOLE, alembic_config, newest_schema

MADE = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid"


def whole_schema() -> str:
    """The text of the file: the newest migration's number, then every statement in the order of making."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "new.db"
        command.upgrade(alembic_config(f"sqlite:///{file}"), "head")
        with closing(sqlite3.connect(file)) as connection:
            made = [" ".join(sql.split()) for (sql,) in connection.execute(MADE)]
    number = newest_schema()
    noted = f"INSERT INTO alembic_version VALUES ('{number}')"  # noqa: S608 our own number
    return f"-- {number}\n" + BETWEEN.join([*made, f"{noted}\n"])


if __name__ == "__main__":
    WHOLE.write_text(whole_schema(), encoding="utf-8")
