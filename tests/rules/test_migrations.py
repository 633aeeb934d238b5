"""Migrations only add, so that the version before goes on working beside the new one (docs/operations.md)."""

import ast
import re
from pathlib import Path

import pytest

from storage.migrations import HERE

TAKING = {"drop_table", "drop_column", "drop_constraint", "rename_table", "create_unique_constraint"}
TAKING |= {"create_check_constraint", "create_foreign_key", "create_primary_key"}
TAKEN_IN_WORDS = re.compile(r"\b(DROP|RENAME|TRUNCATE|DELETE|SET NOT NULL)\b", re.IGNORECASE)
NARROWED = (("nullable", "False"), ("new_column_name", ""), ("unique", "True"))
NAMED = {
    "0014": "fingerprints of photos, made anew from what is kept; of before the first release",
}
"""Migrations that do more than add, each with its reason."""


def _arguments(call: ast.Call) -> dict[str, str]:
    return {one.arg: ast.unparse(one.value) for one in call.keywords if one.arg}


def _faults(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = _arguments(call)
    if name in TAKING:
        return [name]
    if name in {"alter_column", "create_index"}:
        return [f"{name} {one}" for one, value in NARROWED if one in given and value in ("", given[one])]
    if name == "add_column":
        column = next(one for one in call.args if isinstance(one, ast.Call))
        told = _arguments(column)
        bare = told.get("nullable") == "False" and "server_default" not in told
        return ["add_column without a default"] if bare else []
    if name == "execute":
        return [f"execute {one}" for one in TAKEN_IN_WORDS.findall(ast.unparse(call))]
    return []


def takes_away(text: str) -> list[str]:
    """What a migration's way forward does that the version before may stumble over."""
    (forward,) = [one for one in ast.parse(text).body if getattr(one, "name", "") == "upgrade"]
    calls = [one for one in ast.walk(forward) if isinstance(one, ast.Call)]
    return [fault for call in calls for fault in _faults(call)]


def found() -> dict[str, list[str]]:
    """What each migration after the first does more than add."""
    files = sorted(Path(HERE / "versions").glob("[0-9]*.py"))
    return {one.name[:4]: faults for one in files if (faults := takes_away(one.read_text()))}


def test_migrations_only_add_or_say_why_not():
    assert {number: faults for number, faults in found().items() if number not in NAMED} == {}


def test_every_reason_is_still_needed():
    assert set(NAMED) <= set(found())


@pytest.mark.parametrize(
    "line",
    [
        "op.drop_table('tickets')",
        "batch_op.drop_column('agency')",
        "batch_op.alter_column('number', new_column_name='no')",
        "batch_op.alter_column('number', nullable=False)",
        "batch_op.add_column(sa.Column('x', sa.String(), nullable=False))",
        "batch_op.create_index('ix', ['x'], unique=True)",
        "op.execute('ALTER TABLE tickets DROP COLUMN agency')",
    ],
)
def test_what_the_version_before_would_stumble_over_is_found(line: str):
    assert takes_away(f"def upgrade():\n    {line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "op.create_table('x')",
        "batch_op.alter_column('number', existing_type=sa.VARCHAR(), nullable=True)",
        "batch_op.add_column(sa.Column('x', sa.String(), server_default='', nullable=False))",
        "batch_op.add_column(sa.Column('x', sa.String(), nullable=True))",
        "batch_op.create_index('ix', ['x'], unique=False)",
        "op.execute('UPDATE tickets SET open = true')",
    ],
)
def test_what_only_adds_is_left_alone(line: str):
    assert takes_away(f"def upgrade():\n    {line}\n") == []
