"""The operators' bot: receives durably, answers one update at a time per chat, and goes on after a crash."""

import asyncio
import hmac
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import orjson
import structlog
from aiohttp import web
from telegram import BotCommand, BotCommandScopeAllGroupChats, Update
from telegram.error import TelegramError

from bot.channels.bodies import read_json
from bot.channels.botapi import read_secured
from bot.channels.stumbles import Stumbles
from bot.channels.telegram.polling import Poller
from bot.operator.client import UPDATE_KINDS, Pace, staff_bot
from bot.operator.commands import GROUP_MENU, MENU
from bot.operator.counter import Counter
from bot.operator.counter_channel import CounterChannel
from bot.operator.errors import send_error
from bot.operator.front import Front
from bot.operator.handlers import Handlers
from bot.operator.office import LANGUAGE, Office
from bot.services.contested import Contested
from bot.services.core import Core
from bot.services.desk.frontdesk import WAYS
from bot.services.desk.roster import Roster
from bot.services.reports.ticketing import Ticketing
from bot.services.talks.intake import Intake
from bot.services.talks.unkept import Unkept
from dialogs.responses import LANGUAGES

TELEGRAM: Final = "https://api.telegram.org"
WEBHOOK_PATH: Final = "/telegram/operator"
POLL_SECONDS: Final = 25
START_TRIES: Final = 5

Aside = Callable[[dict[str, Any], str], Awaitable[bool]]
"""Takes an update of a chat that is not the desk's; false when it is."""

log = structlog.get_logger(__name__)


async def _nobody(_raw: dict[str, Any], _chat: str) -> bool:
    return False


class OperatorBot:
    """The staff's desk: updates in, durably and in order per chat; messages out through `channel`.

    `api` is the Bot API's base address; `secret` authenticates webhooks (made from the token when empty).
    """

    def __init__(  # noqa: PLR0913 - the services it works with, and its own two settings
        self,
        core: Core,
        ticketing: Ticketing,
        roster: Roster,
        intake: Intake,
        *,
        token: str,
        api: str,
        secret: str = "",
    ) -> None:
        self._core = core
        self._intake = intake
        self._office = Office(core, ticketing, roster)
        self._bot = staff_bot(token, api)
        self._api = api.rstrip("/")
        self._secret = secret or hmac.new(token.encode(), b"webhook", "sha256").hexdigest()
        self._front = Front(
            self._bot, self._office, Handlers(self._office, Counter(self._office, intake)).register
        )
        self.channel = self._front.channel
        self.counters = tuple(CounterChannel(way, self._bot, self._office, self.channel) for way in WAYS)
        self._aside: Aside = _nobody
        self._stumbles = Stumbles("operator", Unkept(core, lambda _keys: None).aside)

    def set_aside(self, aside: Aside, head: Callable[[str], str]) -> None:
        """From now on `aside` is asked first whether an update is its own, `head` what to write above words.

        Both are given the chat; `head` says nothing for most.
        """
        self._aside = aside
        self._bot.write_above(head)

    @property
    def pace(self) -> Pace | None:
        """What keeps it within Telegram's limits."""
        limiter = self._bot.rate_limiter
        return limiter if isinstance(limiter, Pace) else None

    async def start(self, public_url: str = "") -> None:
        """Connect, set the menu, and the webhook at `public_url` or none for polling; a few attempts.

        Raises:
            SendError: Telegram refuses (a wrong token, say) or stays out of reach.
        """
        for attempt in range(1, START_TRIES + 1):
            try:
                await self._set_up(public_url)
            except TelegramError as error:
                problem = send_error(error, self._bot.token)
                if not problem.retryable or attempt == START_TRIES:
                    raise problem from None
                await asyncio.sleep(problem.retry_after or attempt)
            else:
                return

    async def stop(self) -> None:
        """Close the connections; what is not answered by then is answered after the next start."""
        await self._front.stop()

    def routes(self) -> list[web.RouteDef]:
        """The webhook's route, for the web server."""
        return [web.post(WEBHOOK_PATH, self.handle_webhook)]

    async def handle_webhook(self, request: web.Request) -> web.Response:
        """Take one update: 200 once it is kept, 401 without the secret, 400 or 413 for what is no update."""
        update = _read(await read_secured(request, self._secret))
        if update is None:
            return web.Response(status=400)
        await self._take(update)
        return web.Response()

    async def poll(self, jitter: Callable[[], float] = random.random) -> None:
        """Receive by long polling until cancelled; an update is confirmed only once it is kept."""
        contested = Contested(self._core, self.channel.name)
        await Poller(self._fetch_updates, self._take, jitter, contested.met).run()

    async def step(self, channel: str, address: str) -> float | None:
        """Answer the oldest waiting update of a chat, an album as one; for `Lanes`."""
        return await self._front.step(channel, address)

    async def _set_up(self, public_url: str) -> None:
        await self._front.start()
        self._office.roster.address = address_of(self._bot.username, self._api)
        for language in ("", *LANGUAGES[1:]):
            office = self._office.speaking(language or LANGUAGE)
            code, everywhere = language or None, BotCommandScopeAllGroupChats()
            await self._bot.set_my_commands(_menu(office, MENU), language_code=code)
            await self._bot.set_my_commands(_menu(office, GROUP_MENU), scope=everywhere, language_code=code)
        if not public_url:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(
            public_url.rstrip("/") + WEBHOOK_PATH,
            secret_token=self._secret,
            allowed_updates=list(UPDATE_KINDS),
        )

    async def _fetch_updates(self, offset: int) -> list[dict[str, Any]]:
        try:
            return list(await self._bot.raw_updates(offset, POLL_SECONDS))
        except TelegramError as error:
            raise send_error(error, self._bot.token) from None

    async def _take(self, raw: dict[str, Any]) -> None:
        chat = chat_of(raw)
        if not chat:
            log.info("staff.update_without_chat", fields=sorted(raw))
            return
        try:
            if not await self._aside(raw, chat):
                await self._intake.staff(str(raw["update_id"]), chat, raw)
        except Exception as error:
            if not await self._stumbles.over(str(raw["update_id"]), None, error):
                raise
            await self._front.apologise(chat)


def address_of(username: str, api: str) -> str:
    """Where a bot is opened: on Telegram, or on the local stand-in for it."""
    return f"https://t.me/{username}" if api == TELEGRAM else f"{api}/t.me/{username}"


def _menu(office: Office, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, office.text(f"petugas_menu_{name}")) for name in names]


def chat_of(raw: Mapping[str, Any]) -> str:
    """The chat an update belongs to, whose updates are answered in order; empty when it has none."""
    inner: Any = next((raw[kind] for kind in UPDATE_KINDS if isinstance(raw.get(kind), dict)), {})
    chat = inner.get("chat") or (inner.get("message") or {}).get("chat") or {}
    return str(chat["id"]) if isinstance(chat, dict) and "id" in chat else ""


def _read(body: bytes) -> dict[str, Any] | None:
    """An update's JSON; None when it is none."""
    try:
        raw = read_json(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
        return None
    try:
        Update.de_json(raw)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return raw


async def username_of(token: str, api: str) -> str:
    """The bot's name on the messenger, for invitation links.

    Raises:
        SendError: Telegram refuses the token or is out of reach.
    """
    bot = staff_bot(token, api)
    try:
        async with bot:
            return str(bot.username)
    except TelegramError as error:
        raise send_error(error, token) from None
