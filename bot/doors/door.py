"""What a way in from outside consists of."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Door:
    """A way in from outside: routes for the web server, a loop of its own, and its end.

    `loop` hears what comes in by it. `look` is done by every process, also by one whose doors are shut: what
    it sends must know as much. `hush` ends what would keep the web server waiting, `stop` comes last, when
    nothing is sent any more.
    """

    routes: Sequence[web.RouteDef] = ()
    loop: Callable[[], Coroutine[Any, Any, None]] | None = None
    look: Callable[[], Coroutine[Any, Any, None]] | None = None
    hush: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
