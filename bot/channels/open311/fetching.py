"""Fetching a file from an address a stranger gave, without being led into our own network."""

import asyncio
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.base import FetchError
from tickets.policies.open311 import MediaLimits

HOPS: Final = 3
PORTS: Final = frozenset({80, 443, 8080, 8443})
PLAIN: Final = {"Accept-Encoding": "identity"}
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
WRAPPED: Final = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("64:ff9b:1::/48"))
"""IPv6 ranges that carry an IPv4 address within, which may be one of ours."""

Allowed = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not ours, not a neighbour's, not a cloud's own."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in network for network in WRAPPED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class PublicResolver(AbstractResolver):
    """Looks names up and gives only allowed addresses, so that what was checked is what is called."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses of a name; raises OSError when there are none."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, address in found
            if self._allowed(str(address[0]))
        ]
        if not results:
            raise OSError(f"{host} has no public address")
        return results

    async def close(self) -> None:
        """Nothing to let go."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches within limits; `allowed` says which network addresses may be called."""

    limits: MediaLimits
    allowed: Allowed = is_public
    ports: Collection[int] = PORTS

    async def fetch(self, url: str) -> bytes:
        """The bytes of a picture, video or document.

        Raises:
            FetchError: the address is not one to call, or what is there is not such a file.
        """
        timeout = aiohttp.ClientTimeout(total=self.limits.seconds, sock_connect=10)
        connector = aiohttp.TCPConnector(resolver=PublicResolver(self.allowed), use_dns_cache=False)
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, trust_env=False, auto_decompress=False
        ) as session:
            try:
                return self._checked(await self._follow(session, url))
            except (aiohttp.ClientError, OSError, TimeoutError, UnicodeError) as problem:
                raise FetchError(f"cannot be fetched: {type(problem).__name__}", retryable=True) from None
            except ValueError as problem:
                raise FetchError(f"is no address: {problem}", retryable=False) from None

    async def _follow(self, session: aiohttp.ClientSession, url: str) -> bytes:
        for _ in range(HOPS + 1):
            self._check(url)
            async with session.get(url, allow_redirects=False, headers=PLAIN) as answer:
                if answer.status in REDIRECTS:
                    url = urljoin(url, answer.headers.get("Location", ""))
                    continue
                return await self._body(answer)
        raise FetchError(f"more than {HOPS} redirections", retryable=False)

    def _check(self, url: str) -> None:
        """Make sure an address may be called; names are looked at again when they are looked up.

        Raises:
            FetchError: another scheme or port, a name with a password, an address that is not public.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
            raise FetchError("only plain http and https addresses are fetched", retryable=False)
        literal = _literal(host)
        if literal and not self.allowed(literal):
            raise FetchError("that address is not public", retryable=False)
        if port not in self.ports:
            raise FetchError(f"port {port} is not one of the web's", retryable=False)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if answer.status != 200:
            raise FetchError(
                f"HTTP {answer.status}", retryable=answer.status in {408, 429} or answer.status >= 500
            )
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self.limits.size:
                raise FetchError(f"larger than {self.limits.size} bytes", retryable=False)
        return bytes(body)

    def _checked(self, content: bytes) -> bytes:
        if mime_of(content) not in self.limits.types:
            raise FetchError("what is there is no picture, video or document we take", retryable=False)
        return content


def mime_of(content: bytes) -> str:
    """What a file really is by its first bytes; empty when that cannot be told."""
    # Its table of signs takes 1 MB, and hardly any city has photos sent by address.
    import puremagic  # noqa: PLC0415

    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _literal(host: str) -> str:
    """The host if it is an address already, which no resolver would look at; empty for a name."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return ""
