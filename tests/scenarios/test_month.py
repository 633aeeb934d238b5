"""A month at three agencies, ten operators, a hundred citizens at once; at its end everything adds up.

`make soak` plays it whole, in some minutes; otherwise a small town of the same kind does.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.sandbox.client import Message, SandboxRefused, User
from storage.reports import cases, chain
from storage.rows import deadlines, inbox, outbox
from tests.scenarios.kit import CITIZENS, NUMBER, OPERATORS, beside_a_sandbox, onward, running_town
from tests.scenarios.month import DESKS, PEOPLE, PLACES, STEP, STEPS, STORIES, WHOLE, Calendar, Month


@pytest.fixture
async def month(tmp_path, monkeypatch) -> AsyncIterator[Month]:
    # The pace of groups counts real minutes, and this month has no thousand of them; `test_pace` is about it.
    monkeypatch.setattr("bot.operator.client.GROUP", (0, 60))
    calendar = Calendar()
    async with (
        beside_a_sandbox(tmp_path / "data") as settings,
        running_town(settings, clock=calendar) as town,
    ):
        yield Month(town, calendar, random.Random(2027))


async def file_report(month: Month, person: User, story: str) -> None:
    """From the first message to the receipt, by whatever buttons are offered."""
    await person.send(CITIZENS, story)
    for _ in range(12):
        message = await person.wait_for(lambda m: bool(m.labels) or "SLM-" in m.text, timeout=60)
        if NUMBER.search(message.text) and "Diterima" in message.text:
            month.done["filed"] += 1
            return
        choice = onward(message.labels)
        await person.press(choice, message)
    raise AssertionError(f"{person.name} was led nowhere")


async def staffed(month: Month) -> None:
    month.staff.append(await month.town.operator("Dian", "koordinator", "koordinator"))
    for agency, size in DESKS.items():
        people = [await month.town.operator(f"{agency}-{one}", agency) for one in range(size)]
        month.staff += people
        if agency == "dishub":
            group = await month.town.sandbox.forum("Meja Dishub", owner=people[0])
            await group.add(OPERATORS, admin=True)
            await people[0].wait_for(text="/pasang")
            await people[0].send(group, "/pasang dishub")
            await people[0].wait_for(text="satu topik")
            for other in people[1:]:
                await group.add(other)


async def reported(month: Month) -> None:
    """All at once."""
    agencies = list(STORIES)
    month.people = [await month.town.sandbox.user(f"Warga {one}") for one in range(PEOPLE)]
    await asyncio.gather(
        *(
            file_report(month, one, STORIES[agencies[at % 3]].format(place=PLACES[at % len(PLACES)]))
            for at, one in enumerate(month.people)
        )
    )


async def work(month: Month, operator: User) -> None:
    """An operator's day: some of the cards that are new or have changed."""
    await operator.refresh()
    cards = {NUMBER.search(m.text)[0]: m for m in operator.messages if m.labels and NUMBER.search(m.text)}
    for card in list(cards.values()):
        deed = month.chance.choice(("reply", "reply", "claim", "ask", "close", "close", "later"))
        with suppress(LookupError, TimeoutError, SandboxRefused):
            await deal(month, operator, card, deed)


async def deal(month: Month, operator: User, card: Message, deed: str) -> None:
    if deed == "claim":
        await operator.press("Ambil", card)
    elif deed == "reply" and "Balas" in card.labels:
        await operator.reply(card, f"Kami tangani, kabar ke-{month.done['words']}.")
        month.done["words"] += 1
    elif deed == "ask":
        await operator.press("Minta data", card)
        offer = await operator.wait_for(text="data apa yang perlu", timeout=4)
        await operator.reply(offer, f"Patokannya apa, pertanyaan {month.done['words']}?")
        month.done["words"] += 1
    elif deed == "close":
        await operator.press("Selesai", card)
        prompt = await operator.wait_for(text="foto buktinya", timeout=4)
        await operator.reply(prompt, f"Selesai, urusan {month.done['words']}.", photo=month.photo)
        month.done["words"] += 1


async def answer(month: Month, person: User) -> None:
    """A citizen's day: what waits for their word, mostly."""
    with suppress(LookupError, TimeoutError):
        await person.refresh()
        for message in month.fresh(person):
            await react(month, person, message)


async def react(month: Month, person: User, message: Message) -> None:
    chance = month.chance.random()
    if "Sudah" in message.labels and chance < 0.7:
        await person.press("Sudah" if chance < 0.5 else "Belum", message)
        if chance >= 0.5:
            await person.wait_for(timeout=4)
            await person.send(CITIZENS, "masih sama saja")
    elif "Jawab" in message.labels and chance < 0.8:
        await person.reply(message, "patokannya warung di seberang jalan")
    elif "5 ⭐" in message.labels:
        await person.press(f"{month.chance.randint(1, 5)} ⭐", message)
    elif "💬" in message.text and chance < 0.2:
        await person.reply(message, "terima kasih infonya")


