"""Who asks, where proxies ask on others' behalf."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

PROXIES: Final = web.AppKey("proxies", int)
"""How many of the city's own proxies every request comes through."""
NAMED: Final = "X-Forwarded-For"


def visitor(request: web.Request) -> str:
    """The network address a request began at, for limits a visitor; empty where nobody knows.

    Each proxy writes who asked it behind what the header says already, so of a header that anybody may send
    only the last `PROXIES` entries can be believed, and the first of those is the visitor.
    """
    proxies = request.app.get(PROXIES, 0)
    named = ",".join(request.headers.getall(NAMED, ())).split(",")
    if proxies and len(named) >= proxies and _is_address(named[-proxies]):
        return named[-proxies].strip()
    return request.remote or ""


def page_of(request: web.Request) -> str | None:
    """The host whose page a browser posts for; empty for what names none, None where nobody says."""
    origin = request.headers.get("Origin")
    try:
        return origin if origin is None else urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text.strip()))
    except ValueError:
        return False
