"""The few calls of Matrix's client-server API a bot needs, over plain HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from bot.channels.base import RATE_LIMITED, FetchError, SendError
from bot.channels.bodies import read_json

API: Final = "/_matrix/client/v3"
MEDIA: Final = "/_matrix/client/v1/media/download"
UPLOAD: Final = "/_matrix/media/v3/upload"
CALL_SECONDS: Final = 30.0
SYNC_SECONDS: Final = 25
FILTER: Final = (
    '{"presence":{"types":[]},"account_data":{"types":[]},"room":{"account_data":{"types":[]},'
    '"ephemeral":{"types":["m.receipt"]},"state":{"lazy_load_members":true},"timeline":{"limit":50}}}'
)
MXC: Final = re.compile(r"mxc://(?P<server>[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*)/(?P<media>[A-Za-z0-9_-]+)")
GONE: Final = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})
OURS: Final = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
BARRED: Final = frozenset({"M_USER_LOCKED", "M_USER_SUSPENDED", "M_CONSENT_NOT_GIVEN"})
"""What a homeserver says of an account of ours that somebody there has to open again."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way to the homeserver."""

    content: bytes
    mime: str


class MatrixClient:
    """Speaks to one homeserver as one user; `base` is its address, `token` the user's access token."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    async def whoami(self) -> str:
        """The user the token belongs to; raises SendError."""
        return str((await self._call("GET", f"{API}/account/whoami"))["user_id"])

    async def sync(self, since: str) -> Mapping[str, Any]:
        """What happened since, waiting for something to happen; from now on without a `since`."""
        query = {"filter": FILTER, "timeout": str(SYNC_SECONDS * 1000 if since else 0)}
        return await self._call(
            "GET",
            f"{API}/sync",
            query={**query, **({"since": since} if since else {})},
            seconds=SYNC_SECONDS + CALL_SECONDS,
        )

    async def before(self, room: str, at: str, until: str) -> Mapping[str, Any]:
        """A page of a room's events before a point of its timeline, newest first."""
        query = {"dir": "b", "from": at, "limit": "100", **({"to": until} if until else {})}
        return await self._call("GET", f"{_room(room)}/messages", query=query)

    async def members(self, room: str) -> frozenset[str]:
        """Who is in a room."""
        return frozenset((await self._call("GET", f"{_room(room)}/joined_members"))["joined"])

    async def join(self, room: str) -> None:
        """Accept an invitation."""
        await self._call("POST", f"{API}/join/{quote(room, safe='')}", body={})

    async def leave(self, room: str) -> None:
        """Go out of a room."""
        await self._call("POST", f"{_room(room)}/leave", body={})

    async def say(self, room: str, key: str, content: Mapping[str, Any]) -> str:
        """Send an event and return its id; the same `key` again sends nothing twice."""
        path = f"{_room(room)}/send/m.room.message/{quote(key, safe='')}"
        return str((await self._call("PUT", path, body=content))["event_id"])

    async def upload(self, content: bytes, mime: str, name: str) -> str:
        """Keep a file at the homeserver and return its `mxc:` address."""
        query = {"filename": name} if name else {}
        found = await self._call("POST", UPLOAD, query=query, body=Upload(content, mime))
        return str(found["content_uri"])

    async def download(self, mxc: str, most: int) -> bytes:
        """A file's bytes.

        Raises:
            FetchError: it is no file of a homeserver's, larger than `most` bytes, or cannot be had now.
        """
        found = MXC.fullmatch(mxc)
        if found is None:
            raise FetchError("no mxc: address", retryable=False)
        path = f"{MEDIA}/{quote(found['server'], safe='')}/{found['media']}"
        try:
            async with self._request("GET", path) as answer:
                if answer.status != 200:
                    raise FetchError(f"HTTP {answer.status}", retryable=answer.status >= 500)
                return await _bounded(answer, most)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise FetchError(type(error).__name__, retryable=True) from None

    async def _call(self, method: str, path: str, **parts: Any) -> Mapping[str, Any]:
        try:
            async with self._request(method, path, **parts) as answer:
                body = read_json(await answer.read() or b"{}")
                if answer.status >= 400:
                    told = body if isinstance(body, Mapping) else {}
                    raise _problem(answer.status, told, answer.headers.get("Retry-After", ""))
                return body if isinstance(body, Mapping) else {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SendError("network", type(error).__name__, retryable=True) from None

    @asynccontextmanager
    async def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Upload | Mapping[str, Any] | None = None,
        seconds: float = CALL_SECONDS,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        session = self._session = self._session or aiohttp.ClientSession()
        headers = {"Authorization": f"Bearer {self._token}"}
        parts: dict[str, Any] = {"json": body}
        if isinstance(body, Upload):
            parts = {"data": body.content}
            headers["Content-Type"] = body.mime or "application/octet-stream"
        async with (
            asyncio.timeout(seconds),
            session.request(method, self._base + path, params=query, headers=headers, **parts) as answer,
        ):
            yield answer


def _room(room: str) -> str:
    return f"{API}/rooms/{quote(room, safe='')}"


def _problem(status: int, body: Mapping[str, Any], wait: str) -> SendError:
    code, text = str(body.get("errcode", "")), str(body.get("error", ""))[:200]
    if status == 429 or code == "M_LIMIT_EXCEEDED":
        # The header counts since Matrix 1.10; older homeservers tell it in the body alone.
        pause = float(wait) if wait.isdecimal() else _milliseconds(body.get("retry_after_ms")) / 1000
        return SendError(RATE_LIMITED, text, retryable=True, retry_after=pause)
    if code in OURS or code in BARRED:
        return SendError("token" if code in OURS else "account", f"{code} {text}".strip(), retryable=True)
    if code in GONE:
        return SendError("blocked", text, retryable=False)
    return SendError(code.lower() or f"http_{status}", text, retryable=status >= 500)


def _milliseconds(told: Any) -> float:
    known = isinstance(told, int | float) and not isinstance(told, bool) and told > 0
    return float(told) if known else 1000.0


async def _bounded(answer: aiohttp.ClientResponse, most: int) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > most:
            raise FetchError(f"larger than {most // 1024 // 1024} MB", retryable=False)
    return bytes(content)
