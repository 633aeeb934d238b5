"""The sandbox as an HTTP server."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.sandbox.api import Api, file_handler
from bot.sandbox.control import Control
from bot.sandbox.courier import Courier
from bot.sandbox.files import UPLOAD_BYTES, FileStore
from bot.sandbox.keeping import Keeper
from bot.sandbox.limits import Limits
from bot.sandbox.model import Bot, BotAccount
from bot.sandbox.world import World

LARGEST_REQUEST = UPLOAD_BYTES + 5 * 1024 * 1024
PAGE = Path(__file__).with_name("page")


@dataclass(slots=True)
class Sandbox:
    """A running sandbox."""

    base_url: str
    world: World
    _runner: web.AppRunner = field(repr=False)
    _keeper: Keeper | None = field(repr=False)

    async def stop(self) -> None:
        """Save what there is to save and close the port."""
        for feed in self.world.feeds.values():
            feed.end_polling()
        if self._keeper:
            await self._keeper.stop()
        await self._runner.cleanup()


def create_app(world: World) -> web.Application:
    """The Bot API, the page and the control API for one world."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    api, control = Api(world), Control(world)
    app.router.add_route("*", "/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/{path:.+}", file_handler(world))
    control.add_routes(app.router)
    app.router.add_get("/", _page)
    app.router.add_get("/t.me/{bot}", _page)
    app.router.add_static("/sandbox/page", PAGE)
    app.cleanup_ctx.append(partial(_couriers, api, world))
    return app


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def _couriers(api: Api, world: World, _app: web.Application) -> AsyncIterator[None]:
    for bot in world.bots.values():
        world.couriers[bot.id] = _courier(api, world, bot)
        if before := world.webhooks_before.pop(bot.id, None):
            world.couriers[bot.id].start(before)
    yield
    for courier in world.couriers.values():
        await courier.close()


def _courier(api: Api, world: World, bot: Bot) -> Courier:
    return Courier(world.feeds[bot.id], lambda: world.limits, world.clock, partial(api.from_webhook, bot))


async def start_sandbox(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    data_dir: Path | None = None,
    bots: Sequence[BotAccount] = (),
    limits: Limits | None = None,
    record: bool = True,
) -> Sandbox:
    """Start a sandbox; port 0 takes a free one, without `data_dir` everything is forgotten at the end.

    Raises:
        OSError: when the port is taken.
    """
    files = FileStore(data_dir / "files" if data_dir else None)
    world = World(bots, clock=time.time, files=files, limits=limits, record=record)
    keeper = Keeper(world, data_dir) if data_dir else None
    if keeper:
        keeper.load()
    if not world.people:
        furnish(world)
    runner = await _listen(create_app(world), host, port)
    if keeper:
        keeper.start()
    name, bound = runner.addresses[0][:2]
    shown = f"[{name}]" if ":" in name else name
    return Sandbox(f"http://{shown}:{bound}", world, runner, keeper)


async def _listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, keepalive_timeout=75)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


def furnish(world: World) -> None:
    """Two citizens and two operators to begin with."""
    for name in ("Siti", "Budi"):
        world.add_person(name)
    for name in ("Rina", "Agus"):
        world.add_person(name, "operator")
