"""The program as its next version might be: the same, with one more migration, which only adds."""

import shutil
from pathlib import Path

from storage.migrations import newest_schema

ROOT = Path(__file__).parents[1]
NEXT = f"{int(newest_schema()) + 1:04d}"
MIGRATION = '''"""Something more about what is sent, and a table that only the next version knows."""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("wishes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("what", sa.String()))
    for name in ("inbox", "outbox", "conversations", "contacts", "tickets"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("wish", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("outbox") as table:
        table.alter_column("turn", existing_type=sa.String(), type_=sa.Text())
        table.create_index("ix_outbox_wish", ["wish"])
'''
"""A wider type changes what a prepared look gives back: the server refuses it then on open connections."""


def write_migration(folder: Path) -> Path:
    """The migration, in a folder."""
    path = folder / f"{NEXT}_wishes.py"
    path.write_text(MIGRATION.format(next=NEXT, newest=newest_schema()))
    return path


def program(folder: Path) -> Path:
    """A folder to start it in: `python -m bot` finds the rooms there, and the migration among the others."""
    folder.mkdir()
    for room in ("bot", "dialogs", "nlu", "nlu_data", "tickets"):
        (folder / room).symlink_to(ROOT / room)
    shutil.copytree(ROOT / "storage", folder / "storage", ignore=shutil.ignore_patterns("__pycache__"))
    write_migration(folder / "storage/migrations/versions")
    return folder
