"""The table of channels in the documents is the one the declarations make."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import bot.channels
from bot.channels.base import Capabilities
from bot.channels.declared import CHANNELS, table

ROOT = Path(__file__).parents[2]
BETWEEN = re.compile(r"<!-- table -->\n(.*?)\n<!-- end -->", re.DOTALL)


def test_the_table_in_the_documents_is_up_to_date():
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    (shown,) = BETWEEN.findall(page)
    assert shown == table(), "run: kentongan channels table"


def test_every_channel_that_declares_something_is_in_the_table():
    folders = [one.name for one in iter_modules(bot.channels.__path__) if one.ispkg]
    declared = {
        value
        for folder in folders
        if any(one.name == "capabilities" for one in iter_modules([str(ROOT / "bot" / "channels" / folder)]))
        for value in vars(import_module(f"bot.channels.{folder}.capabilities")).values()
        if isinstance(value, Capabilities)
    }
    assert len(declared) >= 5
    assert declared <= set(CHANNELS.values())


def test_each_column_tells_channels_apart():
    rows = [line.strip("| ").split(" | ") for line in table().splitlines()]
    assert all(len(row) == len(rows[0]) for row in rows)
    columns = list(zip(*rows[2:], strict=True))
    assert all(len(set(column)) > 1 for column in columns)
