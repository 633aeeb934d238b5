"""Calls of the Graph API, with nothing secret in what they raise."""

import asyncio
from typing import Any, Final

import aiohttp
import orjson

CALL_SECONDS: Final = 30.0
CHUNK: Final = 65536
HIDDEN: Final = b"<token>"
"""Stands in the place of our access token, which some refusals name."""


class GraphError(Exception):
    """The Graph API refused; `code` and `subcode` are Meta's, the text is for the admin."""

    def __init__(self, status: int, code: int, subcode: int, text: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{code}: {text}")
        self.status = status
        self.code = code
        self.subcode = subcode
        self.text = text
        self.retry_after = retry_after


class GraphUnreachableError(Exception):
    """No answer; `asked` says whether the request may have arrived."""

    def __init__(self, text: str, *, asked: bool) -> None:
        super().__init__(text)
        self.asked = asked


class TooLargeError(Exception):
    """A file is larger than it may be."""


NEVER_ASKED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
FAILURES = (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)


class GraphClient:
    """One access token's calls to `api`/`version`; raises GraphError and GraphUnreachableError."""

    def __init__(self, api: str, version: str, token: str) -> None:
        self._base = f"{api.rstrip('/')}/{version.strip('/')}"
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        """The answer to a JSON body."""
        headers = {"Content-Type": "application/json"}
        return await self._call("POST", path, data=orjson.dumps(body), headers=headers)

    async def upload(self, path: str, form: aiohttp.FormData) -> dict[str, Any]:
        """The answer to a multipart body."""
        return await self._call("POST", path, data=form)

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """What stands under a path."""
        return await self._call("GET", path, params=query)

    async def download(self, url: str, most: int, *, with_token: bool = True) -> bytes:
        """The bytes under an address of Meta's; raises TooLargeError above `most` bytes."""
        content = bytearray()
        headers = self._bearer() if with_token else {}
        try:
            async with self._http().get(url, headers=headers) as answer:
                if answer.status != 200:
                    raise GraphError(answer.status, 0, 0, f"download answered {answer.status}")
                async for chunk in answer.content.iter_chunked(CHUNK):
                    content += chunk
                    if len(content) > most:
                        raise TooLargeError
        except FAILURES as error:
            raise _unreachable(error) from None
        return bytes(content)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {**self._bearer(), **more.pop("headers", {})}
        try:
            async with self._http().request(
                method, f"{self._base}/{path}", headers=headers, **more
            ) as answer:
                body = (await answer.read()).replace(self._token.encode(), HIDDEN)
                return _read(answer.status, body, answer.headers.get("Retry-After", ""))
        except FAILURES as error:
            raise _unreachable(error) from None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        return self._session

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def _read(status: int, body: bytes, retry_after: str) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if status == 200 and isinstance(answer, dict) and "error" not in answer:
        return answer
    told = answer.get("error") if isinstance(answer, dict) else None
    error: dict[str, Any] = told if isinstance(told, dict) else {}
    raise GraphError(
        status,
        _number(error.get("code")),
        _number(error.get("error_subcode")),
        _words(error) or f"HTTP {status}",
        float(retry_after) if retry_after.isdigit() else 0.0,
    )


def _words(error: dict[str, Any]) -> str:
    details = error.get("error_data")
    more = details.get("details") if isinstance(details, dict) else ""
    return ": ".join(str(part) for part in (error.get("message"), more) if part)[:300]


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _unreachable(error: Exception) -> GraphUnreachableError:
    return GraphUnreachableError(type(error).__name__, asked=not isinstance(error, NEVER_ASKED))
