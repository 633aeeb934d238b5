"""`kentongan place`: where a text or a point is."""

import re
from typing import Annotated

import typer

from bot.commands.lines import JsonFlag, said, show
from bot.commands.understood import place_json
from bot.settings import Settings
from nlu.interpretation import Place
from nlu.places import Gazetteer
from tickets.policies import load_policies

_POINT = re.compile(r"\s*(-?\d{1,2}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*")


commands = typer.Typer(add_completion=False)


@commands.command(context_settings={"ignore_unknown_options": True})  # southern latitudes begin with a dash
def place(
    text: Annotated[str, typer.Argument(help="A text or LAT,LON ('-': one a line from standard input).")],
    as_json: JsonFlag = False,
) -> None:
    """Print the kalurahan, kapanewon and kabupaten a text speaks of or a point lies in."""
    gazetteer = Gazetteer.load(home=load_policies(Settings().policies_dir).city.kode)
    for line in said(text):
        show(place_json(_find(gazetteer, line)), compact=as_json)


def _find(gazetteer: Gazetteer, line: str) -> Place | None:
    point = _POINT.fullmatch(line)
    return gazetteer.at(float(point[1]), float(point[2])) if point else gazetteer.find(line)