async def through_the_month(month: Month) -> None:
    leaver = month.people[0]
    for step in range(STEPS):
        month.calendar.leap += STEP
        while await month.town.house.deadlines.run_once():
            pass
        await month.settled()
        if step == 2:
            await leaver.block(CITIZENS)
        hands = month.chance.sample(month.staff, max(2, len(month.staff) // 3))
        await asyncio.gather(*(work(month, one) for one in hands))
        await month.settled()
        await asyncio.gather(*(answer(month, one) for one in month.people if one is not leaver))
        await month.settled()


async def seen_through(month: Month) -> None:
    """Whatever chance brought: at the end the desks close what they can, and who is asked says it is done."""
    for operator in month.staff:
        await operator.refresh()
        cards = {NUMBER.search(m.text)[0]: m for m in operator.messages if m.labels and NUMBER.search(m.text)}
        for card in [one for one in cards.values() if "Selesai" in one.labels][:2]:
            with suppress(LookupError, TimeoutError, SandboxRefused):
                await deal(month, operator, card, "close")
    await month.settled()
    for person in month.people[1:]:
        await person.refresh()
        for message in [one for one in person.messages if "Sudah" in one.labels][-1:]:
            with suppress(LookupError, TimeoutError, SandboxRefused):
                await person.press("Sudah", message)
    await month.settled()


@pytest.mark.timeout(3600 if WHOLE else 280)
async def test_a_month_adds_up_to_the_last_message(month, photo):
    month.photo = photo(77)
    await staffed(month)
    await reported(month)
    await month.settled()
    await through_the_month(month)
    await seen_through(month)
    read = month.town.house.core.database.read
    tickets = {case.ticket.number: case for case in await month.town.cases()}
    histories = {number: await read(lambda c, n=number: cases.history(c, n)) for number in tickets}
    rows = await read(lambda c: list(c.execute(select(outbox)).mappings()))

    await every_report_has_its_receipt(month, tickets)
    await nobody_waits_for_an_answer(month, rows)
    every_word_of_the_staff_is_accounted_for(rows, histories)
    await no_deadline_was_acted_on_twice(month, histories)
    for number, case in tickets.items():
        assert histories[number][-1].after == case.ticket.status
        assert await read(lambda c, n=number: chain.find_break(c, n)) is None
    closed = [one for one in tickets.values() if one.ticket.status == "SELESAI"]
    assert closed, "a month in which nothing was finished shows nothing"


async def every_report_has_its_receipt(month: Month, tickets) -> None:
    receipts = set()
    for person in month.people:
        await person.refresh()
        told = [m.text for m in person.messages if "Diterima" in m.text and NUMBER.search(m.text)]
        receipts |= {NUMBER.search(text)[0] for text in told}
    assert receipts == set(tickets)
    assert len(tickets) == month.done["filed"] == PEOPLE


async def nobody_waits_for_an_answer(month: Month, rows) -> None:
    """Every message was answered, and everything that was to be said was said or is told as not said."""
    states = await month.town.house.core.database.read(
        lambda c: Counter(one.state for one in c.execute(select(inbox.c.state)))
    )
    assert set(states) == {"done"}, states
    assert {row["state"] for row in rows} <= {"sent", "failed"}
    for person in month.people[1:]:
        await person.refresh()
        last = max(person.messages, key=lambda message: message.id)
        assert last["from"]["id"] != person.id, f"{person.name} waits: {last.text}"


def every_word_of_the_staff_is_accounted_for(rows, histories) -> None:
    """What operators said to reporters arrived with a ✓, or did not and they were told with a ✗."""
    said = Counter(
        event.action
        for history in histories.values()
        for event in history
        if event.actor.kind == "operator"
        and event.action in {"reply", "ask_data", "close"}
        and event.before is not None
    )
    copies = [row for row in rows if row["origin"] and row["channel"] != "operator"]
    deeds = said["reply"] + said["ask_data"] + said["close"] // 2  # closing passes through two states
    assert len(copies) == deeds > 0
    marks = Counter(row["message"]["response"] for row in rows if row["channel"] == "operator")
    assert marks["petugas_terkirim"] == sum(row["state"] == "sent" for row in copies)
    assert marks["petugas_gagal"] == sum(row["state"] == "failed" for row in copies)


async def no_deadline_was_acted_on_twice(month: Month, histories) -> None:
    rows = await month.town.house.core.database.read(
        lambda c: [
            tuple(one) for one in c.execute(select(deadlines.c.number, deadlines.c.kind, deadlines.c.due_at))
        ]
    )
    assert max(Counter(rows).values(), default=1) == 1
    for number, history in histories.items():
        deeds = [event for event in history if event.action in {"due", "auto_close", "remind", "escalate"}]
        for before, after in pairwise(deeds):
            if before.action == after.action == "due":
                between = [event for event in history if before.at < event.at < after.at]
                assert any(event.action not in {"remind", "escalate"} for event in between), number
