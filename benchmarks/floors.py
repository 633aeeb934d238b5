"""The floors: the least a bot on aiogram can do, each its own server process.

`send` answers each update with one message over HTTP. `send-commit` keeps each update durably before it
does; the commits are shared among the turns that wait for one. `reply` and `reply-commit` are the same with
the answer in the webhook's own response: the cheapest a bot on aiogram can be. `bare-commit` is the last
without aiogram: the update read by orjson, the answer written by it.
"""

import argparse
import asyncio
import hmac
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import ClientSession, web

SECRET = "the-floors-secret"  # noqa: S105 - of a server that lives for a minute
PATH = "/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER = "Terima kasih, pesan Anda sudah kami catat. Silakan lanjutkan."
TABLE = "CREATE TABLE updates (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, body TEXT NOT NULL)"

Keep = Callable[[int, int, str], Awaitable[None]]


class SharedCommit:
    """Durable commits, each for all updates that arrived during the one before."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(TABLE)
        self._rows: list[tuple[int, int, str]] = []
        self._next: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def keep(self, number: int, chat: int, body: str) -> None:
        """Return once the update is on disk."""
        self._rows.append((number, chat, body))
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        waiting = self._next
        if self._task is None:
            self._task = asyncio.create_task(self._commit())
        await waiting

    async def _commit(self) -> None:
        while self._next is not None:
            rows, done = self._rows, self._next
            self._rows, self._next = [], None
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO updates VALUES (?, ?, ?)", rows)
            await asyncio.to_thread(self._connection.execute, "COMMIT")
            done.set_result(None)
        self._task = None


async def _keep_nothing(_number: int, _chat: int, _body: str) -> None:
    return


def _dispatcher(*, in_response: bool, keep: Keep) -> Dispatcher:
    dispatcher = Dispatcher(disable_fsm=True)

    @dispatcher.message()
    async def on_message(message: Message, event_update: Update) -> TelegramMethod[Any] | None:
        await keep(event_update.update_id, message.chat.id, message.text or message.content_type)
        if in_response:
            return SendMessage(chat_id=message.chat.id, text=ANSWER)
        await message.answer(ANSWER)
        return None

    return dispatcher


async def _serve(kind: str, api: str, token: str, port: int, database: Path) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    keep = SharedCommit(database).keep if kind.endswith("commit") else _keep_nothing
    dispatcher = _dispatcher(in_response=kind.startswith("reply"), keep=keep)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET)
    handler.register(app, PATH)
    await _open(app, port)
    await bot.set_webhook(f"http://127.0.0.1:{port}{PATH}", secret_token=SECRET)
    await asyncio.Event().wait()


async def _serve_bare(api: str, token: str, port: int, database: Path) -> None:
    commits = SharedCommit(database)

    async def take(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, ""), SECRET):
            return web.Response(status=401)
        update = orjson.loads(await request.read())
        message = update["message"]
        await commits.keep(update["update_id"], message["chat"]["id"], message.get("text", "file"))
        answer = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": ANSWER}
        return web.Response(body=orjson.dumps(answer), content_type="application/json")

    app = web.Application()
    app.router.add_post(PATH, take)
    await _open(app, port)
    hook = {"url": f"http://127.0.0.1:{port}{PATH}", "secret_token": SECRET}
    async with ClientSession() as session, session.post(f"{api}/bot{token}/setWebhook", json=hook):
        await asyncio.Event().wait()


async def _open(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()


def main() -> None:
    """Serve one floor until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["send", "send-commit", "reply", "reply-commit", "bare-commit"])
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--database", required=True, type=Path)
    given = parser.parse_args()
    where = (given.api, given.token, given.port, given.database)
    asyncio.run(_serve_bare(*where) if given.kind == "bare-commit" else _serve(given.kind, *where))


if __name__ == "__main__":
    main()
