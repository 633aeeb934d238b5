"""Classes, restarts, leaving, and who may do what."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from bot.operator.practice.room import Houses, Room
from tests.practice.conftest import MARK, card_of
from tests.scenarios.kit import OPERATORS


async def test_a_facilitator_sees_the_class_and_ends_it_for_all(town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    rina, budi = await town.operator("Rina", "dishub"), await town.operator("=Budi", "dlh")
    await dian.send(OPERATORS, "/latihan kelas")
    await dian.press("Buka kelas", await dian.wait_for(text="belum pernah membuka kelas"))
    code = (await dian.wait_for(text="kodenya")).text.split("/latihan ikut ")[1][:4]
    await rina.send(OPERATORS, f"/latihan ikut {code.lower()}")
    await rina.wait_for(text="Mulai!")
    await budi.send(OPERATORS, "/latihan")
    await budi.press(f"Ikut kelas {code} (Dian)", await budi.wait_for(text="Berlatih tanpa risiko"))
    await budi.wait_for(text="Mulai!")

    card = await rina.wait_for(card_of("depan Pasar Godean"), since=0)
    await town.answers(rina, card, "Bodoh, nanti juga nyala.")
    theirs = await budi.wait_for(card_of("depan Pasar Godean"), since=0)
    await town.answers(budi, theirs, "Terima kasih, besok pagi kami cek.")
    town.clock.forward(seconds=7)
    await budi.wait_for(text="terima kasih sudah dijawab", since=0)
    await rina.wait_for(text="terima kasih sudah dijawab", since=0)

    await dian.send(OPERATORS, "/latihan kelas")
    seen = await dian.wait_for(text=f"Kelas {code}")
    assert "2 peserta" in seen.text
    assert "▶️ =Budi" in seen.text
    assert "Sering keliru: Kata-kata yang sopan (1 orang)" in seen.text
    await dian.press("CSV", seen)
    table = await dian.wait_for(lambda m: "document" in m)
    assert table["document"]["file_name"] == f"latihan-{code}.csv"
    assert table.text.startswith(MARK)
    await dian.press("Akhiri kelas", seen)
    over = await dian.wait_for(text="sudah berakhir")
    assert "🏁 Rina" in over.text
    for person, hint in ((rina, "bodoh"), (budi, "Nilai: ")):
        await person.wait_for(lambda m, hint=hint: "Latihan selesai" in m.text and hint in m.text, since=0)
    await rina.press("Balas", card)
    await rina.wait_for(text="sudah selesai atau dijeda")


async def test_who_comes_in_while_the_class_ends_is_not_left_at_practice(town, monkeypatch):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    rina = await town.operator("Rina", "dishub")
    await dian.send(OPERATORS, "/latihan kelas mulai")
    code = (await dian.wait_for(text="kodenya")).text.split("/latihan ikut ")[1][:4]
    opened, coming, let_in, rooms = Room.opened, asyncio.Event(), asyncio.Event(), []

    async def slowly(*asked):
        rooms.append(room := await opened(*asked))
        coming.set()
        await let_in.wait()
        return room

    monkeypatch.setattr(Room, "opened", slowly)
    await rina.send(OPERATORS, f"/latihan ikut {code}")
    await coming.wait()
    await dian.send(OPERATORS, "/latihan kelas selesai")
    await dian.wait_for(text="sudah berakhir")
    let_in.set()
    await rina.wait_for(text="sudah selesai atau dijeda")
    await rina.send(OPERATORS, "/antrian")
    assert MARK not in (await rina.wait_for(text="Tidak ada laporan yang menunggu")).text
    assert await rooms[0].run_once() == 0, "a round that was under way finds the room closed"


async def test_a_room_that_cannot_be_opened_leaves_no_house_open():
    closed = []

    @asynccontextmanager
    async def opened(name):
        try:
            yield object()
        finally:
            closed.append(name)

    with pytest.raises(AttributeError):
        await Room.opened(SimpleNamespace(id="s1"), Houses(opened, None), None, None)
    assert closed == ["s1"]


@pytest.mark.timeout(180)
async def test_practice_goes_on_after_a_restart_and_the_time_between_does_not_count(running):
    async with running() as town:
        rina = await town.operator("Rina", "dishub")
        await rina.send(OPERATORS, "/latihan mulai cepat")
        card = await rina.wait_for(card_of("Rambu ayam jago"))
        await rina.press("Ambil", card)
        await rina.wait_for(lambda m: "Diambil: Rina" in m.text, since=0)
    town.clock.forward(hours=3)
    async with running() as again:
        rina.sandbox = again.sandbox
        await rina.wait_for(text="Latihan Anda berlanjut", since=0)
        await rina.reply(card, "Terima kasih, besok pagi kami tegakkan.")
        await rina.wait_for(text="kutunggu ayam jagonya", since=0)
        report = await again.report(rina)
        assert "Ditanggapi tepat waktu" not in report
        assert "Dituntaskan" in report


async def test_paused_left_and_begun_anew(town):
    rina = await town.operator("Rina", "dishub")
    await rina.send(OPERATORS, "/latihan lanjut")
    await rina.wait_for(text="Tidak ada latihan yang bisa diubah")
    await rina.send(OPERATORS, "/latihan mulai apasaja")
    await rina.wait_for(text="Tidak ada kasus apasaja")
    await rina.send(OPERATORS, "/latihan menari")
    await rina.wait_for(text="Yang bisa:")
    await rina.send(OPERATORS, "/latihan")
    await rina.press("Pilih kasus", await rina.wait_for(text="Berlatih tanpa risiko"))
    await rina.press("Rambu miring", await rina.wait_for(text="Pilih kasusnya"))
    card = await rina.wait_for(card_of("Rambu ayam jago"))
    await rina.send(OPERATORS, "/undang dishub petugas")
    await rina.wait_for(text="tidak ada di latihan")
    await rina.send(OPERATORS, "/latihan jeda")
    await rina.press("Ambil", await rina.wait_for(text="Latihan dijeda") and card)
    await rina.wait_for(text="sudah selesai atau dijeda")
    await rina.send(OPERATORS, "/antrian")
    empty = await rina.wait_for(text="Tidak ada laporan yang menunggu")
    assert not empty.text.startswith(MARK)
    await rina.send(OPERATORS, "/bahasa en")
    await rina.wait_for(text="English")
    await rina.send(OPERATORS, "/latihan lanjut")
    await rina.wait_for(text="Practice goes on")
    assert "Waited" not in (await _left(rina)).text
    await rina.send(OPERATORS, "/latihan mulai cepat")
    await rina.wait_for(text="Off you go")


async def _left(person):
    await person.send(OPERATORS, "/latihan keluar")
    return await person.wait_for(text="Practice is over")


async def test_practice_is_for_the_staff_classes_for_coordinators_and_groups_for_work(town):
    guest = await town.sandbox.user("Tamu")
    await guest.send(OPERATORS, "/latihan")
    assert MARK not in (await guest.wait_for()).text
    rina = await town.operator("Rina", "dishub")
    await rina.send(OPERATORS, "/latihan kelas mulai")
    await rina.wait_for(text="hanya bisa dipimpin koordinator")
    group = await town.sandbox.group("Meja", owner=rina)
    await group.add(OPERATORS)
    await rina.wait_for(text="/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for(text="meja Dishub")
    await rina.send(group, "/latihan")
    await rina.wait_for(text="percakapan pribadi")

    await rina.send(OPERATORS, "/latihan mulai cepat")
    card = await rina.wait_for(card_of("Rambu ayam jago"))
    await town.house.roster.revoke(str(rina.id))
    await rina.press("Ambil", card)
    await rina.send(OPERATORS, "/antrian")
    stranger = await rina.wait_for()
    assert MARK not in stranger.text


@pytest.mark.timeout(180)
async def test_a_script_that_is_gone_ends_its_practice_and_a_faulty_one_closes_only_practice(running, data):
    script = data / "policies" / "practice" / "cepat.yml"
    async with running() as town:
        rina = await town.operator("Rina", "dishub")
        await rina.send(OPERATORS, "/latihan mulai cepat")
        await rina.wait_for(card_of("Rambu ayam jago"))
    script.rename(script.with_stem("lain"))
    async with running() as again:
        rina.sandbox = again.sandbox
        await rina.wait_for(text="berakhir tanpa nilai", since=0)
        await rina.send(OPERATORS, "/latihan mulai lain")
        await rina.wait_for(text="Mulai!")
    script.write_text("temper: ramah", encoding="utf-8")
    async with running() as once_more:
        rina.sandbox = once_more.sandbox
        await rina.send(OPERATORS, "/latihan")
        await rina.wait_for(text="Latihan belum bisa dibuka")
        await rina.send(OPERATORS, "/antrian")
        await rina.wait_for(text="Tidak ada laporan yang menunggu")
