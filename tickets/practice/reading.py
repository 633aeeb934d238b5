"""Reading the scripts and the marking from their files, every fault with its place and remedy."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast, get_args

from tickets.policies import Policies
from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.reader import LANGUAGES, Node, nearest, read
from tickets.practice.checks import CHECKS
from tickets.practice.script import (
    SILENCE,
    Course,
    Deed,
    Expected,
    Marking,
    Outcome,
    Reaction,
    Rule,
    Script,
    Temper,
)
from tickets.ticket import Classification, ReportPlace

FOLDER = "practice"
DELIVERED = files("tickets") / "data"
MARKING = "marking.yml"
CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
PREFIX = re.compile(r"[A-Z]{2,4}")
PLACE = ("text", "kode", "kalurahan", "kapanewon", "kabupaten", "lat", "lon")
NEEDS_WORDS = frozenset({"message", "give_data", "deny"})
TAKES_PHOTOS = frozenset({"message", "give_data"})
PICTURES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class Known:
    """What names in a script may stand for: the city's policies, categories with their parts, pictures."""

    policies: Policies
    categories: Mapping[str, Iterable[str]]
    pictures: frozenset[str] = frozenset()


def load_course(folder: Path | None, known: Known) -> Course:
    """The delivered scripts, pictures and marking; files in `practice` below that folder replace or add.

    A delivered script that does not fit the city's own policies (an agency it has not) is left out.

    Raises:
        PolicyFaults: listing every fault of every file, each with its place and remedy.
    """
    faults: list[Fault] = []
    own = _files(folder, ".yml") if folder else {}
    delivered = _files(DELIVERED, ".yml")
    places = delivered | own
    shown = _files(DELIVERED, *PICTURES) | (_files(folder, *PICTURES) if folder else {})
    known = replace(known, pictures=frozenset(shown))
    spare = delivered.keys() - own.keys() if folder else set()
    scripts, left_out = _scripts(places, spare, known, faults)
    marking = _marking(_top(places, MARKING, faults), known.policies)
    if faults:
        raise PolicyFaults(tuple(faults))
    pictures = {name: (place / FOLDER / name).read_bytes() for name, place in shown.items()}
    return Course(dict(sorted(scripts.items(), key=lambda one: one[1].after)), marking, left_out, pictures)


def _files(folder: Path | Traversable, *endings: str) -> dict[str, Path | Traversable]:
    """The files of practice below a folder with such endings, each with that folder."""
    if not (folder / FOLDER).is_dir():
        return {}
    return {one.name: folder for one in (folder / FOLDER).iterdir() if one.name.endswith(endings)}


def _scripts(
    places: Mapping[str, Path | Traversable], spare: Iterable[str], known: Known, faults: list[Fault]
) -> tuple[dict[str, Script], tuple[str, ...]]:
    """The scripts by code, and the codes of those (spare ones with faults) that are left out."""
    codes = tuple(file.removesuffix(".yml") for file in sorted(places) if file != MARKING)
    scripts: dict[str, Script] = {}
    for code in codes:
        found: list[Fault] = []
        scripts[code] = _script(code, _top(places, f"{code}.yml", found), codes, known)
        if found and f"{code}.yml" in spare:
            del scripts[code]
        else:
            faults += found
    alone = {code for code, one in scripts.items() if one.expected.twin and one.expected.twin not in scripts}
    kept = {code: one for code, one in scripts.items() if code not in alone}
    return kept, tuple(code for code in codes if code not in kept)


def _top(places: Mapping[str, Path | Traversable], file: str, faults: list[Fault]) -> Node:
    return read(places.get(file, Path()), f"{FOLDER}/{file}", faults)


def _named(code: str, codes: tuple[str, ...], node: Node) -> None:
    """The script's own name and its twin's."""
    expected = node.at("expected")
    if expected.has("twin"):
        expected.choice("twin", codes)
    if not CODE.fullmatch(code):
        node.fault(f"'{code}' cannot name a script.", "Use at most 24 small letters, digits and dashes.")


