"""The soak's reckoning finds what is wrong: one that finds nothing must have had something to find."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.world import World
from dialogs.loader import load_bundle
from tests.soak.citizens import SENT, Diary
from tests.soak.logs import reckoned
from tests.soak.memory import WARM_SECONDS, Memory, Sample, growth
from tests.soak.mouths import Telegram, picture
from tests.soak.processes import ROOT
from tests.soak.reconciling import Kept, reconcile

NUMBER = "SLM-26-7XW2T"
RECEIPT = f"✅ Diterima. Nomor laporan: {NUMBER}"
TAKEN = {"/telegram/citizen": {5}}


def arrival(number: int, state: str = "done") -> SimpleNamespace:
    return SimpleNamespace(channel="telegram", external_id=str(number), state=state)


def message(address: int, refs: list[str], **more) -> dict:
    return {
        "channel": "telegram",
        "address": str(address),
        "state": "sent",
        "refs": refs,
        "error_code": None,
        **more,
    }


@pytest.fixture
def told():
    """One citizen who reported with two photos: what was kept, the world, and the diary."""
    world = World((CITIZEN_BOT,), clock=time.time)
    person = world.add_person("Siti")
    bot = world.bots[CITIZEN_BOT.id]
    room = world.private(bot, person)
    world.post(room, person.user(), {"text": "lampu mati"})
    receipt = world.post(room, {"id": bot.id, "is_bot": True}, {"text": RECEIPT})
    row = message(person.id, [str(receipt["message_id"])])
    kept = Kept([arrival(5)], [row], {NUMBER: None}, [], [], Counter({NUMBER: 2}), Counter(), 0)
    mouth = Telegram(SimpleNamespace(id=person.id))
    return kept, world, Diary(mouth, "photos", photos=2, number=NUMBER)


def faults(kept, world, diary, taken=TAKEN) -> str:
    return " / ".join(reconcile(kept, world, [diary], taken).faults)


def test_what_adds_up_has_no_faults(told):
    assert faults(*told) == ""


def test_a_reminder_that_goes_out_while_all_is_being_read_is_no_fault(told):
    kept, world, diary = told
    (room,), bot = world.rooms.values(), world.bots[CITIZEN_BOT.id]
    world.post(room, {"id": bot.id, "is_bot": True}, {"text": "Masih di sana?"})
    assert "said and not known of" in faults(*told)
    assert faults(replace(kept, read_at=time.time()), world, diary) == ""


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"arrivals": [arrival(5, "waiting")]}, "not all that came in was answered"),
        ({"arrivals": [arrival(5), arrival(5)]}, "came in twice"),
        ({"arrivals": []}, "updates were taken and are not there"),
        ({"tickets": {}}, "receipts and reports differ"),
        ({"tickets": {NUMBER: None, "SLM-26-00000": None}}, "receipts and reports differ"),
        ({"photos": Counter({NUMBER: 1})}, "1 photos of 2"),
        ({"breaks": [NUMBER]}, "history is broken"),
        ({"deadlines": Counter({(NUMBER, "due"): 2})}, "deadlines twice"),
        ({"lost_files": 1}, "neither kept nor refused"),
        ({"messages": [message(7100000001, ["2"], state="waiting")]}, "not everything was said"),
        ({"messages": [message(7100000001, ["2", "900"])]}, "are called sent and are not there"),
        ({"messages": []}, "said and not known of"),
    ],
)  # fmt: skip
def test_each_fault_is_found(told, change, found):
    kept, world, diary = told
    for row in change.get("messages", []):
        row["address"] = str(diary.mouth.user.id)
    assert found in faults(replace(kept, **change), world, diary)


def test_who_waits_for_an_answer_is_found(told):
    kept, world, diary = told
    person = world.person(diary.mouth.user.id)
    world.post(world.private(world.bots[CITIZEN_BOT.id], person), person.user(), {"text": "halo?"})
    assert "wait for an answer" in faults(kept, world, diary)


LOG = """\
Kentongan siap.
  Halaman depan  http://127.0.0.1:8080
{"lane": "turns", "event": "waiting for the database", "level": "warning", "timestamp": "2026"}
{"rows": [41], "event": "turn failed", "level": "error", "error": "KeyError", "trace": ["x.py:1 f"]}
ERROR asyncio Task exception was never retrieved
future: <Task finished name='Task-71' coro=<f() done>>
Traceback (most recent call last):
ValueError: 5
{"rows": [77], "event": "turn failed", "level": "error", "error": "KeyError", "trace": ["x.py:2 f"]}
Exception ignored in: <function f at 0x7f>
Traceback (most recent call last):
OSError
WARNING asyncio socket.send() raised exception.
"""


def test_each_error_of_the_log_is_told_once_with_its_first_sample():
    log = reckoned(LOG)
    assert log.levels == {"other": 1, "warning": 2, "error": 4}
    assert log.warnings == {"waiting for the database": 1, "asyncio socket.send() raised exception.": 1}
    assert {name: one["times"] for name, one in log.errors.items()} == {
        "turn failed KeyError": 2,
        "asyncio Task exception was never retrieved": 1,
        "Exception ignored in: <function f at #>": 1,
    }
    assert log.errors["turn failed KeyError"]["sample"] == ['{"rows": [41], "error": "KeyError"}', "x.py:1 f"]
    assert log.errors["asyncio Task exception was never retrieved"]["sample"][-1] == "ValueError: 5"


def test_a_sample_names_no_place_of_this_machine():
    told = f"ERROR bot File {ROOT}/bot/app.py, File /usr/local/lib/python3.12/asyncio/tasks.py"
    (error,) = reckoned(told).errors.values()
    assert error["sample"] == ["ERROR bot File bot/app.py, File asyncio/tasks.py"]


def series(slope: float, seconds: int) -> list[Sample]:
    chance = random.Random("memori")
    return [
        Sample(at, 1, 300 + slope * at / 3600 + chance.uniform(-1, 1), 250) for at in range(0, seconds, 60)
    ]


@pytest.mark.parametrize("slope", [0, 40])
def test_growth_is_that_of_the_warm_process(slope):
    life = [
        replace(one, rss_mb=one.rss_mb + (one.at < WARM_SECONDS / 2) * -100) for one in series(slope, 3600)
    ]
    grown = growth(life)
    assert grown is not None
    assert grown.mb_an_hour == pytest.approx(slope, abs=2)
    assert abs(grown.mb_an_hour - slope) < grown.give_or_take < 2


def test_one_step_makes_growth_less_sure():
    plain, stepped = (
        growth([replace(one, rss_mb=one.rss_mb + step * (one.at > 2400)) for one in series(0, 3600)])
        for step in (0, 3)
    )
    assert plain is not None
    assert stepped is not None
    assert stepped.mb_an_hour > 2
    assert stepped.give_or_take > 2 * plain.give_or_take


def test_what_a_process_began_counts_as_its_own():
    life = [replace(one, rss_mb=300, examiner_mb=one.rss_mb - 280) for one in series(40, 3600)]
    grown = growth(life)
    assert grown is not None
    assert grown.mb_an_hour == pytest.approx(40, abs=2)


def test_a_process_is_looked_at_with_those_it_began():
    command = (sys.executable, "-c", "print(flush=True); input()")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()  # before, it holds next to nothing
        found = Memory()._look(os.getpid())
        child.communicate(b"\n")
    assert found is not None
    assert found.rss_mb > found.examiner_mb > 0


@pytest.mark.parametrize("response", ["utter_sudah_terkirim", "utter_sudah_terkirim_tetap"])
def test_citizens_understand_that_their_report_was_sent_already(response):
    told = load_bundle().responses["id"][response].variations
    texts = [one.text.source for one in told if not one.channel]
    assert texts
    assert all(any(words in text for words in SENT) for text in texts)


def test_a_short_life_is_not_judged():
    assert growth(series(40, 1200)) is None
    assert growth([]) is None


def test_no_photo_is_like_another():
    chance = random.Random("foto")
    assert picture(chance) != picture(chance)
