"""`kentongan practice …`: the scripts of practice, checked and listed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.telling import plain
from bot.services.practice.courses import course_of
from bot.settings import Settings
from tickets.policies import load_policies
from tickets.practice.script import Course, Script

commands = typer.Typer(help="Scripted citizens for practising staff.", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Argument(help="A folder with policies, `practice` within; the installation's own else."),
]


@commands.command()
def check(folder: Folder = None) -> None:
    """Check the scripts and the marking: every fault with file, line, key and remedy."""
    course = _course(folder)
    marking = course.marking
    points = sum(rule.points for rule in marking.rules.values())
    plain().print(f"No faults. {len(course.scripts)} scripts, {len(marking.rules)} rules ({points} points).")
    if course.left_out:
        plain().print(f"Left out, for they do not fit your policies: {', '.join(course.left_out)}.")


@commands.command("list")
def list_(folder: Folder = None) -> None:
    """The scripts in the order their citizens come."""
    for script in _course(folder).scripts.values():
        plain().print(_line(script))


def _course(folder: Path | None) -> Course:
    found = folder or Settings().policies_dir
    return course_of(found, load_policies(found))


def _line(script: Script) -> str:
    wanted = script.expected
    end = f"{wanted.outcome} {wanted.agency}".strip()
    return f"{script.after:5.0f} s  {script.code}  {script.temper}  {script.language}  {script.desk} → {end}"
