"""Ask an advisory service about every locked package: `audit.py [--lock FILE] [--service URL]`.

Ends with 0 when nothing is known against any of them, 1 when something is, and 3 when not every package
could be asked about.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
OSV = "https://api.osv.dev/v1/query"
CLEAN, VULNERABLE, UNASKED = 0, 1, 3
PATIENCE = "10"  # seconds a single question may take


def main(arguments: Sequence[str]) -> int:
    """Print what is known against the locked packages and return the exit code."""
    parser = argparse.ArgumentParser(description="Ask an advisory service about every locked package.")
    parser.add_argument("--lock", default=str(LOCK), help="the lock file")
    parser.add_argument("--service", default=OSV, help="where OSV's questions are answered")
    given = parser.parse_args(arguments)
    found, trouble = _asked(given.lock, given.service)
    if found is None:
        print(f"NOT AUDITED: {given.service} gave no answer ({trouble}).")
        print("Nothing is known, neither good nor bad.")
        return UNASKED
    return _told(found)


def _asked(lock: str, service: str) -> tuple[list[Mapping[str, Any]] | None, str]:
    """What pip-audit found for each package, or None and why there is no answer."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--osv-url", service, "--timeout", PATIENCE]
    command += ["--format", "json", "--progress-spinner", "off", "--desc", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own words
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except ValueError:
        return None, (done.stderr.strip().splitlines() or ["no reason given"])[-1]


def _told(found: Sequence[Mapping[str, Any]]) -> int:
    skipped = [one for one in found if "skip_reason" in one]
    bad = [(one, hole) for one in found for hole in one.get("vulns", ())]
    for one, hole in bad:
        remedy = ", ".join(hole["fix_versions"]) or "no version yet"
        print(
            f"{one['name']} {one['version']}: {hole['id']} {' '.join(hole['aliases'])}; mended in: {remedy}"
        )
    for one in skipped:
        print(f"NOT AUDITED: {one['name']}: {one['skip_reason']}")
    print(f"{len(found) - len(skipped)} of {len(found)} packages asked about; {len(bad)} known holes.")
    if bad:
        return VULNERABLE
    return UNASKED if skipped or not found else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
