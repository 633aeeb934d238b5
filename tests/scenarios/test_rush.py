"""Rushes through the real bot: one person too fast, and one text sent by many people."""

from tests.scenarios.kit import CITIZENS, Town

TEXT = "lampu jalan di depan pasar Godean mati sudah seminggu dan gelap sekali"


async def test_a_rush_is_paused_and_an_emergency_is_answered_all_the_same(town: Town):
    siti = await town.sandbox.user("Siti")
    for number in range(65):
        await siti.send(CITIZENS, f"woi {number}")
    await siti.wait_for(text="berhenti sebentar", timeout=30)
    await siti.send(CITIZENS, "TOLONG rumah tetangga kebakaran di Caturtunggal, ada orang di dalam!")
    await siti.wait_for(text="113", timeout=30)


async def test_one_text_of_many_people_is_one_matter_and_nobody_is_dropped(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    for number in range(3):
        warga = await town.sandbox.user(f"Warga {number}")
        await warga.send(CITIZENS, TEXT)
        await warga.wait_for(lambda m: "Setuju" in m.labels)
        await warga.press("Setuju")
        for label in ("Betul", "Lewati", "Kirim"):
            shown = await warga.wait_for(lambda m, label=label: {label, "Tetap lapor"} & set(m.labels))
            if "Tetap lapor" in shown.labels:
                await warga.press("Tetap lapor")
                await warga.wait_for(lambda m, label=label: label in m.labels)
            await warga.press(label)
        await warga.wait_for(text="SLM-")
    await town.house.settle()
    assert len(await town.cases()) == 3
    told = await dian.wait_for(lambda m: "3" in m.text and ("teks" in m.text or "sama" in m.text))
    assert "SLM-" in told.text
