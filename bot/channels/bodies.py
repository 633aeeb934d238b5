"""Reading what came over HTTP without trusting its size."""

from aiohttp import web


async def read_bounded(request: web.Request, limit: int) -> bytes | None:
    """The request's body, or None when it is longer than `limit` bytes."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
