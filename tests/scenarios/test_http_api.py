"""The HTTP interface as it is described, called with every kind of input the description lets in or not."""

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from bot.commands.open311 import KeyRing
from bot.serving import opened
from bot.settings import Settings
from tests.fuzz.seeds import POLICIES

EXAMPLES = int(os.environ.get("KENTONGAN_HTTP_EXAMPLES", "15"))
"""For each address; `make fuzz` asks for more."""
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)
"""What is refused is told by the status; our rules are finer than a description of types."""
MANY = "{key: 1000000, reader: 1000000}"
SCHEMA = schemathesis.openapi.from_path(str(Path(__file__).parents[2] / "docs" / "openapi.yml"))


class Served:
    """A house on a loop of its own, for callers that wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stop = asyncio.Event()
        self.up: Future[tuple[str, str]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> tuple[str, str]:
        self._thread.start()
        return self.up.result(60)

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        policies = self._folder / "policies"
        policies.mkdir()
        text = (POLICIES / "open311.yml").read_text(encoding="utf-8")
        (policies / "open311.yml").write_text(text.replace("{key: 60, reader: 600}", MANY))
        told = Settings(data_dir=self._folder / "data", policies_dir=policies, port=0, _env_file=None)
        async with opened(told) as running:
            self.up.set_result((running.address, (await KeyRing(running.house.core).add("coba"))[1]))
            await self._stop.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    folder = tmp_path_factory.mktemp("http")
    with Served(folder) as (address, key):
        token = requests.post(f"{address}/chat/api/session", timeout=10).json()["token"]
        yield address, key, token
    shutil.rmtree(folder)


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_interface_does_what_its_description_says(case, served: tuple[str, str, str]):
    address, key, token = served
    if case.path.startswith("/chat"):
        case.headers["Authorization"] = f"Bearer {token}"
    if isinstance(case.body, dict) and "api_key" in case.body and len(str(case.body["api_key"])) % 2:
        case.body["api_key"] = key
    case.call_and_validate(base_url=address, checks=CHECKS)
