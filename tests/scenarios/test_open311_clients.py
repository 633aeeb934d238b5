"""Two Open311 client libraries made by others, as they are: one reads and posts, one reads both formats."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.services.open311 import KeyRing
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".clients" / "bin" / "python"
TEXT = "Lampu jalan mati di depan Pasar Godean sudah seminggu."


async def test_client_libraries_of_others_read_and_post(tmp_path: Path):
    if not PYTHON.exists():
        pytest.skip("the clients are not installed; scripts/ensure_open311_clients.sh does it where it can")
    async with opened(Settings(data_dir=tmp_path, port=0, _env_file=None)) as running:
        _, secret = await KeyRing(running.house.core).add("three")
        base = f"{running.address}/open311/v2"
        script = str(Path(__file__).with_name("open311_clients.py"))
        ran = await asyncio.create_subprocess_exec(str(PYTHON), script, base, secret, TEXT, stdout=-1)
        told = json.loads((await ran.communicate())[0])
        (case,) = await running.house.core.database.read(cases.all_cases)
    number = case.ticket.number
    assert case.ticket.report.narrative == TEXT
    assert case.ticket.report.place.kapanewon == "Godean"
    assert (told["number"], told["endpoint"], told["question"]) == (number, base, "pemilik_aset")
    assert told["one"]["description"] == TEXT
    assert (told["open"], told["listed"], told["between"]) == ([number], [number], [])
    assert told["fault"]["code"] == 404
    for form in ("json", "xml"):
        assert told[form]["services"] == told["services"] > 100
        assert told[form]["code"] == "jalan-berlubang"
        assert told[form]["one"]["service_request_id"] == number
        assert told[form]["one"]["status"] == "open"
