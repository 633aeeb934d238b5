"""`python -m tests.soak [--minutes 60] [sqlite] [postgresql]`: mixed load with faults, reckoned up.

One process for each database, side by side; what came of it is written down in
`benchmarks/results/soak.json`.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.soak.running import soak

RECORD = Path(__file__).parents[2] / "benchmarks" / "results" / "soak.json"
NUMBERS = re.compile(r"\[((?:\s*[\d.]+,?)+)\s*\]")
"""A list of numbers, which has room on a line."""
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    """Soak the databases named, or both; exit with 1 when anything did not add up."""
    asked = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    asked.add_argument("databases", nargs="*", choices=[*DATABASES, []])
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--record", type=Path, default=RECORD)
    asked.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.child:
        print(json.dumps(asyncio.run(soak(told.databases[0], told.minutes * 60, told.seed))))  # noqa: T201
    else:
        sys.exit(_side_by_side(told))


def _side_by_side(told: argparse.Namespace) -> int:
    names = told.databases or DATABASES
    running = {name: _child(name, told) for name in names}
    found = {name: _result(child) for name, child in running.items()}
    _write_down(told.record, found)
    for name, one in found.items():
        print("\n".join(_told(name, one)))  # noqa: T201 a command's output
    return int(any(one["faults"] for one in found.values()))


def _told(name: str, one: dict[str, Any]) -> Iterator[str]:
    """What came of one database, with every error of its log."""
    yield f"{name}: {'; '.join(one['faults']) or 'everything adds up'}"
    for event, error in one.get("errors", {}).items():
        yield f"  {error['times']} times in the log: {event}"
        yield from (f"    {line}" for line in error["sample"])


def _child(name: str, told: argparse.Namespace) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.soak", "--child", name]
    more = ["--minutes", str(told.minutes), "--seed", str(told.seed)]
    return subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)


def _result(child: "subprocess.Popen[str]") -> dict[str, Any]:
    said, _ = child.communicate()
    if child.returncode:
        return {"faults": [f"the soak itself ended with {child.returncode}"]}
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _write_down(record: Path, found: dict[str, dict[str, Any]]) -> None:
    """The databases just soaked; what is known of the other stays."""
    before = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    now = {name: {"on": f"{datetime.now(UTC):%Y-%m-%d}", **one} for name, one in found.items()}
    text = json.dumps(before | now, indent=1)
    rows = NUMBERS.sub(lambda row: f"[{' '.join(row[1].split())}]", text)
    record.write_text(rows + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
