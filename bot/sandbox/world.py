"""The practice place: bots, people, their conversations, and what each bot is told of them."""

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.courier import Courier, Webhook
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed, lane_of
from bot.sandbox.files import FileStore, StoredFile, personal_id
from bot.sandbox.limits import Limiter, Limits
from bot.sandbox.model import (
    ADMINS,
    KICKED,
    LEFT,
    OWNER,
    PRESENT,
    Bot,
    BotAccount,
    Json,
    Person,
    Role,
    Room,
    Topic,
)

FIRST_PERSON = 7_100_000_001
FIRST_GROUP = 1_002_000_000_001
UPDATES_EPOCH = 1_700_000_000
CHANGES_KEPT = 20_000
CALLS_KEPT = 20_000
MEDIA_KEYS = frozenset(
    {"photo", "document", "video", "voice", "audio", "animation", "sticker", "video_note"}
    | {"reply_to_message", "pinned_message"}
)
SERVICE_KEYS = frozenset(
    {"new_chat_members", "left_chat_member", "new_chat_title", "pinned_message", "supergroup_chat_created"}
    | {"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """Something to see happened in a room; `serial` only grows."""

    serial: int
    kind: str
    room: str
    message_id: int = 0
    detail: Any = None


@dataclass(slots=True)
class Press:
    """A pressed inline button, until its bot has answered."""

    bot_id: int
    person: int
    room: str
    at: float
    answered: bool = False


class World:
    """Everything the sandbox knows; nothing here speaks HTTP."""

    def __init__(
        self,
        bots: Sequence[BotAccount] = (),
        *,
        clock: Callable[[], float],
        files: FileStore | None = None,
        limits: Limits | None = None,
        record: bool = True,
    ) -> None:
        self.clock = clock
        self.files = files or FileStore(None)
        self.limits = limits or Limits()
        self.faults = Faults()
        self.bots: dict[int, Bot] = {}
        self.tokens: dict[str, Bot] = {}
        self.people: dict[int, Person] = {}
        self.rooms: dict[str, Room] = {}
        self.feeds: dict[int, Feed] = {}
        self.couriers: dict[int, Courier] = {}
        self.webhooks_before: dict[int, Webhook] = {}
        self.limiters: dict[int, Limiter] = {}
        self.presses: dict[str, Press] = {}
        self.file_links: dict[tuple[int, str], float] = {}
        self.record = record
        self.calls_made = 0
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.ignored: Counter[str] = Counter()
        self.changes: deque[Change] = deque(maxlen=CHANGES_KEPT)
        self.serial = 0
        self.on_change: list[Callable[[], None]] = []
        self._numbers = itertools.count(1)
        self._watchers: dict[int, set[asyncio.Future[None]]] = {}
        for account in bots:
            self.add_bot(account)

    # --- who is there

    def add_bot(self, account: BotAccount) -> Bot:
        """Make a bot account known; an account known by number keeps its state."""
        bot = self.bots.get(account.id) or Bot(account, account.id, account.name)
        bot.account = account
        self.bots[bot.id] = bot
        self.tokens[account.token] = bot
        first = max(1, int((self.clock() - UPDATES_EPOCH) * 10))
        self.feeds.setdefault(bot.id, Feed(self.clock, first))
        self.limiters.setdefault(bot.id, Limiter())
        return bot

    def add_person(self, name: str, role: Role = "citizen", language_code: str = "id") -> Person:
        """Create a person; the name's second word becomes the last name."""
        first, _, last = name.partition(" ")
        number = max(self.people, default=FIRST_PERSON - 1) + 1
        phone = f"+62812{number % 10_000_000:07d}"
        person = Person(number, first, role, language_code, last_name=last or None, phone_number=phone)
        self.people[number] = person
        self.changed("people", "")
        return person

    def add_group(self, title: str, owner: Person, *, forum: bool = False) -> Room:
        """Create a supergroup owned by `owner`, with topics if it is a forum."""
        groups = [room for room in self.rooms.values() if not room.is_private]
        chat: Json = {"id": -(FIRST_GROUP + len(groups)), "title": title, "type": "supergroup"}
        if forum:
            chat["is_forum"] = True
        room = Room(str(chat["id"]), chat, people={owner.id: OWNER})
        self.rooms[room.key] = room
        self.post(room, owner.user(), {"supergroup_chat_created": True})
        return room

    def private(self, bot: Bot, person: Person) -> Room:
        """The private chat of a person and a bot, made when first needed."""
        key = f"{bot.id}:{person.id}"
        if key not in self.rooms:
            self.rooms[key] = Room(
                key, person.private_chat(), people={person.id: "member"}, bots={bot.id: "member"}
            )
        return self.rooms[key]

    def person(self, number: int) -> Person:
        """The person with this number.

        Raises:
            ApiError: 400 when there is none.
        """
        found = self.people.get(number)
        if found is None:
            raise bad_request("user not found")
        return found

    def room_for(self, bot: Bot, chat_id: int | str) -> Room:
        """The room a bot means by a chat number, if it may write there.

        Raises:
            ApiError: 400 or 403 in Telegram's words.
        """
        room = self.known_room(bot, chat_id)
        if room.blocked:
            raise forbidden("bot was blocked by the user")
        return room

    def known_room(self, bot: Bot, chat_id: int | str) -> Room:
        """The room a bot means by a chat number, also when it is blocked there.

        Raises:
            ApiError: 400 or 403 in Telegram's words.
        """
        if isinstance(chat_id, str) or chat_id < 0:
            return self._group_for(bot, chat_id)
        room = self.rooms.get(f"{bot.id}:{chat_id}")
        if room and room.started:
            return room
        raise self._no_private(bot, chat_id)

    def _no_private(self, bot: Bot, chat_id: int) -> ApiError:
        if chat_id in self.bots:
            return forbidden("bot can't send messages to bots")
        if any(bot.id in room.bots and chat_id in room.people for room in self.rooms.values()):
            return forbidden("bot can't initiate conversation with a user")
        return bad_request("chat not found")

    def _group_for(self, bot: Bot, chat_id: int | str) -> Room:
        room = self.rooms.get(str(chat_id)) if isinstance(chat_id, int) else self._by_username(chat_id)
        status = room.bots.get(bot.id) if room else None
        if room is None or status is None:
            raise bad_request("chat not found")
        if status == KICKED:
            raise forbidden("bot was kicked from the supergroup chat")
        if status == LEFT:
            raise forbidden("bot is not a member of the supergroup chat")
        return room

    def _by_username(self, name: str) -> Room | None:
        wanted = name.removeprefix("@").lower()
        return next((r for r in self.rooms.values() if r.chat.get("username", "").lower() == wanted), None)

    # --- what happens

    def post(self, room: Room, sender: Json, content: Json, *, topic: Topic | None = None) -> Json:
        """Put a message into a room and tell whoever watches; bots are told separately."""
        message: Json = {
            "message_id": room.next_id,
            "from": sender,
            "chat": room.chat,
            "date": int(self.clock()),
        }
        if topic:
            message |= {"message_thread_id": topic.id, "is_topic_message": True}
        message |= content
        room.messages[room.next_id] = message
        room.next_id += 1
        self.changed("message", room.key, message["message_id"])
        return message

    def tell_bots(self, room: Room, kind: str, message: Json) -> None:
        """Queue a person's message for every bot in the room that would see it."""
        for bot_id, status in room.bots.items():
            if status in PRESENT and self._sees(self.bots[bot_id], status, message, room):
                self.tell(bot_id, kind, message)

    def tell(self, bot_id: int, kind: str, payload: Json) -> None:
        """Queue one update, with file ids made for this bot."""
        self.feeds[bot_id].push(kind, self.personal(payload, bot_id), lane_of(payload))

    def _sees(self, bot: Bot, status: str, message: Json, room: Room) -> bool:
        if room.is_private or status in ADMINS or not bot.account.privacy:
            return True
        text = message.get("text") or message.get("caption") or ""
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        commanded = text.startswith("/") and (
            "@" not in text.split()[0] or f"@{bot.account.username}" in text
        )
        return bool(commanded or answered == bot.id or message.keys() & SERVICE_KEYS)

    def personal(self, payload: Json, bot_id: int) -> Json:
        """The payload with every file id turned into the one this bot may use."""
        inner = payload.get("message")
        if payload.keys() & MEDIA_KEYS or (isinstance(inner, dict) and inner.keys() & MEDIA_KEYS):
            turned: Json = self._personal(payload, bot_id)
            return turned
        return payload

    def personal_file(self, kept: StoredFile, bot_id: int) -> Json:
        """A `File` under the id this bot may use."""
        return kept.reference() | {"file_id": personal_id(bot_id, kept)}

    def _personal(self, value: Any, bot_id: int) -> Any:
        if isinstance(value, list):
            return [self._personal(item, bot_id) for item in value]
        if not isinstance(value, dict):
            return value
        turned = {key: self._personal(item, bot_id) for key, item in value.items()}
        kept = self.files.known.get(value.get("file_unique_id", ""))
        if kept:
            turned["file_id"] = personal_id(bot_id, kept)
        return turned

    def changed(self, kind: str, room: str, message_id: int = 0, detail: Any = None) -> None:
        """Note something to see, and wake those who watch."""
        self.serial += 1
        self.changes.append(Change(self.serial, kind, room, message_id, detail))
        for listener in self.on_change:
            listener()
        if self._watchers:
            people = self.rooms[room].people if room in self.rooms else self.people
            for person in [0, *people] if len(people) < len(self._watchers) else list(self._watchers):
                self._wake(person)

    def _wake(self, person: int) -> None:
        for waiting in self._watchers.pop(person, ()):
            if not waiting.done():
                waiting.set_result(None)

    async def wait_for_change(self, person: int, seconds: float) -> None:
        """Return when something a person (0: anybody) can see happens, or after `seconds`."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.setdefault(person, set()).add(waiting)
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            self._watchers.get(person, set()).discard(waiting)

    def note_call(self, note: Json) -> None:
        """Keep one bot call in the log; calls are numbered from 1."""
        self.calls_made += 1
        self.calls.append({"serial": self.calls_made} | note)

    def number(self) -> int:
        """A number never used before in this run, for albums, presses and polls."""
        return int(self.clock() * 1000) * 1000 + next(self._numbers)
