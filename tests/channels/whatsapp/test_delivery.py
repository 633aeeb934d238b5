"""The same webhook again and again, several messages at once, statuses in any order."""

import asyncio
import itertools

import orjson
from sqlalchemy import delete, update

from bot.sandbox.graph import events
from bot.services.sending.receipts import Receipt
from bot.services.talks import intake
from dialogs.messages import OutboundMessage
from storage.rows import inbox, outbox
from storage.rows import receipts as receipt_rows
from storage.talks import receipts


async def rows(line, table):
    query = table.select().where(table.c.channel == "whatsapp").order_by(table.c.id)
    return await line.house.core.database.glance(lambda c: c.execute(query).mappings().all())


async def test_a_webhook_sent_again_is_one_message(line):
    entry = events.said(line.sandbox.graph, line.someone, "text", {"body": "halo"})
    for _ in range(5):
        line.sandbox.hooks.send(events.WHATSAPP, entry)
    await line.sandbox.hooks.idle()
    await line.settle()
    assert len(await rows(line, inbox)) == 1
    assert len(line.screen) == 1


async def test_several_messages_in_one_webhook_are_all_answered(line):
    first = events.said(line.sandbox.graph, line.someone, "text", {"body": "halo"})
    second = events.said(line.sandbox.graph, line.someone, "text", {"body": "menu"})
    value = first["changes"][0]["value"]
    value["messages"] += second["changes"][0]["value"]["messages"]
    line.sandbox.hooks.send(events.WHATSAPP, first)
    line.sandbox.hooks.send(events.WHATSAPP, {"id": "1", "changes": first["changes"] + second["changes"]})
    await line.sandbox.hooks.idle()
    await line.settle()
    assert len(await rows(line, inbox)) == 2


async def test_the_same_at_once_is_one_message(line):
    entry = events.said(line.sandbox.graph, line.someone, "text", {"body": "halo"})
    body = orjson.dumps({"object": events.WHATSAPP, "entry": [entry]})
    answers = await asyncio.gather(*(line.sandbox.hooks.post(body) for _ in range(8)))
    await line.settle()
    assert set(answers) == {200}
    assert len(await rows(line, inbox)) == 1


async def test_statuses_may_come_in_any_order_and_twice(line):
    await line.say("halo")
    row = (await rows(line, outbox))[-1]
    write, now = line.house.core.database.write, line.house.core.clock()
    for order in itertools.permutations(["sent", "delivered", "read"]):
        await write(lambda c: c.execute(delete(receipt_rows)))
        await write(lambda c: c.execute(update(outbox).values(delivered_at=None, read_at=None)))
        await write(lambda c: receipts.expect(c, "whatsapp", row["refs"], row["id"], now))
        for state in (*order, *order):
            await line.house.receipts.note(Receipt("whatsapp", "", row["refs"][0], state, now))
        after = (await rows(line, outbox))[-1]
        assert (after["delivered_at"], after["read_at"], after["state"]) == (now, now, "sent"), order


async def test_a_status_before_we_wrote_down_what_we_sent_is_not_lost(line):
    await line.file()
    await line.act("claim")
    now = line.house.core.clock()
    ref = f"wamid.HBgNsandbox{line.sandbox.graph.counted + 1:012d}"
    await line.house.receipts.note(Receipt("whatsapp", "", ref, "delivered", now))
    callback, line.sandbox.hooks.callback = line.sandbox.hooks.callback, ""
    number = (await line.case()).ticket.number
    await line.push(OutboundMessage("Kabar.", ticket=number), settle=False)
    assert (await rows(line, outbox))[-1]["refs"] == [ref]
    assert (await rows(line, outbox))[-1]["delivered_at"]
    line.sandbox.hooks.callback = callback


async def test_a_failure_told_before_we_wrote_down_what_we_sent_is_acted_upon(line):
    number = await line.file()
    ref = f"wamid.HBgNsandbox{line.sandbox.graph.counted + 1:012d}"
    failed = Receipt("whatsapp", "", ref, "failed", line.house.core.clock(), "undeliverable", "tidak ada")
    await line.house.receipts.note(failed)
    await line.push(OutboundMessage("Kabar.", response="utter_coba", ticket=number), settle=False)
    assert await line.states("utter_coba") == ["failed"]
    assert [one["error_text"] for one in await line.undeliverable()] == ["tidak ada"]


async def test_a_message_that_can_never_be_kept_holds_up_none_beside_it(line, monkeypatch):
    real = intake.plainly

    def choking(message):
        if "racun" in message.text:
            raise ValueError("cannot bear it")
        return real(message)

    monkeypatch.setattr(intake, "plainly", choking)
    first = events.said(line.sandbox.graph, line.someone, "text", {"body": "racun tikus"})
    second = events.said(line.sandbox.graph, line.someone, "text", {"body": "bantuan"})
    first["changes"][0]["value"]["messages"] += second["changes"][0]["value"]["messages"]
    body = orjson.dumps({"object": events.WHATSAPP, "entry": [first]})
    assert [await line.sandbox.hooks.post(body) for _ in range(4)] == [500, 500, 200, 200]
    await line.settle()
    states = {row["payload"]["text"]: row["state"] for row in await rows(line, inbox)}
    assert states == {"racun tikus": "set_aside", "bantuan": "done"}
    assert len(line.screen) == 2
    assert "belum terjawab" in line.screen[-1]
