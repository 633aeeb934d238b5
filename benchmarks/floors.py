"""The floors: the least a bot on aiogram can do, each its own server process.

`send` answers each update with one message over HTTP. `send-commit` keeps each update durably before it
does; the commits are shared among the turns that wait for one. `reply` and `reply-commit` are the same with
the answer in the webhook's own response: the cheapest a bot on aiogram can be.
"""

import argparse
import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

SECRET = "the-floors-secret"  # noqa: S105 - of a server that lives for a minute
PATH = "/webhook"
ANSWER = "Terima kasih, pesan Anda sudah kami catat. Silakan lanjutkan."
TABLE = "CREATE TABLE updates (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, body TEXT NOT NULL)"

Keep = Callable[[Update], Awaitable[None]]


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

    async def keep(self, update: Update) -> None:
        """Return once the update is on disk."""
        message = update.message
        assert message is not None
        self._rows.append((update.update_id, message.chat.id, message.text or message.content_type))
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


async def _keep_nothing(_: Update) -> None:
    return


def _dispatcher(*, in_response: bool, keep: Keep) -> Dispatcher:
    dispatcher = Dispatcher(disable_fsm=True)

    @dispatcher.message()
    async def on_message(message: Message, event_update: Update) -> TelegramMethod[Any] | None:
        await keep(event_update)
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
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}{PATH}", secret_token=SECRET)
    await asyncio.Event().wait()


def main() -> None:
    """Serve one floor until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["send", "send-commit", "reply", "reply-commit"])
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--database", required=True, type=Path)
    given = parser.parse_args()
    asyncio.run(_serve(given.kind, given.api, given.token, given.port, given.database))


if __name__ == "__main__":
    main()
