"""What the sandbox's world is made of."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Role = Literal["citizen", "operator"]

OWNER, ADMIN, MEMBER, LEFT, KICKED = "creator", "administrator", "member", "left", "kicked"
PRESENT = frozenset({OWNER, ADMIN, MEMBER})
ADMINS = frozenset({OWNER, ADMIN})


@dataclass(frozen=True, slots=True)
class BotAccount:
    """A bot known from the start; `privacy` is BotFather's group privacy, on by default as in Telegram."""

    token: str
    username: str
    name: str
    privacy: bool = True

    @property
    def id(self) -> int:
        """The number in front of the token's colon.

        Raises:
            ValueError: when the token does not look like "123:secret".
        """
        number, colon, secret = self.token.partition(":")
        if not (number.isdigit() and colon and secret):
            raise ValueError(f"bot token of @{self.username} must look like 123456:secret")
        return int(number)


@dataclass(slots=True)
class Bot:
    """A bot account with what it told about itself."""

    account: BotAccount
    id: int
    name: str
    texts: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "default"})

    def user(self) -> Json:
        """The bot as a `User` inside messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.account.username}

    def me(self) -> Json:
        """The bot as `getMe` tells it."""
        return self.user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.account.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_guest_queries": False,
        }


@dataclass(slots=True)
class Person:
    """A human of the practice place."""

    id: int
    first_name: str
    role: Role = "citizen"
    language_code: str = "id"
    username: str | None = None
    last_name: str | None = None
    phone_number: str = ""

    def user(self) -> Json:
        """The person as a `User`, with only the fields that are set."""
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def private_chat(self) -> Json:
        """The person's private chat as a bot sees it."""
        return {"id": self.id, **self._names(), "type": "private"}

    def _names(self) -> Json:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value}


@dataclass(slots=True)
class Topic:
    """A thread of a forum; its number is the number of the message that opened it."""

    id: int
    name: str
    icon_color: int = 0x6FB9F0
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Room:
    """One conversation: a private chat of a person and a bot ("bot:person"), or a group."""

    key: str
    chat: Json
    next_id: int = 1
    people: dict[int, str] = field(default_factory=dict)
    bots: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    keyboard: Json | None = None
    blocked: bool = False
    started: bool = False

    @property
    def is_private(self) -> bool:
        """Whether this is one person's chat with one bot."""
        return bool(self.chat["type"] == "private")

    @property
    def is_forum(self) -> bool:
        """Whether the group has topics."""
        return bool(self.chat.get("is_forum"))
