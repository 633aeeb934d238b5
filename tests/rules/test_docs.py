"""What the documents say is there, is there."""

import json
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from benchmarks.report import markdown
from bot.__main__ import app
from bot.settings import Settings
from tickets import ticket

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ROOMS = ("bot", "dialogs", "nlu", "storage", "tickets")

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|`|\$ )make ([a-z]+)\b", re.MULTILINE)
KENTONGAN = re.compile(
    r"(?:^|`|/|\$ )kentongan((?: [a-z][a-z0-9-]*)+)((?: --?[a-z][a-z-]*(?: [^\s`-]+)?)*)", re.MULTILINE
)
VARIABLE = re.compile(r"\bKENTONGAN_[A-Z_]+\b")
TEST = re.compile(r"`(test_\w+)`")
ROW = re.compile(r"^\| ([\w.-]+) \| (.+) \|$", re.MULTILINE)
CODE = re.compile(r"`([A-Za-z_]+)`")


def anchors(page):
    """The anchors the headings of a page get on code hosts."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(documents):
    broken = []
    for page, text in documents.items():
        for found in LINK.finditer(FENCE.sub("", text)):
            target, _, part = (found[1] or found[2]).partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            file = (page.parent / target).resolve() if target else page
            if not file.exists() or (part and part not in anchors(file)):
                broken.append(f"{page.relative_to(ROOT)}: {found[0]}")
    assert broken == []


def test_every_make_target_exists(documents):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for text in documents.values() for name in MAKE.findall(text)}
    assert {"run", "test", "bench"} <= named
    assert named - targets == set()


def resolve(words):
    """The command these words name, and the words left over (its arguments)."""
    command = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    return command, words


def test_every_command_exists_with_its_options(documents):
    wrong, seen = [], set()
    for page, text in documents.items():
        for found in KENTONGAN.finditer(text):
            command, rest = resolve(found[1].split())
            options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
            unknown = set(re.findall(r"--[a-z-]+", found[2])) - options
            arguments = [one for one in command.params if one.param_type_name == "argument"]
            if hasattr(command, "commands") or (rest and not arguments) or unknown:
                wrong.append(f"{page.relative_to(ROOT)}: {found[0].strip()}")
            seen.add(command.name)
    assert wrong == []
    assert {"run", "serve", "chat", "check", "invite"} <= seen


def test_settings_and_their_page_agree(documents):
    fields = {f"KENTONGAN_{name.upper()}" for name in Settings.model_fields}
    page = documents[ROOT / "docs" / "settings.md"]
    assert set(re.findall(r"^\| `(KENTONGAN_\w+)`", page, re.MULTILINE)) == fields
    assert {name for text in documents.values() for name in VARIABLE.findall(text)} <= fields


def test_the_defaults_on_the_page_are_the_defaults(documents):
    page = documents[ROOT / "docs" / "settings.md"]
    told = dict(re.findall(r"^\| `KENTONGAN_(\w+)` \| `([^`]+)` \|", page, re.MULTILINE))
    assert told
    assert {name: str(Settings.model_fields[name.lower()].default) for name in told} == told


def required():
    """The packages pyproject.toml asks for."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {re.split(r"[\[<>=~! ]", line)[0] for group in groups for line in group}


def test_every_dependency_has_its_reason_and_licence(documents):
    page = documents[ROOT / "docs" / "dependencies.md"]
    rows = {name: cells.split(" | ") for name, cells in ROW.findall(page) if name != "package"}
    rows = {name: cells for name, cells in rows.items() if not set(name) <= {"-"}}
    assert set(rows) == required()
    thin = [name for name, cells in rows.items() if len(" ".join(cells[:-2])) < 10 or not cells[-2].strip()]
    assert thin == []


def test_what_is_imported_is_asked_for(sources):
    """A package that only comes along with another may leave with it."""
    owners = packages_distributions()
    asked = {name.lower().replace("_", "-") for name in required()} | {"scipy"}  # with scikit-learn, to train
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in sources.items()
        for name in re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE)
        if name not in ROOMS and name in owners
        if not {owner.lower().replace("_", "-") for owner in owners[name]} & asked
    }
    assert missing == set()


def test_every_test_that_is_named_exists(documents, texts):
    defined = {
        name
        for path, text in texts.items()
        if path.name.startswith("test_")
        for name in (path.stem, *re.findall(r"def (test_\w+)", text))
    }
    named = {name for text in documents.values() for name in TEST.findall(text)}
    assert named
    assert named - defined == set()


def test_every_fault_names_the_test_that_shows_it(documents):
    page = documents[ROOT / "docs" / "durability.md"]
    rows = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    bare = [row for row in rows if not TEST.search(row.rsplit(" | ", 1)[-1])]
    assert [row.split(" | ")[0] for row in bare] == ["| it breaks…", "| fault"]
    assert len(rows) > 40


def test_every_guard_names_the_test_that_fails_without_it(documents):
    page = documents[ROOT / "docs" / "security.md"].partition("## Each guard")[2].partition("\n## ")[0]
    rows = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    bare = [row for row in rows if not TEST.search(row.rsplit(" | ", 1)[-1])]
    assert [row.split(" | ")[0] for row in bare] == ["| threat"]
    assert len(rows) > 20


def test_every_word_of_the_glossary_is_used(documents, texts):
    page = documents[ROOT / "docs" / "glossary.md"]
    cells = [line.split(" | ")[-1] for line in page.splitlines() if line.startswith("| ")]
    states = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    code = " ".join(text for path, text in texts.items() if path.relative_to(ROOT).parts[0] in ROOMS)
    words = set(re.findall(r"\w+", code))
    named = {name for cell in cells for name in CODE.findall(cell)} | set(states)
    assert len(named) > 50
    assert named - words == set()


@pytest.mark.parametrize("kind", ["Status", "Role", "Classification", "Verdict"])
def test_the_glossary_knows_every(documents, kind):
    page = documents[ROOT / "docs" / "glossary.md"]
    assert [value for value in get_args(getattr(ticket, kind)) if f"`{value}`" not in page] == []


def test_the_figures_on_the_page_are_the_last_ones_measured(documents):
    latest = json.loads((ROOT / "benchmarks" / "results" / "latest.json").read_text())
    assert markdown(latest) in documents[ROOT / "docs" / "performance.md"]


def test_the_results_hold_what_is_promised():
    latest = json.loads((ROOT / "benchmarks" / "results" / "latest.json").read_text())
    rows = [row for sizes in latest["channels"].values() for row in sizes.values()]
    assert rows
    for row in rows:
        assert {"turns_per_second", "p95_ms", "ratio_to_floor_commit", "ratio_to_rasa"} <= row.keys()
        assert row["turns_per_second"] > 0
    assert latest["faults"] == []
