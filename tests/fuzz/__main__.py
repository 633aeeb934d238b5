"""A long look at every way in: `python -m tests.fuzz [--inputs N] [TARGET…]`; the record is written down.

Each target runs in a process of its own, led by the code its inputs reach (atheris); where atheris is not to
be had, by chance alone. A crash, a time-out or too much memory ends the run and leaves the input behind.
"""

import argparse
import importlib.util
import json
import random
import re
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parents[2] / "benchmarks" / "results" / "fuzz.json"
FOUND = Path(__file__).parents[2] / "data" / "fuzz"
MEGABYTES = 1024
"""Memory no target may go beyond."""
SECONDS = 20
"""Time no single input may take."""
LONGEST = 600
"""Bytes of choices for one input."""
MEASURED = re.compile(r"^measured (\{.*\})$", re.MULTILINE)


def main() -> None:
    """Run the targets named, or all; exit with 1 when one of them broke."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("targets", nargs="*")
    asked.add_argument("--inputs", type=int, default=1_000_000, help="inputs of the whole run")
    asked.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.child:
        _one(told.targets[0], told.inputs)
    else:
        sys.exit(_all(told.targets, told.inputs))


def _all(names: list[str], inputs: int) -> int:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 a child imports it under the instrument

    FOUND.mkdir(parents=True, exist_ok=True)
    results = {}
    for name in names or TARGETS:
        results[name] = _run(name, max(1, inputs * TARGETS[name].share // 1000))
        print(f"{name:10} {results[name]}", flush=True)  # noqa: T201 a command's output
        if not names:
            _write_down(results)
    return int(any(one["outcome"] != "nothing found" for one in results.values()))


def _write_down(results: dict[str, dict[str, Any]]) -> None:
    """What was run so far: a run that is cut off has been one of fewer targets."""
    total = sum(one["inputs"] for one in results.values())
    record = {"on": f"{datetime.now(UTC):%Y-%m-%d}", "inputs": total, "targets": results}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _run(name: str, inputs: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.fuzz", "--child", "--inputs", str(inputs), name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=FOUND, check=False)
    measured = MEASURED.search(done.stdout)
    if done.returncode or measured is None:
        (FOUND / f"{name}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        return {"inputs": 0, "outcome": f"see {FOUND.name}/{name}.log"}
    return {**json.loads(measured[1]), "outcome": "nothing found"}


def _one(name: str, inputs: int) -> None:
    guided = importlib.util.find_spec("atheris") is not None
    (_guided if guided else _by_chance)(name, inputs)


def _guided(name: str, inputs: int) -> None:
    import atheris  # noqa: PLC0415 only where it is to be had

    with atheris.instrument_imports(include=["bot", "dialogs", "nlu", "tickets"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 read under the instrument
    from tests.fuzz.dice import Dice  # noqa: PLC0415

    began = time.monotonic()

    def look(data: bytes) -> None:
        look.inputs += 1  # type: ignore[attr-defined]
        TARGETS[name].run(Dice(data))
        if look.inputs == inputs:  # type: ignore[attr-defined]
            _tell(inputs, began)

    look.inputs = 0  # type: ignore[attr-defined]
    limits = (f"-rss_limit_mb={MEGABYTES}", f"-timeout={SECONDS}", f"-max_len={LONGEST}", f"-runs={inputs}")
    atheris.Setup([sys.argv[0], "-print_final_stats=0", "-verbosity=0", *limits], look)
    atheris.Fuzz()


def _by_chance(name: str, inputs: int) -> None:
    from tests.fuzz.dice import Dice  # noqa: PLC0415
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    began, chance = time.monotonic(), random.Random(name)
    for _ in range(inputs):
        TARGETS[name].run(Dice(chance.randbytes(chance.randrange(LONGEST))))
    _tell(inputs, began)


def _tell(inputs: int, began: float) -> None:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"inputs": inputs, "seconds": round(time.monotonic() - began), "most_megabytes": megabytes}
    print(f"measured {json.dumps(told)}", flush=True)  # noqa: T201 for the parent


if __name__ == "__main__":
    main()
