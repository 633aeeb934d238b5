"""Practice beside real work: nothing real changes, nothing of practice shows, what is real comes through."""

import asyncio

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from tests.practice.conftest import MARK, card_of
from tests.scenarios.kit import CITIZENS, OPERATORS, filed

STORY = "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt"
TELLTALES = ("LAT-", "ayam jago", "latihan-", "🎓")
"""What only practice says; the quick script's own words among them."""


async def practised(town, trainee, photo):
    """A case from its opening to the rating, with a mistake, a note, figures and a search between."""
    await trainee.send(OPERATORS, "/latihan mulai cepat")
    card = await trainee.wait_for(card_of("Rambu ayam jago"))
    await trainee.reply(card, "// cek dulu ke lapangan")
    await trainee.press("Ambil", card)
    await trainee.reply(card, "Besok pagi kami tegakkan.")
    await trainee.wait_for(text="kutunggu ayam jagonya")
    for command, shown in (("/statistik", "1"), ("/cari ayam", "LAT-"), ("/antrian", "LAT-")):
        await trainee.send(OPERATORS, command)
        await trainee.wait_for(lambda m, shown=shown: m.text.startswith(MARK) and shown in m.text, timeout=40)
    await town.closes(trainee, card, "Rambunya sudah tegak.", photo(77))
    assert "100 dari 100" in await town.report(trainee)


@pytest.mark.timeout(180)
async def test_not_a_row_of_the_real_database_changes_and_no_output_tells_of_practice(
    town, data, photo, monkeypatch
):
    rina = await town.operator("Rina", "dishub")
    dian = await town.operator("Dian", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    number, _ = await filed(siti, STORY)
    await rina.wait_for(lambda m: number in m.text and "Ambil" in " ".join(m.labels), since=0)
    await town.house.settle()
    before = await town.kept()
    assert before["tickets"]

    await dian.send(OPERATORS, "/latihan kelas mulai")
    await dian.wait_for(text="Kelas dibuka")
    await practised(town, rina, photo)
    await town.house.settle()
    assert await town.kept() == before

    for command in (
        "/antrian",
        "/cari rambu",
        "/cari lampu",
        "/statistik",
        "/pantau",
        "/ringkasan",
        "/moderasi",
    ):
        await dian.send(OPERATORS, command)
        shown = await dian.wait_for()
        assert not any(word in shown.text for word in TELLTALES), command
        assert "2 laporan" not in shown.text
    await siti.send(CITIZENS, "rambu ayam jago di simpang Denggung miring")
    offered = await siti.wait_for()
    assert "LAT-" not in offered.text
    async with aiohttp.ClientSession() as web:
        listed = await (await web.get(f"{town.address}/open311/v2/requests.json")).text()
    assert number in listed
    assert not any(word in listed for word in TELLTALES)
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(data / "data"))
    monkeypatch.setenv("KENTONGAN_POLICIES_DIR", str(data / "policies"))
    for words in (
        ("tickets", "verify"),
        ("report", "--format", "csv"),
        ("tickets", "referrals"),
        ("messages",),
    ):
        told = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        assert not any(word in told.output for word in TELLTALES), words
    assert not [
        one for one in (data / "data" / "practice").iterdir() if one.name not in {"register", "blank.db"}
    ]


async def test_real_work_comes_through_marked_and_an_emergency_stops_practice(town):
    rina = await town.operator("Rina", "dishub")
    siti = await town.sandbox.user("Siti")
    await rina.send(OPERATORS, "/latihan mulai cepat")
    practice = await rina.wait_for(card_of("Rambu ayam jago"))
    number, _ = await filed(siti, STORY)
    real = await rina.wait_for(lambda m: number in m.text and "Ambil" in " ".join(m.labels))
    assert real.text.startswith("🔔 BUKAN LATIHAN")

    await rina.press("Ambil", real)
    await siti.wait_for(text="dikerjakan")
    await rina.reply(real, "Besok pagi petugas kami ke lokasi.")
    await siti.wait_for(text="Besok pagi petugas kami ke lokasi")
    await rina.send(OPERATORS, f"/tiket {number}")
    await rina.wait_for(lambda m: number in m.text and m.text.startswith("🔔"))
    await rina.send(OPERATORS, "/antrian")
    assert number not in (await rina.wait_for(text="laporan terbuka")).text

    dian = await town.operator("Dian", "koordinator", "koordinator")
    await dian.send(OPERATORS, "/latihan mulai cepat")
    await dian.wait_for(card_of("Rambu ayam jago"))
    await siti.send(CITIZENS, "tolong ada kebakaran rumah di Sidoagung sekarang!")
    alarm = await dian.wait_for(text="Kemungkinan darurat")
    assert alarm.text.startswith("🔔 BUKAN LATIHAN")
    await dian.wait_for(text="DARURAT SUNGGUHAN", since=0)
    await dian.send(OPERATORS, "/antrian")
    assert number in (await dian.wait_for(text="laporan terbuka")).text
    await dian.send(OPERATORS, "/latihan lanjut")
    await dian.wait_for(text="berlanjut")
    await rina.press("Ambil", practice)
    await rina.wait_for(lambda m: "Diambil: Rina" in m.text and m.text.startswith(MARK), since=0)
    assert (await town.case(number)).ticket.claimed_by == str(rina.id)
