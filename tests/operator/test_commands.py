"""What operators ask for by command, and what is no command of ours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.reports.ticketing import Act
from tests.operator.conftest import Citizens, running
from tickets.ticket import Actor, Command

BOT = "petugas_bot"
NUMBER = "SLM-26-7XW2T"
LIAISON = Actor("operator", "0", "dishub", "penghubung")


@pytest.fixture
def many(house):
    """More open tickets than a list shows."""

    async def make(count: int):
        for place in range(count):
            await house.open(f"SLM-26-{place:05}", narrative=f"lampu nomor {place} mati")

    return make


async def test_the_queue_lists_the_most_pressing_and_opens_their_cards(house, joined, many):
    rina = await joined()
    await many(12)
    await house.settled()
    await rina.send(BOT, "/antrian")
    listed = await rina.wait_for("12 laporan terbuka")
    assert listed.labels[10:] == ["▶"]
    assert "… dan 2 lagi" in listed.text
    await rina.press("SLM-26-00003", listed)
    card = await rina.wait_for(lambda m: "SLM-26-00003" in m.text and m.id > listed.id)
    await house.settled()
    await rina.reply(card, "Kami cek.")
    await rina.wait_for(lambda m: m.id == card.id and "Kami cek." in m.text)


async def test_a_card_opened_again_leaves_no_second_one_with_buttons(house, joined):
    rina = await joined()
    await house.open()
    first = await rina.wait_for(NUMBER)
    await house.settled()
    await rina.send(BOT, f"/tiket {NUMBER.lower()}")
    second = await rina.wait_for(lambda m: NUMBER in m.text and m.id > first.id)
    await house.settled()
    await rina.refresh()
    assert rina.current(first).buttons == []
    assert rina.current(second).buttons != []


async def test_searching_finds_by_words_in_ones_own_agency(house, joined):
    rina = await joined()
    await house.open()
    await rina.send(BOT, "/cari pasar godean")
    await rina.wait_for("1 laporan ditemukan")
    await rina.send(BOT, "/cari")
    await rina.wait_for("Tulis kata yang dicari")
    await rina.send(BOT, "/cari banjir")
    await rina.wait_for("Tidak ada laporan dinas Anda")


async def test_a_search_takes_words_in_any_order_and_place_names_and_owns_up_to_more(house, joined, many):
    rina = await joined()
    await many(12)
    await house.settled()
    await rina.send(BOT, "/cari mati GODEAN lampu")
    found = await rina.wait_for("Banyak yang cocok. 10 yang terbaru")
    assert len(found.labels) == 10
    await rina.send(BOT, "/cari lampu 00011")
    await rina.wait_for("1 laporan ditemukan")
    await rina.send(BOT, "/cari lampu kaliurang")
    await rina.wait_for("Tidak ada laporan dinas Anda")


async def test_a_list_tells_how_each_stands_in_words_for_the_staff(house, joined):
    rina = await joined()
    await house.open()
    await house.open("SLM-26-00002")
    await house.ticketing.act(NUMBER, Act(Command("ask_data", LIAISON, text="Tiang nomor berapa?")))
    house.clock.leap = timedelta(days=20)
    await rina.send(BOT, "/antrian")
    listed = await rina.wait_for("2 laporan terbuka")
    lines = listed.text.splitlines()
    assert lines[1].startswith("🔴 SLM-26-00002 · lewat ")
    assert lines[2].endswith("Sidoagung · Diteruskan ke dinas")
    assert lines[3] == f"⏸ {NUMBER}"
    assert lines[4].endswith("Sidoagung · Menunggu data dari warga")
    assert listed.labels == ["🔴 SLM-26-00002", f"⏸ {NUMBER}", "🔴 Lewat (1)"]


async def test_the_queue_parts_into_ones_own_the_late_and_those_due_today(house, joined, many):
    rina = await joined()
    await many(13)
    await house.settled()
    await house.ticketing.act(
        "SLM-26-00004", Act(Command("claim", Actor("operator", str(rina.id), "dishub", "penghubung")))
    )
    await rina.send(BOT, "/antrian")
    whole = await rina.wait_for("13 laporan terbuka")
    assert whole.labels[-2:] == ["▶", "Pegangan saya (1)"]
    await rina.press("Pegangan saya", whole)
    own = await rina.wait_for("1 laporan yang Anda pegang")
    assert own.labels == ["🟢 SLM-26-00004", "Semua (13)"]
    await rina.send(BOT, "/antrian lewat")
    await rina.wait_for("Tidak ada laporan lewat tenggat. Semuanya: /antrian")
    house.clock.leap = (await house.ticket("SLM-26-00004")).due_at - house.clock() - timedelta(minutes=5)
    await rina.send(BOT, "/antrian hari ini")
    await rina.wait_for("13 laporan jatuh tempo hari ini")
    house.clock.leap += timedelta(days=1)
    await rina.send(BOT, "/antrian lewat 2")
    late = await rina.wait_for("13 laporan lewat tenggat")
    assert len(late.labels) == 6  # three of them, back, and the ways to one's own and to all
    await rina.send(BOT, "/antrian kemarin²")
    await rina.wait_for("Pilihannya: /antrian, /antrian 2")


async def test_a_mistyped_number_is_told_from_none(house, joined):
    rina = await joined()
    await rina.send(BOT, "/tiket SLM-26-7XW2U")
    await rina.wait_for("mungkin ada huruf yang tertukar")


async def test_every_digest_has_a_name(house, joined):
    rina = await joined()
    await rina.send(BOT, "/ringkasan")
    told = await rina.wait_for("Ringkasan yang datang sendiri")
    assert "putusan moderasi" in told.text
    assert "petugas" not in told.text


async def test_figures_come_with_their_picture(house, joined):
    rina = await joined()
    await house.open()
    await rina.send(BOT, "/statistik")
    told = await rina.wait_for("📊 Dishub", timeout=60)
    assert "Masuk 1 · Selesai 0 · Dalam proses 1 · Ditunda 0" in told.text
    assert "Di luar ketiganya" not in told.text
    assert "Terbuka sekarang: 1, lewat tenggat 0" in told.text
    assert "• Diteruskan ke dinas: 1" in told.text
    assert told["photo"]
    assert "kunci=" not in told.text
    await rina.send(BOT, "/statistik lisan 7")
    aloud = await rina.wait_for("Laporan warga Dishub")
    assert "Yang masuk satu laporan, satu lebih banyak daripada masa sebelumnya." in aloud.text
    await rina.send(BOT, "/statistik kemarin dulu")
    await rina.wait_for("Rentang itu tidak saya mengerti")


async def test_a_leader_gets_a_link_to_the_fuller_page(core, sandbox, sandbox_url):
    reached = replace(core, url="https://lapor.example.go.id")
    async with running(reached, sandbox_url, Citizens(), core.clock) as house:
        for name, role, given in (("Sri", "pimpinan", True), ("Rina", "penghubung", False)):
            person = await sandbox.user(name, role="operator")
            await person.start(BOT, await house.roster.invite("dishub", role))
            await person.send(BOT, "/statistik")
            told = await person.wait_for("📊 Dishub", timeout=60)
            assert ("https://lapor.example.go.id/angka/pimpinan?kunci=" in told.text) == given
            assert ("Selengkapnya" in told.text) == given


async def test_digests_are_chosen_by_each_chat(house, joined):
    rina = await joined()
    await rina.send(BOT, "/ringkasan")
    told = await rina.wait_for("Ringkasan yang datang sendiri")
    assert "✅ harian" in told.text
    assert "⬜ mingguan" in told.text
    await rina.send(BOT, "/ringkasan harian tidak")
    await rina.wait_for("⬜ harian")


async def test_who_am_i_lists_every_role(house, joined):
    rina = await joined()
    await rina.start(BOT, await house.roster.invite("koordinator", "koordinator"))
    await rina.wait_for("Selamat bergabung")
    await rina.send(BOT, "/saya")
    told = await rina.wait_for("• Dishub: penghubung dinas")
    assert "• Diskominfo: koordinator" in told.text


@pytest.mark.parametrize("said", ["/entah", "/menari", "/tiket"])
async def test_what_is_no_command_is_never_an_answer_to_the_citizen(house, joined, said):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    await rina.reply(card, said)
    await rina.wait_for("Tulis nomornya" if said == "/tiket" else "tidak saya kenal")
    assert [action for action, _ in await house.history()].count("reply") == 0


async def test_help_names_every_command_of_the_menu(house, joined, sandbox):
    rina = await joined()
    await rina.send(BOT, "/bantuan")
    told = await rina.wait_for("/antrian")
    menus = await sandbox.calls(BOT, method="setMyCommands")
    assert "pasang" in str(menus)
    for command in ("/cari", "/tiket", "/statistik", "/saya", "/pasang"):
        assert command in told.text
