"""Examiners are processes: what brings one down harms nobody else, and nothing hangs."""

import asyncio
import errno
import os
import random
import signal
import struct
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.services.files import examiner as child
from bot.services.files import examining
from bot.services.files.examining import Examiner, NotExaminedError
from tests.pictures import jpeg
from tickets.policies import load_policies

POLICY = load_policies().evidence
PHOTO = jpeg(31)


@pytest.fixture
async def examiner():
    made = Examiner(POLICY)
    yield made
    await made.stop()


def process_of(examiner):
    return examiner._workers[0]._process


async def test_many_files_at_once_are_answered_each_with_its_own(examiner):
    files = [jpeg(seed, quality=40) for seed in range(6)] + [b"bukan foto"]
    found = await asyncio.gather(*(examiner.examine(one) for one in files))
    assert [one.facts.kind for one in found] == ["jpeg"] * 6 + [""]
    assert len({one.print.coarse for one in found[:6]}) == 6
    assert found[6].refused == "unknown"


async def test_an_examiner_that_dies_is_replaced_and_the_file_looked_at_again(examiner):
    await examiner.examine(PHOTO)
    first = process_of(examiner)
    first.kill()
    await first.wait()
    assert (await examiner.examine(PHOTO)).refused == ""
    assert process_of(examiner).pid != first.pid


async def test_a_file_that_takes_too_much_of_the_processor_is_broken_and_the_next_one_is_looked_at():
    examiner = Examiner(replace(POLICY, seconds=0.1))
    vast = b"\x89PNG\r\n\x1a\n" + _png(7900, 8000)
    assert (await examiner.examine(vast)).refused == "broken"
    assert (await examiner.examine(jpeg(34, quality=20))).refused == ""
    await examiner.stop()


@pytest.mark.parametrize("given", [0.0, 0.2])
async def test_a_machine_too_busy_to_examine_says_nothing_against_the_file(monkeypatch, given):
    monkeypatch.setattr(examining, "GRACE", given)
    monkeypatch.setattr(examining, "PATIENCE", 0)
    examiner = Examiner(POLICY)
    monkeypatch.setattr(examining, "EXAMINER", "tests.services.sleepers")
    with pytest.raises(NotExaminedError):
        await examiner.examine(PHOTO)
    await examiner.stop()


async def test_an_examiner_that_does_not_come_up_says_nothing_against_the_file(monkeypatch):
    monkeypatch.setattr(examining, "EXAMINER", "tests.services.nowhere")
    with pytest.raises(NotExaminedError):
        await Examiner(POLICY).examine(PHOTO)


async def test_no_process_for_an_examiner_says_nothing_against_the_file(monkeypatch):
    async def none_left(*_command, **_pipes):
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", none_left)
    with pytest.raises(NotExaminedError):
        await Examiner(POLICY).examine(PHOTO)


async def test_what_needs_more_memory_than_there_is_is_told_as_too_large():
    examiner = Examiner(replace(POLICY, memory=256 << 20, limits=replace(POLICY.limits, longest_side=9000)))
    found = await examiner.examine(jpeg(32, progressive=True))
    assert found.refused == ""
    vast = b"\x89PNG\r\n\x1a\n" + _png(7900, 8000)
    assert (await examiner.examine(vast)).refused in {"too_many_pixels", "broken"}
    assert (await examiner.examine(PHOTO)).refused == ""
    await examiner.stop()


def _png(wide: int, high: int) -> bytes:
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(bytes(1 + wide * 4)) for _ in range(high)) + packer.flush()
    return chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_who_stops_waiting_gets_nobody_elses_answer(examiner):
    await examiner.examine(PHOTO)
    task = asyncio.create_task(examiner.examine(jpeg(33)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await examiner.examine(b"%PDF-1.7 terpotong")).refused == "broken"


async def test_who_stops_in_the_middle_of_a_file_leaves_no_process_behind(examiner):
    await examiner.examine(PHOTO)
    busy = process_of(examiner)
    task = asyncio.create_task(examiner.examine(jpeg(33)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await examiner.stop()
    assert busy.returncode == -signal.SIGKILL


async def test_who_stops_before_a_long_answer_is_read_holds_up_nobodys_end(examiner, monkeypatch):
    await examiner.examine(PHOTO)
    answers, never = process_of(examiner).stdout, asyncio.Event()

    async def unread(_answers):
        await never.wait()

    monkeypatch.setattr(examining, "_part", unread)
    asked = asyncio.create_task(examiner.examine(_noise(900)))
    while answers._transport.is_reading():  # noqa: ASYNC110 until more came than may lie unread
        await asyncio.sleep(0.01)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await asyncio.wait_for(examiner.stop(), 20)


def _noise(wide: int) -> bytes:
    """A photo that hardly gets smaller by packing."""
    packed = BytesIO()
    pixels = random.Random(5).randbytes(3 * wide * wide)
    Image.frombytes("RGB", (wide, wide), pixels).save(packed, "JPEG", quality=90)
    return packed.getvalue()


async def test_an_examiner_stands_behind_everybody_else(examiner):
    await examiner.examine(PHOTO)
    assert os.getpriority(os.PRIO_PROCESS, process_of(examiner).pid) >= child.NICENESS


def test_questions_end_where_the_pipe_does():
    answers = BytesIO()
    child.serve(BytesIO(b""), answers, POLICY.limits, 1)
    assert answers.getvalue() == b""
