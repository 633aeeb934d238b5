"""What Meta sends for its three messengers, over HTTP to a running house: what is answered, and once."""

import json
import time
from contextlib import AsyncExitStack
from pathlib import Path

import orjson
import pytest

from bot.sandbox.graph.server import text_of
from tests.channels.playing import open_house

TABLE = json.loads(Path(__file__).with_name("meta.json").read_text(encoding="utf-8"))
LONG = 65_536
MOST = 3
"""Answers to one message: it arrived, its file did not, the question again."""


def entry(channel: str, someone, shape, mid: str):
    now = time.time()
    account = someone.account
    if channel != "whatsapp":
        at, ends = int(now * 1000), {"sender": {"id": someone.scoped}, "recipient": {"id": account.id}}
        return {"id": account.id, "time": at, "messaging": [{**ends, "timestamp": at, **shape}]}
    head = {"from": someone.phone, "from_user_id": someone.scoped, "id": mid, "timestamp": str(int(now))}
    names = {"wa_id": someone.phone, "user_id": someone.scoped}
    contact = {"profile": {"name": "Warga", "username": "@w"}, **names}
    about = {"display_phone_number": "15550783881", "phone_number_id": account.id}
    said = {"contacts": [contact], "messages": [{**head, **shape}]}
    value = {"messaging_product": "whatsapp", "metadata": about, **said}
    return {"id": "1", "changes": [{"field": "messages", "value": value}]}


def filled(shape, mid: str):
    return json.loads(json.dumps(shape).replace('"@"', json.dumps(mid)))


@pytest.mark.parametrize("channel", sorted(TABLE))
async def test_each_is_answered_once_or_not_at_all(channel, tmp_path):
    """Files are out of reach here, which is told once they have been asked for."""
    async with AsyncExitStack() as stack:
        house = await open_house(stack, tmp_path, (channel,))
        wire, wrong = house.wires[channel], []
        for number, (name, shape, answers) in enumerate(TABLE[channel]):
            someone, mid = (await wire.person()).someone, f"{name} {number}"
            someone.wrote_at = wire.sandbox.graph.clock()
            told = filled(shape, "x" * LONG if name.startswith("a text of") else mid)
            entries = [entry(channel, someone, told, mid)]
            body = orjson.dumps({"object": someone.account.about, "entry": entries})
            statuses = {await wire.sandbox.hooks.post(body) for _ in range(2)}
            await house.house.settle()
            said = [text_of(one) for one in someone.seen]
            if statuses != {200} or bool(said) != bool(answers) or len(said) > MOST:
                wrong.append((name, statuses, said))
        assert wrong == []
