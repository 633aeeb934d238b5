"""A town's first admins come from the command line, two of them; every further one takes two people."""

import asyncio
import re

from typer.testing import CliRunner

from bot.app import assembled
from bot.commands.operator import commands

LINK = re.compile(r"\?start=(\S+)")


def invite(*more):
    return CliRunner().invoke(commands, ["invite", "--agency", "koordinator", "--role", "admin", *more])


async def joined(settings, token, user):
    async with assembled(settings) as house:
        return await house.roster.join(token, user, f"Admin {user}")


def test_two_admins_are_made_here_and_no_third(settings):
    for user in ("1", "2"):
        made = invite()
        assert made.exit_code == 0, made.output
        assert asyncio.run(joined(settings, LINK.search(made.output)[1], user)).role == "admin"
    third = invite()
    assert third.exit_code == 2
    assert "/undang" in third.output
    assert "there are 2" in re.sub(r"\s+", " ", third.output)


def test_links_in_stock_make_no_third_admin(settings):
    tokens = [LINK.search(invite().output)[1] for _ in range(4)]
    came = [asyncio.run(joined(settings, token, str(at))) for at, token in enumerate(tokens)]
    assert [one is not None for one in came] == [False, False, True, True]


def test_what_is_not_there_is_named(settings):
    wrong = CliRunner().invoke(commands, ["invite", "--agency", "kecamatan"])
    assert wrong.exit_code == 2
    assert "dishub" in wrong.output
