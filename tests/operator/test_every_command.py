"""Every command and every button about no single report, pressed and typed by everybody there can be.

What may be done with a report is the lifecycle's to say (`test_lifecycle`, `test_desk_machine`), and which
report is shown to whom is seen in `test_access`. Here it is the ways in themselves: one table, read beside
what the bot really listens to, so that a new one without a line in it fails.
"""

import asyncio
from typing import get_args

import pytest
from telegram.ext import CommandHandler

from bot.operator import watch
from bot.operator.flow_desk import FlowDesk
from bot.operator.payloads import LETTER_OF, Kind, Press
from bot.operator.seat import Seat
from storage.talks import outbox
from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Role

ROLES = frozenset(get_args(Role))
NOBODY = frozenset[str]()
LEADERS = frozenset({"koordinator", "admin", "pimpinan"})
MODERATORS = frozenset({"koordinator", "admin"})
FILERS = frozenset({"koordinator", "penghubung", "petugas"})
COMMANDS = {
    **dict.fromkeys(
        ("antrian", "cari", "moderasi", "tiket", "saya", "statistik", "ringkasan", "bahasa", "latihan"), ROLES
    ),
    **dict.fromkeys(
        ("bantuan", "help", "selesai", "telp", "gabung", "pisah", "serupa", "tim", "start"), ROLES
    ),
    "undang": ROLES,  # how it is written; whom each role may bring in is in `test_team`
    "pasang": ROLES,  # in private: where it is typed; in groups see `test_access`
    **dict.fromkeys(("batasi", "batasan", "cabut", "tetap"), MODERATORS),
    "pantau": LEADERS,
    "akses": frozenset({"pengawas"}),
    "alur": frozenset({"admin"}),
    **dict.fromkeys(("loket", "telepon"), FILERS),
}
WORDS = {"statistik": "kapan-kapan", "cari": "lampu", "tiket": NUMBER, "batasi": "x"}
"""What is typed with a command, where it needs something; no picture is drawn for each."""
REFUSALS = {
    "petugas_orang_asing",
    "petugas_bukan_moderator",
    "petugas_pantau_bukan_anda",
    "petugas_akses_bukan_anda",
    "petugas_alur_hanya_admin",
    "petugas_loket_bukan_anda",
}
PRESSES = {"flow": frozenset({"admin"}), "watch": LEADERS}
"""Buttons about no report that are not everybody's."""
OF_A_REPORT = {"act", "target", "reason", "page", "open", "tool", "tick", "unsent"}
EVERYBODYS = {"language", "queue", "practice"}
BY_WHAT_IT_NAMES = {"team"}
"""Whose access somebody may end or decide on is told by whose it is (`test_team`)."""
VERBS = {"list", "open", "text", "ask", "file", "review", "lines", "discard", "try", "say", "publish"} | {
    "renew",
    "rollback",
    "history",
}


@pytest.fixture
async def answered(house):
    """The names of the texts a chat was answered with since it was last asked."""
    seen = {}

    async def names(chat):
        rows = ()
        async with asyncio.timeout(10):
            while not rows:
                await asyncio.sleep(0.02)
                await house.staff.idle()
                rows = await house.core.database.read(
                    lambda c: outbox.said_after(c, "operator", str(chat), seen.get(chat, 0))
                )
        seen[chat] = max((one.id for one in rows), default=seen.get(chat, 0))
        return [one.message.response for one in rows]

    return names


@pytest.fixture
async def one(house, sandbox, joined, request):
    """One of all there can be; a stranger and somebody who has left hold no role."""
    if request.param in ROLES:
        return await joined("Uji", "dishub", request.param)
    if request.param == "left":
        person = await joined("Uji", "dishub", "penghubung")
        await house.roster.revoke(str(person.id))
        return person
    return await sandbox.user("Uji")


everybody = pytest.mark.parametrize("one", [*sorted(ROLES), "left", "stranger"], indirect=True)


def test_every_command_the_bot_listens_to_is_in_the_table(house):
    listened = {
        name
        for handlers in house.bot._front._application.handlers.values()
        for handler in handlers
        if isinstance(handler, CommandHandler)
        for name in handler.commands
    }
    assert listened == set(COMMANDS)


def test_every_kind_of_button_is_in_the_table():
    assert set(get_args(Kind)) == {*PRESSES} | OF_A_REPORT | EVERYBODYS | BY_WHAT_IT_NAMES
    assert set(get_args(Kind)) == set(LETTER_OF)


def test_every_verb_of_the_dialogs_desk_is_tried(house):
    assert {*FlowDesk(house.office)._verbs, "file"} == VERBS


@everybody
async def test_a_command_is_done_for_those_it_is_for_and_for_nobody_else(house, one, answered, request):
    role = request.node.callspec.params["one"]
    await one.send(BOT, "/start")
    await answered(one.id)
    wrong = []
    for name, roles in COMMANDS.items():
        await one.send(BOT, f"/{name} {WORDS.get(name, '')}".strip())
        said = await answered(one.id)
        passed = bool(said) and not REFUSALS & set(said)
        if passed is not (role in roles):
            wrong.append(f"/{name}: {said}")
    assert wrong == []


@everybody
async def test_a_button_kept_or_made_up_is_refused_to_whom_it_is_not_for(house, one, request):
    """Whoever held the role once has the buttons still; a client of one's own presses any."""
    role, office = request.node.callspec.params["one"], house.office
    operator = await house.roster.operator(str(one.id))
    seat = Seat(
        str(one.id), "Uji", str(one.id), private=True, operator=operator, agency="", updates=(), message="1"
    )
    desk = FlowDesk(office)
    if role not in PRESSES["flow"]:
        for verb in sorted(VERBS):
            told = await desk.press(seat, Press("flow", "x", verb, "0"), None)
            assert told == office.text("petugas_alur_hanya_admin"), verb
    if role not in PRESSES["watch"]:
        for kind in watch.KINDS:
            told = await watch.press(office, seat, Press("watch", "-", kind, "0"))
            assert told == office.text("petugas_pantau_bukan_anda"), kind
    said = await house.core.database.read(lambda c: outbox.said_after(c, "operator", str(one.id), 0))
    assert all(message.message.response == "petugas_selamat_datang" for message in said)
