"""The worked examples of the how-to pages, taken from the pages and run."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import create_engine

from bot.channels.base import Channel, Delivery, SendError
from dialogs import steps
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.check import check
from dialogs.conversation import Conversation
from dialogs.engine import advance
from dialogs.events import BotUttered
from dialogs.loader import read_sources
from dialogs.messages import Button, InboundMessage, OutboundMessage
from dialogs.parse import flows as flow_words
from dialogs.turn import ActionCall, Context
from nlu.interpretation import Guess, Interpretation

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
EXAMPLE = re.compile(
    r"^`(?P<file>[\w/.]+)`(?:, under `(?P<under>\w+):`)?:\n\n```\w+\n(?P<body>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def examples(page):
    """What a page says should stand in which file (and under which key of it)."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    return {(found["file"], found["under"]): found["body"] for found in EXAMPLE.finditer(text)}


def sources(page):
    """The dialog that comes with the program, with a page's example worked in."""
    found = dict(read_sources())
    for (file, under), body in examples(page).items():
        name = file.removeprefix("dialogs/")
        if under:
            found[name] = re.sub(rf"^{under}:\n", f"{under}:\n{body}", found[name], flags=re.MULTILINE)
        elif name.endswith(".yml"):
            found[name] = body
    return found


def module(page, file):
    """A page's Python file, as a module."""
    made = ModuleType(Path(file).stem)
    made.__dict__["__name__"] = f"example_{made.__name__}"
    sys.modules[made.__dict__["__name__"]] = made  # dataclasses look their module up
    exec(compile(examples(page)[file, None], file, "exec"), made.__dict__)  # noqa: S102 - our own page
    return made


def talk(found, *said):
    """What the bot answers to each text."""
    bundle = Bundle.from_sources(found)
    now = Conversation.start(
        id="c", channel="telegram", address="1", contact="k", bundle=bundle.hash, language="id"
    )
    answers = []
    for number, text in enumerate(said):
        message = InboundMessage("telegram", str(number), "1", NOW, "text", text)
        meaning = Interpretation(text, Guess("di_luar", 0.1))
        turn = advance(now, message, meaning, bundle, Context(NOW))
        now = turn.conversation
        answers.append([one.message.text for one in turn.events if isinstance(one, BotUttered)])
    return answers


def test_the_flow_has_no_fault_and_answers():
    found = sources("flow")
    assert check(found) == ()
    asked, refused, answered = talk(found, "ronda", "tiga", "3")
    assert asked == ["RW berapa? Cukup angkanya."]
    assert refused[0].startswith("Tulis nomor RW-nya")
    assert answered == ["RW 3 ronda setiap malam Sabtu, kumpul jam 21.00 di pos."]


def test_the_other_way_through_the_flow():
    assert talk(sources("flow"), "/ronda", "12")[-1][0].startswith("RW 12 ronda setiap malam Minggu")


@pytest.mark.parametrize(("hour", "told"), [(2, "buka"), (9, "tutup")])
async def test_the_action_runs(hour, told):
    action = module("action", "dialogs/actions/hours.py").ActionOfficeHours(desk=None)
    runner = ActionRunner(None, [action])
    conversation = Conversation("c", "telegram", "1", "k", "id", "hash")
    call = ActionCall("action_office_hours", "kantor", "jam")
    result = await runner.run(call, conversation, Context(NOW.replace(hour=hour)))
    assert (result.failed, result.slots) == ("", {"kantor": told})


def test_the_actions_names_fit_the_domain():
    bundle = Bundle.from_sources(sources("action"))
    assert "action_office_hours" in bundle.actions
    assert "kantor" in bundle.slots


def test_the_step_runs(monkeypatch):
    step = module("step", "dialogs/steps/forget.py")
    monkeypatch.setattr(steps, "STEPS", {**steps.STEPS, "forget": step.run})
    monkeypatch.setattr("dialogs.engine.STEPS", steps.STEPS)
    monkeypatch.setattr(flow_words, "KINDS", (*flow_words.KINDS, "forget"))
    monkeypatch.setattr(flow_words, "STEP_KEYS", flow_words.STEP_KEYS | {"forget"})
    found = sources("flow")
    found["flows/ronda.yml"] = found["flows/ronda.yml"].replace(
        "- noop: true", "- forget: rw\n      - collect: rw\n      - noop: true"
    )
    first, again, answered = talk(found, "ronda", "3", "4")
    assert first == again == ["RW berapa? Cukup angkanya."]
    assert answered[0].startswith("RW 4 ")


def test_the_channel_reads_and_writes():
    sms = module("channel", "bot/channels/sms.py")
    update = {"id": 7, "from": "+628123", "text": "lampu mati", "at": "2026-11-22T09:00:00+07:00"}
    message = sms.parse(update)
    assert (message.external_id, message.address, message.text) == ("7", "+628123", "lampu mati")
    assert all(sms.parse(broken) is None for broken in ({}, [], None, update | {"at": "kemarin"}))
    shown = sms.render(OutboundMessage("Betul?", ((Button("Ya", "/ya"), Button("Tidak", "/tidak")),)))
    assert shown == ["Betul?\n\n1. Ya\n2. Tidak"]
    assert all(len(text) <= 459 for text in sms.render(OutboundMessage("kata " * 400)))


@pytest.mark.parametrize(("status", "retryable"), [(200, None), (500, True), (403, False)])
async def test_the_channel_sends(status, retryable):
    sms, taken = module("channel", "bot/channels/sms.py"), []

    async def gateway(request):
        taken.append(await request.json())
        return web.json_response({"id": f"m{len(taken)}"}, status=status)

    app = web.Application()
    app.router.add_post("/", gateway)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with aiohttp.ClientSession() as session:
        channel: Channel = sms.SmsChannel(url, session)
        delivery = Delivery("+628123", OutboundMessage("Diterima."))
        if retryable is None:
            assert (await channel.send(delivery)).refs == ("m1",)
            assert taken == [{"to": "+628123", "text": "Diterima."}]
        else:
            with pytest.raises(SendError) as problem:
                await channel.send(delivery)
            assert problem.value.retryable is retryable
    await runner.cleanup()


def test_the_table_keeps(monkeypatch):
    rows = module("table", "storage/rows/notes.py")
    monkeypatch.setitem(sys.modules, "storage.rows.notes", rows)
    try:
        store = module("table", "storage/desk/notes.py")
        engine = create_engine("sqlite://")
        rows.notes.create(engine)
        with engine.begin() as connection:
            store.pin(connection, "dishub", "libur besok", NOW)
            store.pin(connection, "dishub", "piket: Budi", NOW)
            assert store.pinned(connection, "dishub") == ("piket: Budi", "libur besok")
        engine.dispose()
    finally:
        rows.metadata.remove(rows.notes)
