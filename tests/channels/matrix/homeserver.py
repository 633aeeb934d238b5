"""An unmodified Synapse on a free port, for as long as a test needs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import yaml

from benchmarks.servers import free_port

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".matrix" / "bin" / "python"
FREE = {"per_second": 10_000, "burst_count": 10_000}


def available() -> bool:
    """Whether a homeserver could be installed here."""
    return PYTHON.exists()


@asynccontextmanager
async def synapse(folder: Path) -> AsyncIterator[str]:
    """A running homeserver's address."""
    if not available():
        pytest.skip("no homeserver could be installed: scripts/ensure_matrix.sh says why")
    port = free_port()
    config = folder / "homeserver.yaml"
    config.write_text(yaml.safe_dump(configuration(folder, port)))
    command = (str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(config))
    quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL, "cwd": folder}
    made = await asyncio.create_subprocess_exec(*command, "--generate-keys", **quiet)
    assert await made.wait() == 0
    server = await asyncio.create_subprocess_exec(*command, **quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        await answers(address)
        yield address
    finally:
        server.terminate()
        await server.wait()


def configuration(folder: Path, port: int) -> dict:
    inside = {
        "port": port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"]}],
    }
    return {
        "server_name": "kota.test",
        "listeners": [inside | {"resources": [{"names": ["client"]}]}],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "synapse.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "pid_file": str(folder / "synapse.pid"),
        "report_stats": False,
        "suppress_key_server_warning": True,
        "trusted_key_servers": [],
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "macaroon_secret_key": "a",
        "form_secret": "b",
        "rc_message": FREE,
        "rc_registration": FREE,
        "rc_joins": {"local": FREE, "remote": FREE},
        "rc_invites": {"per_room": FREE, "per_user": FREE, "per_issuer": FREE},
    }


async def answers(address: str) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            try:
                async with http.get(f"{address}/_matrix/client/versions") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


async def register(http: aiohttp.ClientSession, address: str, name: str) -> str:
    """A new user's access token."""
    body = {"username": name, "password": "sangat-rahasia", "auth": {"type": "m.login.dummy"}}
    async with http.post(f"{address}/_matrix/client/v3/register", json=body) as answer:
        found = await answer.json()
        assert answer.status == 200, found
        return found["access_token"]
