import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser, async_playwright, expect

from bot.logs import set_up
from storage.migrations import upgrade
from storage.seals import Ring, use
from tests.cluster import Cluster, binaries, running

KEY = "ERGSsKDHZ3NqZnoYFhhbLBvxLhRxLKcoKvPrMGZ1Jkc="
os.environ.setdefault("KENTONGAN_KEYS", KEY)
"""One for all tests: several installations may be at work in a test at once, and a process has one ring."""
use(Ring.of(os.environ["KENTONGAN_KEYS"]))

ON_POSTGRES = os.environ.get("KENTONGAN_TEST_DATABASE") == "postgresql"

FINISHED = count(1)
MOST_SET_ASIDE = 600_000
"""Objects; the imports of all tests are half of it."""

expect.set_options(timeout=30_000)
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
"""No property is a matter of time: on a busy machine an example may take as long as it likes."""


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Log as the program does: an exception's kind and place, not the values around it."""
    set_up("ERROR")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What is about SQLite's file is left out where PostgreSQL is tested."""
    marked = item.get_closest_marker("sqlite")
    if ON_POSTGRES and marked:
        (reason,) = marked.args
        pytest.skip(reason)


def pytest_runtest_logfinish() -> None:
    """A server sets aside for good what its start made: right for a process that starts one, not hundreds."""
    if next(FINISHED) % 16 == 0 and gc.get_freeze_count() > MOST_SET_ASIDE:
        gc.unfreeze()
        gc.collect()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database brought up to date once, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "kentongan.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server with a database `migrated`, to be copied; in CI there must be one."""
    if binaries() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL on this machine: sh scripts/ensure_postgres.sh")
    # Not in pytest's folder: that is closed to the user PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="kentongan-pg-") as folder, running(Path(folder)) as cluster:
        upgrade(cluster.create("migrated"))
        yield cluster


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """A fresh PostgreSQL database of this test's own."""
    name = f"test-{uuid.uuid4().hex}"
    yield cluster.create(name, "migrated")
    cluster.drop(name)


@pytest.fixture
def further_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes databases beside the test's own; their addresses are empty where every data folder has a file."""
    made: list[str] = []

    def make() -> str:
        if not ON_POSTGRES:
            return ""
        made.append(f"test-{uuid.uuid4().hex}")
        with ThreadPoolExecutor() as apart:  # the test's own loop is running
            return apart.submit(request.getfixturevalue("cluster").create, made[-1], "migrated").result()

    yield make
    for name in made:
        request.getfixturevalue("cluster").drop(name)


@pytest.fixture(autouse=ON_POSTGRES)
def database_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh database of this test's own: SQLite's, unless the run is one on PostgreSQL."""
    if ON_POSTGRES:
        url: str = request.getfixturevalue("postgres_url")
        monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
        return url
    path = request.getfixturevalue("tmp_path") / "kentongan.db"
    shutil.copyfile(request.getfixturevalue("migrated"), path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; in CI it must be there."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine; install one to see the pages driven")
    assert path, "CI must have a Chromium"
    return path


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        await browser.close()