def _script(code: str, node: Node, codes: tuple[str, ...], known: Known) -> Script:
    _named(code, codes, node)
    node.known("temper", "name", "desk", "language", "after", "report", "secrets", "reactions", "expected")
    report, policies = node.at("report"), known.policies
    report.known("text", "classification", "category", "subcategory", "place", "emergency", "photos")
    category = report.choice("category", known.categories)
    return Script(
        code=code,
        temper=cast("Temper", node.choice("temper", get_args(Temper))),
        name=node.words("name"),
        desk=node.choice("desk", policies.agencies.by_id),
        language=node.choice("language", LANGUAGES, "id"),
        after=node.number("after", 0),
        text=report.text("text"),
        classification=cast(
            "Classification", report.choice("classification", get_args(Classification), "pengaduan")
        ),
        category=category,
        subcategory=report.choice("subcategory", known.categories.get(category, ()), ""),
        place=_place(report.at("place")),
        expected=_expected(node.at("expected"), policies),
        reactions=tuple(_reaction(one, known) for one in node.items("reactions")),
        emergency=report.text("emergency", ""),
        secrets=node.texts("secrets"),
        photos=report.choices("photos", known.pictures),
    )


def _place(node: Node) -> ReportPlace:
    node.known(*PLACE)
    words = {key: node.text(key, "") for key in PLACE[:5]}
    return ReportPlace(
        **words,
        lat=node.number("lat", least=-90) if node.has("lat") else None,
        lon=node.number("lon", least=-180) if node.has("lon") else None,
    )


def _expected(node: Node, policies: Policies) -> Expected:
    node.known("outcome", "agency", "ask", "twin", "escalate", "minutes", "tell")
    if node.has("escalate") != node.has("minutes"):
        node.fault("'escalate' and 'minutes' go together.", "Name the actions and within how many minutes.")
    if node.value and node.at("outcome").value == "merged" and not node.has("twin"):
        node.fault("A merger needs the other report.", "Name its script: twin: CODE.", "outcome")
    return Expected(
        outcome=cast("Outcome", node.choice("outcome", get_args(Outcome))),
        agency=node.choice("agency", policies.agencies.by_id, ""),
        ask=_small(node.texts("ask")),
        twin=node.text("twin", ""),
        escalate=node.choices("escalate", policies.lifecycle.actions),
        minutes=node.number("minutes", 0),
        tell=node.texts("tell"),
    )


def _reaction(node: Node, known: Known) -> Reaction:
    node.known("on", "do", "say", "after", "about", "without", "rate", "again", "photos")
    deed = cast("Deed", node.choice("do", get_args(Deed)))
    if deed in NEEDS_WORDS and not node.has("say"):
        node.fault("This citizen would say nothing.", "Write say: followed by their words.", "do")
    if node.has("rate") and not 1 <= node.count("rate") <= 5:
        node.fault("A rating is from 1 to 5.", "Write for example rate: 5.", "rate")
    if node.has("photos") and deed not in TAKES_PHOTOS:
        node.fault(f"No photo goes with '{deed}'.", "Let do be message or give_data.", "photos")
    return Reaction(
        on=node.choice("on", (*known.policies.lifecycle.actions, SILENCE)),
        do=deed,
        say=node.text("say", ""),
        after=node.number("after", 0),
        about=_small(node.texts("about")),
        without=_small(node.texts("without")),
        rate=node.count("rate") if node.has("rate") else None,
        again=node.flag("again", default=False),
        photos=node.choices("photos", known.pictures),
    )


def _small(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)


def _marking(node: Node, policies: Policies) -> Marking:
    node.known("prefix", "workday_minutes", "rules", "impolite", "promises", "dates", "units")
    prefix = node.text("prefix")
    if prefix and (not PREFIX.fullmatch(prefix) or prefix == policies.city.prefix):
        remedy = f"Use 2 to 4 capital letters other than {policies.city.prefix}."
        node.fault(f"Numbers of practice cannot begin with '{prefix}'.", remedy, "prefix")
    return Marking(
        prefix=prefix,
        workday=node.number("workday_minutes", least=0.01),
        rules={code: _rule(code, entry) for code, entry in node.at("rules").entries()},
        impolite=node.texts("impolite"),
        promises=node.texts("promises"),
        dates=node.texts("dates"),
        units=node.texts("units"),
    )


def _rule(code: str, entry: Node) -> Rule:
    entry.known("points", "name", "missed", "source")
    if code not in CHECKS:
        entry.fault(f"There is no rule '{code}'.", f"Use {nearest(code, CHECKS)}.")
    return Rule(
        code,
        entry.count("points", least=1),
        entry.words("name"),
        entry.words("missed"),
        entry.words("source"),
    )
