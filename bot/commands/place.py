"""`kentongan place`: where a text or a point is."""

import re
from typing import Annotated, Any

import typer

from bot.commands.lines import JsonFlag, said, show
from bot.commands.understood import place_json
from bot.settings import Settings
from nlu.places import Gazetteer
from tickets.policies import load_policies

_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"
_POINT = re.compile(
    rf"\s*\(?{_NUMBER}\s*[,;]\s*{_NUMBER}\)?\s*"
    r"|\s*([+-]?\d{1,3}\.\d+)\s+([+-]?\d{1,3}\.\d+)\s*"
)
LARGEST_LATITUDE = 90.0  # degrees; a first number beyond it is a longitude, so the two were swapped


commands = typer.Typer(add_completion=False)


@commands.command(context_settings={"ignore_unknown_options": True})  # southern latitudes begin with a dash
def place(
    text: Annotated[str, typer.Argument(help="A text or LAT,LON ('-': one a line from standard input).")],
    as_json: JsonFlag = False,
) -> None:
    """Print the kalurahan, kapanewon and kabupaten a text speaks of or a point lies in."""
    gazetteer = Gazetteer.load(home=load_policies(Settings().policies_dir).city.kode)
    for line in said(text):
        show(_answer(gazetteer, line), compact=as_json)


def _answer(gazetteer: Gazetteer, line: str) -> dict[str, Any]:
    """Where a line is; a point in no area at all is outside, a text that names none may be anywhere."""
    point = point_of(line)
    if point is None:
        return place_json(gazetteer.find(line))
    found = gazetteer.at(*point)
    return place_json(found) | ({} if found else {"outside": True})


def point_of(line: str) -> tuple[float, float] | None:
    """The latitude and longitude a line consists of, in either order where only one can be meant."""
    found = _POINT.fullmatch(line)
    if found is None:
        return None
    first, second = (float(number) for number in found.groups() if number)
    return (second, first) if abs(first) > LARGEST_LATITUDE >= abs(second) else (first, second)
