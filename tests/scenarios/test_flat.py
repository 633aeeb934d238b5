"""A report costs the same however many there are: no statement walks through a table that grows."""

import re

import pytest

from tests.scenarios.kit import CITIZENS, Town

GROWING = ("tickets", "ticket_events", "inbox", "outbox", "conversations", "contacts", "addresses")
OF_FILES = ("media", "prints", "evidence_links", "candidates", "texts_filed", "deadlines", "pauses")
WALK = re.compile(rf"SCAN ({'|'.join(GROWING + OF_FILES)})\b(?: USING (?:COVERING )?INDEX (\w+))?")
SLM = re.compile(r"SLM-\d\d-\w{5}")


def drivers(town: Town):
    doors = town.house.core.database._doors
    return [one.connection.driver_connection for one in (doors._writer._connection, doors._glances)]


async def report(town: Town, photo) -> None:
    """From the story to asking after the finished report."""
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap banget")
    for label in ("Setuju", "Lokasi lain"):
        await siti.wait_for(lambda m, label=label: label in m.labels)
        await siti.press(label)
    await siti.wait_for(text="Di mana tepatnya")
    await siti.send_location(CITIZENS, -7.7681, 110.2952)
    await siti.wait_for(lambda m: "Lewati" in m.labels)
    await siti.send_files(CITIZENS, [("photo", photo(10)), ("photo", photo(200))], "")
    await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.press("Kirim")
    received = await siti.wait_for(lambda m: SLM.search(m.text))
    await siti.send(CITIZENS, SLM.search(received.text)[0])
    await siti.wait_for(text="Riwayat")
    await town.house.settle()


@pytest.mark.sqlite("it reads SQLite's query plans; the statements are the same on a server")
async def test_no_statement_of_a_report_walks_through_a_table_that_grows(town: Town, photo):
    await town.operator("Rina", "dishub")
    said: set[str] = set()
    for driver in drivers(town):
        driver.set_trace_callback(said.add)
    await report(town, photo)
    for driver in drivers(town):
        driver.set_trace_callback(None)
    asked = [one for one in said if re.match(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", one)]
    assert len(asked) > 60
    look = drivers(town)[1]
    small = {
        name
        for (name,) in look.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
    }
    walks = {
        f"{row[-1]}: {one[:300]}"
        for one in asked
        for row in look.execute(f"EXPLAIN QUERY PLAN {one}")
        if (found := WALK.match(row[-1])) and found[2] not in small
    }
    assert walks == set()
