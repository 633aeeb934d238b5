"""Who may do what: every role against every action of a card and every command, as the field has it.

The tables are written by hand from the roles of the field, not from `lifecycle.yml`: a change of that file
which gives somebody more must be written down here as well.
"""

from dataclasses import replace

import pytest

from bot.operator import figures
from bot.operator.commands import STAFF_COMMANDS
from bot.operator.office import Office, eligible
from bot.operator.seat import Seat
from bot.services.reports.ticketing import Act, Filing, apply, open_ticket
from storage.desk.staff import Membership, Operator
from storage.reports import cases
from storage.reports.cases import Home
from storage.talks import conversations, outbox
from storage.talks.conversations import Kept, NewContact
from tests.services.kit import POLICIES, house_in
from tickets.refusal import DeskRefusal
from tickets.ticket import Change, Command, Report, ReportPlace, ScreeningResult

PEOPLE = {
    "koordinator": "koordinator", "admin": "koordinator", "pengawas": "koordinator",
    "pimpinan kota": "koordinator",
    "penghubung": "dishub", "petugas": "dishub", "verifikator": "dishub", "pimpinan": "dishub",
    "wbs": "inspektorat",
}  # fmt: skip
"""One of each role, with the agency where it is held."""
ANSWERING = "penghubung petugas verifikator koordinator"
LEADING = "koordinator admin"
MAY = {
    "verify": LEADING,
    "refer": "koordinator penghubung admin",
    "redispose": LEADING,
    "claim": ANSWERING,
    "release": ANSWERING,
    "hand_over": ANSWERING,
    "reply": ANSWERING,
    "ask_data": ANSWERING,
    "resume": ANSWERING,
    "announce": "penghubung koordinator",
    "forward": "penghubung koordinator admin",
    "not_ours": "penghubung petugas",
    "refuse": "penghubung koordinator admin",
    "close": ANSWERING,
    "close_unheard": LEADING,
    "note": f"{ANSWERING} admin",
    "merge": "penghubung koordinator admin",
    "split": "penghubung koordinator admin",
    "moderate_pass": LEADING,
    "moderate_ask": LEADING,
    "moderate_refuse": LEADING,
    "moderate_confirm": LEADING,
    "propose_refusal": "koordinator admin penghubung",
    "make_confidential": LEADING,
    "escalate": "koordinator pimpinan",
    "acknowledge": LEADING,
    "hear_outside": LEADING,
    "reveal": "",
}
"""What the staff may do to a plain report at the agency where they work (coordinators and admins: at any)."""
CITIZENS = {
    "give_data", "data_part", "data_complete", "confirm", "deny", "rate", "survey", "reopen", "appeal",
    "cancel", "message", "correct", "follow", "unfollow", "make_anonymous",
}  # fmt: skip
CLOCKS = {
    "delivered", "auto_close", "unheard", "moderate_lapse", "absorb", "part", "group", "remind", "due",
    "recount",
}  # fmt: skip
EVERYWHERE = {"koordinator", "admin"}
SCOPES = ("own", "other", "whistle", "secret")
COMMANDS = {
    "pantau": "koordinator admin pimpinan pimpinan_kota",
    "batasi": LEADING,
    "batasan": LEADING,
    "cabut": LEADING,
    "tetap": LEADING,
    "akses": "pengawas",
}
"""Commands that are not for everybody of the staff; all others are, within what each may see."""
DRAWN = {"statistik": figures.digests}
"""A picture for everybody would only take time; its scopes are tested with the figures."""
NO = frozenset({"petugas_pantau_bukan_anda", "petugas_bukan_moderator", "petugas_akses_bukan_anda"})


def role_of(name):
    return name.split(" ", maxsplit=1)[0]


def operator(name):
    return Operator(name.replace(" ", "_"), name, (Membership(PEOPLE[name], role_of(name)),))


def expected(name, action, scope):
    """unseen, refused or may."""
    role, agency = role_of(name), PEOPLE[name]
    if scope == "whistle":
        seen, may = role == "wbs", action not in CITIZENS | CLOCKS or action == "make_confidential"
        return ("may" if may else "refused") if seen else "unseen"
    at_home = {"own": "dishub", "other": "dlh", "secret": "dlh"}[scope] == agency
    leads = name == "pimpinan kota" or role in EVERYWHERE
    decides = scope == "secret" and role in EVERYWHERE and held(action)
    if not (at_home or decides or (leads and scope != "secret")):
        return "unseen"
    return "may" if role in MAY.get(action, "").split() else "refused"


