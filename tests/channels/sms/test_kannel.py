"""Through a real Kannel: bearerbox, smsbox and its fake SMSC, as the page on SMS configures it."""

import asyncio
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote_plus, unquote_to_bytes

import pytest
from pydantic import SecretStr

from benchmarks.servers import free_port
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases
from storage.talks import inbox, receipts
from tests.channels.sms.kit import SECRET

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PAGE = Path(__file__).parents[3] / "docs" / "sms.md"
GOT = re.compile(r"Got message \d+: <1708 (\S+) (text|data|udh)(.*)>")
SERVERS = """\
group = core
admin-port = {admin}
admin-password = x
smsbox-port = {box}

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}

"""


@pytest.fixture(scope="module")
def binaries() -> tuple[str, str]:
    path = "/usr/sbin:/usr/bin:/bin"
    found = [shutil.which(name, path=path) for name in ("bearerbox", "smsbox")]
    if None in found or not FAKESMSC.exists():
        pytest.skip("no Kannel on this machine; scripts/ensure_kannel.sh installs it where it can")
    return found[0], found[1]


async def answering(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError(f"nothing listens on {port}")


@asynccontextmanager
async def started(*command: str, output: int = DEVNULL) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def configuration(ours: int, ports: dict[str, int]) -> str:
    (block,) = re.findall(r"```ini\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    block = block.replace("PASSWORD", "rahasia").replace("SECRET", SECRET).replace(":8080/", f":{ours}/")
    return SERVERS.format(**ports) + block


class FakePhone:
    """A phone behind the fake SMSC: each SMS is a connection of its own, which stays for the answer."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def send(self, text: str) -> str:
        """Send one SMS and read until the answer is whole."""
        message = f"+6281234567890 1708 text {text}"
        command = (str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self._port), "-i", "900", "-m", "99", message)
        async with started(*command, output=PIPE) as process, asyncio.timeout(20):
            parts: dict[int, str] = {}
            while True:
                line = (await process.stderr.readline()).decode()
                found = GOT.search(line)
                if not found:
                    continue
                said = found[3].strip()
                if found[2] != "udh":
                    return unquote_plus(said)
                header, _kind, said = said.split(" ", 2)
                total, part = unquote_to_bytes(header)[4:6]
                parts[part] = unquote_plus(said)
                if len(parts) == total:
                    return "".join(parts[place] for place in sorted(parts))


async def reported(read, refs: list[str]) -> bool:
    """Whether every one of these messages was reported delivered, within a while."""
    for _ in range(200):
        if await read(lambda c: receipts.all_reached(c, "sms", refs)):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_report_through_kannel(binaries: tuple[str, str], tmp_path: Path):
    ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
    ours = free_port()
    config = tmp_path / "kannel.conf"
    config.write_text(configuration(ours, ports))
    settings = Settings(
        data_dir=tmp_path / "data",
        port=ours,
        sms_gateway="kannel",
        sms_url=f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms",
        sms_user="kentongan",
        sms_password=SecretStr("rahasia"),
        sms_sender="1708",
        sms_secret=SecretStr(SECRET),
        _env_file=None,
    )
    bearerbox, smsbox = binaries
    async with opened(settings) as running, started(bearerbox, str(config)):
        await answering(ports["box"])
        async with started(smsbox, str(config)):
            await answering(ports["sendsms"])
            phone = FakePhone(ports["smsc"])
            asked = await phone.send("LAPOR#Godean#lampu jalan depan pasar mati sudah seminggu, gelap sekali")
            assert "Godean" in asked
            assert "Kirim?" in asked
            assert "nomor SLM-" in await phone.send("1")
            assert await reported(running.house.core.database.read, ["1-0", "2-0"])
        read = running.house.core.database.read
        (case,) = await read(cases.all_cases)
        assert case.home.address == "+6281234567890"
        assert case.ticket.report.category == "lampu_jalan"
        heard = await read(lambda c: inbox.payloads_after(c, "sms", "+6281234567890", 0))
        assert [state for _, _, state in heard] == ["done", "done"]
