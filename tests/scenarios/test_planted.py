"""Who reported in secret is searched for in everything that goes out."""

import io
import json
import zipfile
from dataclasses import dataclass

import aiohttp
import pytest

from bot.commands.report import Form, _written
from bot.reporting.labels import Labels
from bot.sandbox.client import User
from bot.services.desk.figures import FigureDesk
from bot.services.reports.naming import area_names, category_names
from bot.services.reports.ticketing import Act
from tests.scenarios.kit import CITIZENS, NUMBER, OPERATORS, Town, onward
from tickets.ticket import Actor, Command

NAME, NIK, PHONE = "Sitoresmi Kusumaningtyas", "3404071201900001", "081234567890"
PLANTED = ("Sitoresmi", "Kusumaningtyas", NIK, PHONE)
STORIES = {
    "anonim": "lampu jalan di Sidoagung mati sudah seminggu, gelap sekali",
    "rahasia": "sampah menumpuk di depan SMP Condongcatur sejak kemarin, bau sekali",
    "wbs": "petugas loket KIR Dishub minta pungli lima puluh ribu tiap kendaraan kemarin, saya lihat sendiri",
}
OWN = f". NIK saya {NIK}, telepon {PHONE}"


@dataclass
class Filed:
    """A reporter with three reports, each its own kind of secret."""

    siti: User
    numbers: dict[str, str]


async def file_secretly(siti: User, kind: str) -> str:
    await siti.send(CITIZENS, STORIES[kind] + OWN)
    hidden = kind != "rahasia"
    for _ in range(14):
        seen = await siti.wait_for(lambda m: bool(m.labels) or "Diterima" in m.text, timeout=20)
        if "Diterima" in seen.text and NUMBER.search(seen.text):
            return NUMBER.search(seen.text)[0]
        if "Kirim" in seen.labels:
            choice, hidden = ("Kirim" if hidden else "Jadikan rahasia"), True
        else:
            choice = onward(seen.labels)
        await siti.press(choice, seen)
    raise AssertionError(f"{kind} was led nowhere")


@pytest.fixture
async def staffed(town: Town):
    """Everybody who reads anything at all: a group with topics, own chats, leaders, the data officer."""
    rina = await town.operator("Rina", "dishub")
    group = await town.sandbox.forum("Meja Dishub", owner=rina)
    await group.add(OPERATORS, admin=True)
    await rina.wait_for(text="/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for(text="satu topik")
    people = [
        await town.operator(name, agency, role)
        for name, agency, role in (
            ("Dian", "koordinator", "koordinator"),
            ("Eko", "dlh", "penghubung"),
            ("Wati", "inspektorat", "wbs"),
            ("Sekda", "koordinator", "pimpinan"),
            ("Dewi", "koordinator", "pengawas"),
        )
    ]
    return [rina, *people]


@pytest.fixture
async def filed(town: Town, staffed):
    siti = await town.sandbox.user(NAME)
    numbers = {kind: await file_secretly(siti, kind) for kind in STORIES}
    await siti.send(CITIZENS, "/anonim")
    choice = await siti.wait_for(lambda m: any(numbers["anonim"] in label for label in m.labels))
    await siti.press(next(label for label in choice.labels if numbers["anonim"] in label), choice)
    await siti.wait_for()
    await town.house.settle()
    return Filed(siti, numbers)


async def work(town: Town, staff: list[User], filed: Filed) -> None:
    """Everything the staff can ask for, right and wrong, and a whole life of one report."""
    for person in staff:
        asked = ("/antrian", "/moderasi", "/pantau", "/akses", "/cari lampu", "/cari pungli", "/tim")
        for words in (*asked, *(f"/tiket {number}" for number in filed.numbers.values()), "/entah"):
            await person.send(OPERATORS, words)
            await person.wait_for(timeout=30)
    await staff[1].send(OPERATORS, "/statistik")
    await staff[1].wait_for(lambda m: "photo" in m, timeout=60)
    number = filed.numbers["anonim"]
    coordinator = Actor("operator", str(staff[1].id), "koordinator", "koordinator")
    follower = await town.sandbox.user("Budi")
    await follower.send(CITIZENS, f"ikuti {number}")
    await follower.wait_for(timeout=20)
    for command in (
        Command("reply", coordinator, text="Besok dicek."),
        Command("refer", coordinator, target="pln", reason="tiang milik PLN", text="tiang milik PLN"),
    ):
        await town.house.ticketing.act(number, Act(command))
    await town.house.referrals.run_once()
    await town.house.settle()


async def outputs(town: Town, filed: Filed) -> dict[str, str]:
    """All that went out or lies ready, by where it was found, but what the reporter herself reads."""
    mine, number = str(filed.siti.id), filed.numbers["anonim"]
    calls = await town.sandbox.calls()
    told = [one for one in calls if str(one["params"].get("chat_id")) != mine]
    found = {"calls": json.dumps(told, default=str)}
    lying = town.house.referrals.folder.rglob("*.*")
    found |= {path.name: path.name + path.read_text() for path in lying}
    async with aiohttp.ClientSession() as session:
        for path in (
            "/open311/v2/requests.json",
            f"/open311/v2/requests/{number}.json",
            "/",
        ):
            async with session.get(town.address + path) as answer:
                found[path] = await answer.text()
    desk = FigureDesk(town.house.core.database, town.house.core.policies, town.house.core.clock)
    figures = await desk.of(desk.last_days(30), None)
    labels = Labels(town.house.core.policies, category_names("id"), area_names(), "id")
    for form in (Form.MD, Form.CSV, Form.TICKETS, Form.XLSX):
        found[f"report.{form}"] = _text(_written(figures, labels, form, None))
    return found


def _text(content: bytes) -> str:
    """The words of a file; of a workbook those of its parts."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


async def test_nobody_reads_who_reported_in_secret(town: Town, staffed, filed: Filed, capfd):
    await work(town, staffed, filed)
    tickets = {kind: (await town.case(number)).ticket for kind, number in filed.numbers.items()}
    assert "ANONIM" in tickets["anonim"].flags
    assert "RAHASIA" in tickets["rahasia"].flags
    assert "WBS" in tickets["wbs"].flags
    found = await outputs(town, filed)
    printed = capfd.readouterr()
    found["log"] = printed.out + printed.err
    planted = (*PLANTED, str(filed.siti.id), "sitoresmi")
    told = {where: [one for one in planted if one in text] for where, text in found.items()}
    assert {where: words for where, words in told.items() if words} == {}
    assert {"calls", "/open311/v2/requests.json", "log"} <= set(found)
    number = filed.numbers["anonim"]
    assert number in found["calls"]
    assert any(name.startswith(number) for name in found), "nothing was referred"
