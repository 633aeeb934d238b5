"""The page's own files, read once and sent compressed."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

MIMES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page, plain and compressed."""

    mime: str
    plain: bytes
    packed: bytes
    etag: str

    def response(self, request: web.Request) -> web.Response:
        """The file, or 304 when the browser has it already."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = self.mime
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return web.Response(body=self.packed, headers=headers)
        return web.Response(body=self.plain, headers=headers)


def load_assets(folder: Path) -> dict[str, Asset]:
    """Every file of the page's folder by its name."""
    return {path.name: _asset(path) for path in sorted(folder.iterdir()) if path.suffix in MIMES}


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return Asset(MIMES[path.suffix], plain, gzip.compress(plain, mtime=0), etag)
