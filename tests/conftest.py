import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bot.logs import set_up
from storage.migrations import upgrade
from storage.seals import Ring, use

KEY = "ERGSsKDHZ3NqZnoYFhhbLBvxLhRxLKcoKvPrMGZ1Jkc="
os.environ.setdefault("KENTONGAN_KEYS", KEY)
"""One for all tests: several installations may be at work in a test at once, and a process has one ring."""
use(Ring.of(os.environ["KENTONGAN_KEYS"]))

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Log as the program does: an exception's kind and place, not the values around it."""
    set_up("ERROR")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database brought up to date once, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "kentongan.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """A fresh database of this test's own."""
    path = tmp_path / "kentongan.db"
    shutil.copyfile(migrated, path)
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
