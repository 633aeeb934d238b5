"""A pleasant way for tests to play people in a sandbox, over its control API."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.sandbox.places import Json, Message
from bot.sandbox.player import SandboxRefused, User

__all__ = ["Group", "Message", "SandboxClient", "SandboxRefused", "Topic", "User"]


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its owner; index it by a topic's name to write into that topic."""

    owner: User
    id: int
    topics: dict[str, int]

    @property
    def place(self) -> Json:
        """The group itself, or its general topic."""
        return {"room": str(self.id)}

    def __getitem__(self, topic: str | int) -> "Topic":
        return Topic(self, self.topics[topic] if isinstance(topic, str) else topic)

    async def add(self, member: str | User, *, admin: bool = False) -> None:
        """Add a bot (by username) or a person, maybe as administrator."""
        who = {"bot": member} if isinstance(member, str) else {"member": member.id}
        status = "administrator" if admin else "member"
        await self.owner.act("set_member", room=str(self.id), status=status, **who)

    async def remove(self, member: str | User) -> None:
        """Throw a bot or a person out."""
        who = {"bot": member} if isinstance(member, str) else {"member": member.id}
        await self.owner.act("set_member", room=str(self.id), status="kicked", **who)

    async def open_topic(self, name: str) -> "Topic":
        """Open another topic."""
        self.topics[name] = await self.owner.act("open_topic", room=str(self.id), name=name)
        return self[name]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a group."""

    group: Group
    id: int

    @property
    def place(self) -> Json:
        """The topic in its group."""
        return {"room": str(self.group.id), "topic_id": self.id}


class SandboxClient:
    """Talks to one running sandbox.

    Use as `async with SandboxClient(url) as sandbox`, then `siti = await sandbox.user("Siti")`.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def request(self, method: str, path: str, **more: Any) -> tuple[Any, int]:
        """One call of the control API: its answer, and the world's serial number before it.

        Raises:
            SandboxRefused: with the sandbox's reason.
        """
        if self._session is None:
            raise RuntimeError("use the client as `async with SandboxClient(url) as sandbox`")
        async with self._session.request(method, f"{self.base_url}/sandbox/api{path}", **more) as response:
            answer = await response.json()
            if response.status != 200:
                raise SandboxRefused(answer.get("error", str(response.status)))
            return answer, int(response.headers.get("X-Sandbox-Serial", 0))

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        return (await self.request(method, path, **more))[0]

    async def user(self, name: str, *, role: str = "citizen", language_code: str = "id") -> User:
        """A new person; names may repeat."""
        asked = {"name": name, "role": role, "language_code": language_code}
        return User(self, (await self._ask("POST", "/people", json=asked))["id"], name)

    async def existing_user(self, name: str) -> User:
        """The first person of that first name.

        Raises:
            LookupError: when there is none.
        """
        for person in (await self.state())["people"]:
            if person["first_name"] == name:
                return User(self, person["id"], name)
        raise LookupError(name)

    async def forum(self, title: str, topics: Sequence[str] = (), *, owner: User | None = None) -> Group:
        """A new group with topics; its owner is a new operator unless one is given."""
        return await self._create(title, owner, forum=True, topics=list(topics))

    async def group(self, title: str, *, owner: User | None = None) -> Group:
        """A new group without topics; its owner is a new operator unless one is given."""
        return await self._create(title, owner, forum=False, topics=[])

    async def _create(self, title: str, owner: User | None, **more: Any) -> Group:
        owner = owner or await self.user(f"Pemilik {title}", role="operator")
        room = await owner.act("create_group", title=title, **more)
        return Group(owner, room["chat"]["id"], {topic["name"]: topic["id"] for topic in room["topics"]})

    async def state(self) -> Json:
        """Bots, people and rooms, without messages."""
        state: Json = await self._ask("GET", "/state")
        return state

    async def push_update(self, bot: str | int, update: Json, *, duplicate: int = 1) -> int:
        """Queue a raw update for a bot `duplicate` times under one number, and return that number."""
        asked = {"bot": await self._bot_id(bot), "update": update, "times": duplicate}
        return int(await self._ask("POST", "/updates", json=asked))

    async def fault(self, kind: str, **more: Any) -> None:
        """Let coming calls go wrong; see `bot.sandbox.faults.Fault` for the kinds and their settings."""
        await self._ask("POST", "/faults", json={"kind": kind, **more})

    async def clear_faults(self) -> None:
        """Let everything go right again."""
        await self._ask("DELETE", "/faults")

    async def limits(self, **changed: Any) -> None:
        """Set flood limits, those not named to their defaults; see `bot.sandbox.limits.Limits`."""
        await self._ask("POST", "/limits", json=changed)

    async def calls(
        self, bot: str | int | None = None, *, method: str | None = None, since: int = 0
    ) -> list[Json]:
        """The log of bot calls with their parameters and results, oldest first."""
        query = {"since": str(since)} | ({"bot": str(await self._bot_id(bot))} if bot is not None else {})
        found = await self._ask("GET", "/calls", params=query)
        return [call for call in found if method in {None, call["method"]}]

    async def ignored_parameters(self) -> dict[str, int]:
        """Parameters ("method.name") that bots sent and the Bot API does not know, with how often."""
        return dict(await self._ask("GET", "/ignored"))

    async def _bot_id(self, bot: str | int) -> int:
        if isinstance(bot, int):
            return bot
        for known in (await self.state())["bots"]:
            if known["username"] == bot.removeprefix("@"):
                return int(known["id"])
        raise LookupError(f"no bot @{bot}")
