"""The stand-in as an HTTP server."""

import time
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.sandbox.graph.acting import GraphSandbox, choices, text_of
from bot.sandbox.graph.api import GraphApi
from bot.sandbox.graph.control import Control
from bot.sandbox.graph.hooks import Hooks
from bot.sandbox.graph.model import Account, Graph, Template

__all__ = ["GraphSandbox", "choices", "start_graph", "text_of"]

LARGEST = 110 * 1024 * 1024


async def start_graph(
    accounts: Sequence[Account],
    *,
    app_secret: str,
    templates: Sequence[Template] = (),
    port: int = 0,
    clock: Callable[[], float] = time.time,
) -> GraphSandbox:
    """Start the stand-in on this machine; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    graph = Graph(accounts, clock, {one.name: one for one in templates})
    hooks = Hooks(app_secret)
    app = web.Application(client_max_size=LARGEST)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    sandbox = GraphSandbox("", graph, hooks, runner)
    app.add_routes([*Control(sandbox).routes(), *GraphApi(graph, hooks).routes()])
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sandbox.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    hooks.start()
    return sandbox
