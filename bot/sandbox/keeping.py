"""Keeps a world on disk: one JSON file, written whole and swapped in, at most once a second."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import orjson

from bot.sandbox.courier import Webhook
from bot.sandbox.feed import Feed
from bot.sandbox.files import StoredFile
from bot.sandbox.model import Json, Person, Room, Topic
from bot.sandbox.world import Press, World

FILE = "sandbox.json"
FORMAT = 1
EVERY_SECONDS = 1.0
LEAP = 1000
"""How far numbers leap after a crash, so that none given out after the last save is given out again."""


class Keeper:
    """Saves a world while it runs."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._path = folder / FILE
        self._saved: tuple[int, ...] = ()
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    def load(self) -> None:
        """Take over what was saved, if anything.

        Raises:
            ValueError: when the file is not one this version wrote.
        """
        if self._path.exists():
            content = orjson.loads(self._path.read_bytes())
            if content.get("format") != FORMAT:
                raise ValueError(f"{self._path} was written by another version; move it away to start afresh")
            restore(self._world, content)

    def start(self) -> None:
        """Save from now on."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Save one last time."""
        self._ending.set()
        if self._task:
            await self._task  # a save under way must not overtake the last one
        self._write(snapshot(self._world, clean=True))

    async def _run(self) -> None:
        while not self._ending.is_set():
            marks = self._marks()
            if marks != self._saved:
                await asyncio.to_thread(self._write, snapshot(self._world, clean=False))
                self._saved = marks
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), EVERY_SECONDS)

    def _marks(self) -> tuple[int, ...]:
        feeds = self._world.feeds.values()
        waiting = sum(len(feed.pending) for feed in feeds)
        webhooks = sum(courier.webhook is not None for courier in self._world.couriers.values())
        return (self._world.serial, waiting, webhooks, *(feed.next_id for feed in feeds))

    def _write(self, content: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(self._path)


def snapshot(world: World, *, clean: bool) -> bytes:
    """The world as JSON; `clean` when nothing will happen after it."""
    content: Json = {
        "format": FORMAT,
        "clean": clean,
        "serial": world.serial,
        "people": list(world.people.values()),
        "rooms": list(world.rooms.values()),
        "files": list(world.files.known.values()),
        "described": world.files.described,
        "presses": world.presses,
        "bots": {bot.id: _bot(world, bot.id) for bot in world.bots.values()},
    }
    return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)


def _bot(world: World, number: int) -> Json:
    bot, feed, courier = world.bots[number], world.feeds[number], world.couriers.get(number)
    return {
        "name": bot.name,
        "texts": bot.texts,
        "commands": bot.commands,
        "menu_button": bot.menu_button,
        "next_update": feed.next_id,
        "allowed": feed.allowed,
        "pending": [{"body": p.body.decode(), "date": p.date, "lane": p.lane} for p in feed.pending.values()],
        "webhook": courier.webhook if courier else None,
    }


def restore(world: World, content: Json) -> None:
    """Take a snapshot over into a fresh world; bots no longer configured are left out."""
    leap = 0 if content["clean"] else LEAP
    world.serial = content["serial"] + leap
    for person in content["people"]:
        world.people[person["id"]] = Person(**person)
    for kept in content["files"]:
        world.files.remember(StoredFile(**kept))
    world.files.described |= content["described"]
    for room in content["rooms"]:
        world.rooms[room["key"]] = _room(room, leap)
    for number, press in content["presses"].items():
        world.presses[number] = Press(**press)
    for number, told in content["bots"].items():
        if int(number) in world.bots:
            _restore_bot(world, int(number), told, leap)


def _room(saved: Json, leap: int) -> Room:
    numbered: dict[str, Any] = {
        name: {int(key): value for key, value in saved[name].items()}
        for name in ("people", "bots", "messages")
    }
    topics = {int(key): Topic(**topic) for key, topic in saved["topics"].items()}
    reactions = {
        int(key): {int(who): emoji for who, emoji in given.items()}
        for key, given in saved["reactions"].items()
    }
    changed = numbered | {"topics": topics, "reactions": reactions, "next_id": saved["next_id"] + leap}
    room = Room(**(saved | changed))
    for message in room.messages.values():
        message["chat"] = room.chat
    return room


def _restore_bot(world: World, number: int, told: Json, leap: int) -> None:
    bot, feed = world.bots[number], world.feeds[number]
    bot.name, bot.texts, bot.commands = told["name"], told["texts"], told["commands"]
    bot.menu_button = told["menu_button"]
    feed.allowed = tuple(told["allowed"])
    feed.next_id = max(feed.next_id, told["next_update"] + leap)
    for pending in told["pending"]:
        _restore_pending(feed, pending)
    if told["webhook"]:
        world.webhooks_before[number] = Webhook(**told["webhook"])


def _restore_pending(feed: Feed, saved: Json) -> None:
    feed.put(orjson.loads(saved["body"]), saved["lane"], saved["date"])
