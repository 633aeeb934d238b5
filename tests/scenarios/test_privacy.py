"""What people write, who they are and the bots' tokens stay out of the logs, also when things go wrong."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox

BOT = CITIZEN_BOT.username
PLANTED = ("bebek-hijau-berkacamata", "Sitoresmi", CITIZEN_BOT.token, OPERATOR_BOT.token, "3404071201900001")


async def test_nothing_planted_appears_in_the_logs(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT, OPERATOR_BOT], limits=Limits(enabled=False))
    environment = os.environ | {
        "KENTONGAN_DATA_DIR": str(tmp_path / "data"),
        "KENTONGAN_PORT": "0",
        "KENTONGAN_TELEGRAM_API": sandbox.base_url,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
        "KENTONGAN_OPERATOR_TOKEN": OPERATOR_BOT.token,
        "KENTONGAN_LOG_LEVEL": "INFO",
    }
    log = tmp_path / "log.txt"
    with log.open("wb") as out:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=environment, stdout=out, stderr=out
        )
    async with SandboxClient(sandbox.base_url) as client:
        siti = await client.user("Sitoresmi")
        await siti.send(BOT, "lampu jalan di Sidoagung mati, bebek-hijau-berkacamata, NIK 3404071201900001")
        await siti.wait_for(lambda m: "Setuju" in m.labels, timeout=30)
        await client.fault("error", method="sendMessage", times=2)
        await siti.press("Setuju")
        await siti.wait_for(timeout=30)
        await client.fault("drop", method="sendMessage", times=1)
        await siti.block(BOT)
        await siti.unblock(BOT)
        await siti.send(BOT, "bebek-hijau-berkacamata lagi")
        await siti.wait_for(timeout=30)
        child.send_signal(signal.SIGTERM)
        await asyncio.wait_for(child.wait(), 15)
    await sandbox.stop()
    written = log.read_text()
    assert [word for word in (*PLANTED, str(siti.id)) if word in written] == []
