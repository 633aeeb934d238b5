"""The library's bot, told to be careful: updates as they came, the staff's own pace, no token in errors."""

from collections.abc import Callable, Sequence
from typing import Any

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.bodies import read_json
from bot.channels.rendering import utf16_units
from bot.operator.errors import send_error

CALL_SECONDS = 20.0
OVERALL = (5, 0.2)
GROUP = (6, 26.0)
"""Calls per seconds. Telegram takes 30 a second, and 20 new messages a minute in a group, in whatever second
or minute it looks at; a bucket lets its size through at once and then its rate: both together stay within.
In a group a report's topic and card, and the words of a moment, go at once; a flood at 14 a minute."""
NO_GROUP = 1
NEW_MESSAGES = ("send", "copy", "forward", "createforumtopic")
SPOKEN = frozenset({"sendMessage", "editMessageText"})
SHOWN = frozenset({"sendPhoto", "sendVideo", "sendAudio", "sendVoice", "sendDocument", "sendAnimation"})
MOST, MOST_CAPTION = 4096, 1024
UPDATE_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


class StaffBot(ExtBot[int]):
    """A bot that hands out raw updates: one that cannot be read must not hold up all others."""

    _ready = False
    _head: Callable[[str], str] = staticmethod(lambda _chat: "")

    @property
    def ready(self) -> bool:
        """Whether calls can be made: between start and stop."""
        return self._ready

    async def initialize(self) -> None:
        """Open the connections; raises telegram.error.TelegramError when the token is wrong."""
        await super().initialize()
        self._ready = True

    async def shutdown(self) -> None:
        """Close the connections."""
        self._ready = False
        await super().shutdown()

    def write_above(self, head: Callable[[str], str]) -> None:
        """Write what `head` says for a chat above every word sent there; most chats need nothing."""
        self._head = head

    async def _do_post(self, endpoint: str, data: dict[str, Any], **more: Any) -> Any:
        """Every call goes through here; what it shows in a chat gets its head."""
        head = self._head(str(data["chat_id"])) if "chat_id" in data else ""
        return await super()._do_post(endpoint, headed(endpoint, data, head) if head else data, **more)

    async def raw_updates(self, offset: int, seconds: int) -> Sequence[dict[str, Any]]:
        """Updates from `offset` on, waiting up to `seconds` for one; raises telegram.error.TelegramError."""
        ask = {"offset": offset or None, "timeout": seconds, "allowed_updates": list(UPDATE_KINDS)}
        found: Any = await self._post("getUpdates", ask, read_timeout=seconds + CALL_SECONDS)
        return list(found)


async def reached(bot: StaffBot) -> None:
    """Connect a bot, if it is not connected yet.

    Raises:
        bot.channels.base.SendError: Telegram refuses the token or is out of reach.
    """
    try:
        await bot.initialize()
    except TelegramError as error:
        raise send_error(error, bot.token) from None


def headed(endpoint: str, data: dict[str, Any], head: str) -> dict[str, Any]:
    """The data of a call with a head above its words, where both fit; files without words get it alone."""
    if endpoint in SPOKEN:
        return data | {"text": _above(head, data["text"], MOST)}
    if endpoint == "sendMediaGroup":
        first, *rest = data["media"]
        captioned = type(first)(first.media, caption=_above(head, first.caption, MOST_CAPTION))
        return data | {"media": [captioned, *rest]}
    if endpoint in SHOWN:
        return data | {"caption": _above(head, data.get("caption"), MOST_CAPTION)}
    return data


def _above(head: str, words: str | None, most: int) -> str:
    together = f"{head}\n{words}" if words else head
    return together if utf16_units(together) <= most else str(words)


class Pace(AIORateLimiter):
    """Telegram's limits; in groups only new messages count, so that cards and signs do not lag behind."""

    async def process_request(
        self,
        callback: Any,
        args: Any,
        kwargs: Any,
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Let a call through when it may go."""
        if not endpoint.lower().startswith(NEW_MESSAGES):
            data = data | {"chat_id": NO_GROUP} if "chat_id" in data else data
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


def staff_bot(token: str, api: str, pace: Pace | None = None) -> StaffBot:
    """The bot at the Bot API of this base address; it paces itself by Telegram's limits.

    Two bots of one token share a `pace`. Being told to slow down is an answer here, not a reason to wait:
    the outbox tries again, also after a restart.
    """
    base = api.rstrip("/")
    return StaffBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(64),
        get_updates_request=_request(1),
        rate_limiter=pace or _pace(),
    )


def _pace() -> Pace:
    return Pace(
        overall_max_rate=OVERALL[0],
        overall_time_period=OVERALL[1],
        group_max_rate=GROUP[0],
        group_time_period=GROUP[1],
        max_retries=0,
    )


class _Request(HTTPXRequest):
    """Reads every answer, whatever is half a character in it, and writes none into a log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What an answer holds; raises telegram.error.TelegramError when that is no JSON."""
        try:
            found: dict[str, Any] = read_json(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None
        return found


def _request(connections: int) -> HTTPXRequest:
    return _Request(
        connection_pool_size=connections,
        read_timeout=CALL_SECONDS,
        write_timeout=CALL_SECONDS,
        connect_timeout=CALL_SECONDS / 2,
        pool_timeout=CALL_SECONDS,
        httpx_kwargs={"event_hooks": {"response": [_untied]}},
    )


async def _untied(answer: Any) -> None:
    """Read an answer and take it off the stream it was read from.

    In httpx each holds the other (encode/httpx#3733), and with them the photos of the request: they would
    stay, megabytes a minute, until unreachable objects are looked for.
    """
    await answer.aread()
    answer.stream = None
