"""The lock file: pinned by hashes, all that is asked for, nothing else; and what is known against it."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "scripts" / "audit.py"
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
CLEAN, VULNERABLE, UNASKED = 0, 1, 3


def entries(lock):
    """Each requirement of a lock file with its hashes."""
    lines = [line for line in lock.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    for line in lines:
        words = line.split()
        hashes = [word for word in words if word.startswith("--")]
        yield Requirement(" ".join(word for word in words if not word.startswith("--"))), hashes


def unpinned(lock):
    """What may be something else tomorrow."""
    return [
        str(one)
        for one, hashes in entries(lock)
        if one.url or not hashes or not all(map(HASH.match, hashes)) or not _exact(one)
    ]


def _exact(one):
    signs = [each.operator for each in one.specifier]
    return signs == ["=="] and "*" not in str(one.specifier)


def asked(project):
    """What pyproject.toml asks for, extras and all."""
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


def missing(wanted, lock):
    """What is asked for and not locked, or locked at a version that was not asked for."""
    locked = {canonicalize_name(one.name): str(one.specifier)[2:] for one, _ in entries(lock)}

    def there(one):
        found = locked.get(canonicalize_name(one.name))
        return found is not None and one.specifier.contains(found, prereleases=True)

    return [str(one) for one in wanted if not there(one)]


def brought_along(wanted):
    """The names of these and of everything they need on this machine, by what the installed packages say."""
    seen, waiting = set(), [one for one in wanted if applies(one)]
    while waiting:
        one = waiting.pop()
        key = (canonicalize_name(one.name), *sorted(one.extras))
        if key not in seen:
            seen.add(key)
            waiting += [need for need in needs(one.name) if applies(need, one.extras)]
    return {name for name, *_ in seen}


def applies(one, extras=()):
    return one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def needs(name):
    try:
        return [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:
        return []


@pytest.fixture(scope="module")
def lock():
    return (ROOT / "requirements.lock").read_text()


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_locked_package_is_pinned_by_its_hash(lock):
    assert len(list(entries(lock))) > 100
    assert unpinned(lock) == []


@pytest.mark.parametrize(
    "line",
    [
        "idna>=3",
        "idna==3.*  --hash=sha256:" + 64 * "a",
        "idna==3.4",
        "idna==3.4 --hash=md5:" + 32 * "a",
        "idna @ https://example.org/idna.whl --hash=sha256:" + 64 * "a",
    ],
)
def test_what_is_not_pinned_is_named(line):
    assert len(unpinned(line)) == 1


def test_the_lock_holds_what_the_project_asks_for(lock, project):
    assert missing(asked(project), lock) == []
    assert missing([Requirement("idna>=999"), Requirement("nobody")], lock) == ["idna>=999", "nobody"]


def test_the_lock_holds_all_that_comes_along_and_nothing_else(lock, project):
    here = {canonicalize_name(one.name) for one, _ in entries(lock) if applies(one)}
    assert brought_along(asked(project)) == here


@contextmanager
def service(answer):
    """A stand-in for OSV; `answer` gives the status and the advisories for a package's name."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, advisories = answer(question["package"]["name"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": advisories} if advisories else {}).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def hole(name):
    span = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.7"}]}
    package = {"name": name, "ecosystem": "PyPI"}
    return {
        "id": "PYSEC-2024-60",
        "affected": [{"package": package, "ranges": [span]}],
        "aliases": ["CVE-2024-3651"],
    }


def audited(tmp_path, url):
    few = tmp_path / "few.lock"
    few.write_text("".join(f"{name}==3.4 --hash=sha256:{64 * 'a'}\n" for name in ("idna", "other")))
    command = [sys.executable, AUDIT, "--lock", few, "--service", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (lambda _: (200, []), CLEAN, "2 of 2 packages asked about; 0 known holes."),
        (lambda name: (200, [hole(name)] if name == "idna" else []), VULNERABLE, "idna 3.4: PYSEC-2024-60"),
        (lambda name: (200 if name == "idna" else 500, []), UNASKED, "NOT AUDITED"),
    ],
    ids=["clean", "a hole", "a service that breaks off"],
)
def test_an_audit_tells_what_the_service_told(tmp_path, answer, code, words):
    with service(answer) as url:
        ended, told = audited(tmp_path, url)
    assert ended == code, told
    assert words in told


def test_an_audit_that_reached_nobody_does_not_pretend(tmp_path):
    ended, told = audited(tmp_path, "http://127.0.0.1:9/v1/query")
    assert ended == UNASKED
    assert "Nothing is known, neither good nor bad." in told
