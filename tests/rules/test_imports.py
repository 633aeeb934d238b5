"""The floors of the house hold, and each contract notices when one does not."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS = ("bot", "dialogs", "nlu", "storage", "tickets")
LINT = Path(sys.executable).with_name("lint-imports")

VIOLATIONS = {
    "floors": ("nlu/normalize.py", "import tickets.ticket"),
    "bot-floors": ("bot/settings.py", "import bot.app"),
    "dialogs-floors": ("dialogs/messages.py", "import dialogs.engine"),
    "channels-apart": ("bot/channels/webchat/channel.py", "import bot.channels.telegram.channel"),
    "steps-apart": ("dialogs/steps/noop.py", "import dialogs.steps.collect"),
    "core-without-io": ("nlu/normalize.py", "import aiohttp"),
    "aiogram-home": ("bot/services/lanes.py", "import aiogram"),
    "ptb-home": ("bot/channels/telegram/parse.py", "import telegram"),
    "rasa-home": ("dialogs/engine.py", "import rasa_sdk"),
    "sql-home": ("bot/services/lanes.py", "import sqlalchemy"),
    "rows-private": ("bot/services/lanes.py", "import storage.rows"),
    "desk-door": ("bot/operator/cards.py", "import tickets.desk"),
    "sandbox-apart": ("bot/sandbox/world.py", "import nlu.interpretation"),
    "acyclic": ("tickets/ticket.py", "import tickets.sla"),
}


def lint(folder, *arguments):
    command = [LINT, "--no-logo", "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The rooms' Python files once more, to do mischief in."""
    folder = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


@pytest.fixture
def plant(copy):
    """Put a line at the end of a file for the length of a test; a file that is not there is made."""
    changed = {}

    def put(name, line):
        path = copy / name
        changed[path] = path.read_text() if path.exists() else None
        path.write_text(f"{changed[path] or ''}\n{line}\n")

    yield put
    for path, before in changed.items():
        path.unlink() if before is None else path.write_text(before)


def test_the_house_stands():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_contract_has_its_violation():
    assert {contract["id"] for contract in CONTRACTS} == set(VIOLATIONS)


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_a_violation_breaks_the_contract(copy, plant, contract):
    plant(*VIOLATIONS[contract])
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "0 kept, 1 broken" in result.stdout
    assert Path(VIOLATIONS[contract][0]).stem in result.stdout


@pytest.mark.parametrize(
    ("contract", "stray"), [("bot-floors", "bot/stray.py"), ("dialogs-floors", "dialogs/stray.py")]
)
def test_a_module_without_a_floor_is_noticed(copy, plant, contract, stray):
    plant(stray, '"""Nobody said where this belongs."""')
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert stray.removesuffix(".py").replace("/", ".") in result.stdout