def held(action):
    """Whether it is tried on a report that is held: those are the moderators', confidential or not."""
    moves = POLICIES.lifecycle.actions[action].moves
    return "DISPOSISI" not in moves and next(iter(moves)) == "DITAHAN"


@pytest.fixture
async def house(tmp_path, clock):
    async with house_in(tmp_path, clock) as house:

        def citizen(connection):
            kept = Kept("c-1", "warga-1", house.core.bundles.live.hash, {}, 1)
            new = NewContact("warga-1", "telegram", "77", "id")
            conversations.begin(connection, new, kept, house.core.clock())

        await house.core.database.write(citizen)
        yield house


REPORTS = {
    "own": ("SLM-26-7XW2T", {"category": "lampu_jalan"}),
    "other": ("SLM-26-2222A", {"category": "sampah"}),
    "whistle": ("SLM-26-3333B", {"category": "aparatur", "classification": "wbs"}),
    "secret": ("SLM-26-4444C", {"category": "sampah", "confidential": True}),
}


async def opened(house, scope):
    number, given = REPORTS[scope]
    report = Report("lampu mati", "pengaduan", "", "", ReportPlace(), ScreeningResult("pass", (), ""))
    filing = Filing(number, replace(report, **given))
    home = Home("warga-1", "telegram", "77")
    done = await house.core.database.write(lambda c: open_ticket(c, house.core, filing, home))
    return done.change.ticket


def stood(ticket, rule):
    """The ticket in a state where the action has a place; what the action itself looks at is left to it."""
    if ticket.status in rule.moves:
        return ticket
    return replace(ticket, status=next(iter(rule.moves)), previous_status="DISPOSISI")


class DoneError(Exception):
    """It was done; nothing of it is kept."""


async def tried(house, name, action, ticket):
    """What comes of it when somebody tries, by the services' own way to a ticket."""
    actor = eligible(operator(name), ticket, POLICIES.agencies.coordinator)
    if actor is None:
        return "unseen"

    def work(connection):
        known = cases.case(connection, ticket.number).ticket.version
        cases.save(connection, Change(ticket, (), ()), known)
        apply(connection, house.core, ticket.number, Act(Command(action, actor)))
        raise DoneError

    try:
        await house.core.database.write(work)
    except DoneError:
        return "may"
    except DeskRefusal as refusal:
        return "refused" if refusal.code == "tidak_berwenang" else "may"
    raise AssertionError("it ends one way or the other")


async def test_every_role_may_do_to_a_report_what_the_field_gives_it(house):
    wrong = []
    for scope in SCOPES:
        opening = await opened(house, scope)
        for action, rule in POLICIES.lifecycle.actions.items():
            ticket = stood(opening, rule)
            for name in PEOPLE:
                got, wanted = await tried(house, name, action, ticket), expected(name, action, scope)
                if got != wanted:
                    wrong.append(f"{name}, {scope}: {action} → {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_no_action_is_left_out():
    assert set(MAY) | CITIZENS | CLOCKS == set(POLICIES.lifecycle.actions)


async def test_every_command_is_for_whom_it_is_meant(house):
    office = Office(house.core, house.ticketing, house.roster)
    for name, agency in PEOPLE.items():
        who = operator(name)
        await house.roster.join(await house.roster.invite(agency, role_of(name)), who.id, name)
        seat = Seat(who.id, name, who.id, private=True, operator=who, agency="", updates=(), message="1")
        for command, run in {**STAFF_COMMANDS, **DRAWN}.items():
            before = len(await said(house, who.id))
            await run(office, seat, "")
            answers = [one.message.response for one in (await said(house, who.id))[before:]]
            assert answers, f"/{command} is not answered"
            meant = command not in COMMANDS or who.id in COMMANDS[command].split()
            assert bool(NO & set(answers)) is not meant, f"{name}, /{command}: {answers}"


async def said(house, chat):
    return await house.core.database.read(lambda c: outbox.said_after(c, "operator", chat, 0))
