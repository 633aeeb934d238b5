"""The operators' bot: receives durably, answers one update at a time per chat, and goes on after a crash."""

import asyncio
import hmac
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import orjson
import structlog
from aiohttp import web
from telegram import BotCommand, BotCommandScopeAllGroupChats, Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot import tracing
from bot.channels.bodies import read_bounded
from bot.channels.telegram.polling import Poller
from bot.operator.channel import OperatorChannel
from bot.operator.client import UPDATE_KINDS, staff_bot
from bot.operator.commands import GROUP_MENU, MENU
from bot.operator.counter import Counter
from bot.operator.counter_channel import CounterChannel
from bot.operator.errors import send_error
from bot.operator.handlers import Handlers
from bot.operator.office import LANGUAGE, Office
from bot.operator.reading import Gathered, gather
from bot.services.core import OPERATOR, Core
from bot.services.frontdesk import WAYS
from bot.services.intake import Intake
from bot.services.roster import Roster
from bot.services.staff_inbox import StaffInbox
from bot.services.ticketing import Ticketing
from dialogs.messages import OutboundMessage
from dialogs.responses import LANGUAGES
from storage.inbox import AlreadyDoneError
from storage.outbox import Outgoing

TELEGRAM: Final = "https://api.telegram.org"
WEBHOOK_PATH: Final = "/telegram/operator"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
MAX_UPDATE: Final = 1024 * 1024  # bytes
POLL_SECONDS: Final = 25
TRY_AGAIN: Final = 1.0
PATIENCE: Final = timedelta(seconds=1)
NEXT_LOOK: Final = 0.05
START_TRIES: Final = 5

log = structlog.get_logger(__name__)


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
        self._inbox = StaffInbox(core)
        self._office = Office(core, ticketing, roster)
        self._bot = staff_bot(token, api)
        self._api = api.rstrip("/")
        self._secret = secret or hmac.new(token.encode(), b"webhook", "sha256").hexdigest()
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder().application_class(_Application).bot(self._bot).updater(None).build()
        )
        Handlers(self._office, Counter(self._office, intake)).register(self._application)
        self.channel = OperatorChannel(self._bot, self._office)
        self.counters = tuple(CounterChannel(way, self._bot, self._office, self.channel) for way in WAYS)

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
        await self._application.shutdown()

    def routes(self) -> list[web.RouteDef]:
        """The webhook's route, for the web server."""
        return [web.post(WEBHOOK_PATH, self.handle_webhook)]

    async def handle_webhook(self, request: web.Request) -> web.Response:
        """Take one update: 200 once it is kept, 401 without the secret, 400 or 413 for what is no update."""
        secret = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(secret, self._secret.encode()):
            return web.Response(status=401)
        body = await read_bounded(request, MAX_UPDATE)
        if body is None:
            return web.Response(status=413)
        update = _read(body)
        if update is None:
            return web.Response(status=400)
        await self._take(update)
        return web.Response()

    async def poll(self, jitter: Callable[[], float] = random.random) -> None:
        """Receive by long polling until cancelled; an update is confirmed only once it is kept."""
        await Poller(self._fetch_updates, self._take, jitter).run()

    async def step(self, _channel: str, address: str) -> float | None:
        """Answer the oldest waiting update of a chat, an album as one; for `Lanes`."""
        waiting = await self._inbox.waiting(address)
        if not waiting:
            return None
        now = self._core.clock()
        gathered = gather(waiting, now)
        if gathered.wait:
            return gathered.wait.total_seconds()
        if now - waiting[0].received_at < PATIENCE and await self._outruns_us(address, waiting[0].payload):
            return NEXT_LOOK
        return await self._answer(address, gathered)

    async def _outruns_us(self, chat: str, raw: Mapping[str, Any]) -> bool:
        """Whether a reply to our own message came before we had noted what that message was about."""
        answered = (raw.get("message") or {}).get("reply_to_message") or {}
        ours = answered.get("from", {}).get("id") == self._bot.id
        if not ours or "forum_topic_created" in answered:  # which every message in a topic hangs under
            return False
        return await self._office.roster.about(chat, str(answered["message_id"])) is None

    async def _answer(self, chat: str, gathered: Gathered) -> float:
        meters = self._core.meters
        with tracing.turn(str(gathered.rows[0].id)), meters.turn_seconds.labels(OPERATOR).time():
            outcome, pause = await self._attempt(chat, gathered)
        meters.turns.labels(OPERATOR, outcome).inc()
        return pause

    async def _attempt(self, chat: str, gathered: Gathered) -> tuple[str, float]:
        """How the turn ended, and the seconds until the next may be taken."""
        try:
            await self._process(gathered.raw)
            await self._inbox.finish(chat, gathered.rows)
        except AlreadyDoneError:
            return "answered before", 0
        except Exception as error:
            log.exception("staff.update_failed", kind=type(error).__name__)
            if not await self._inbox.failed(gathered.rows, error):
                return "failed", TRY_AGAIN * float(2 ** gathered.rows[0].tries)
            await self._apologise(chat)
            return "set aside", 0
        return "answered", 0

    async def _process(self, raw: dict[str, Any]) -> None:
        update = Update.de_json(raw, self._bot)
        await self._application.process_update(update)

    async def _apologise(self, chat: str) -> None:
        """Tell the staff that something they sent could not be dealt with; others hear nothing."""
        if await self._office.roster.operator(chat) or await self._office.roster.group(chat):
            sorry = (await self._office.for_chat(chat)).text("petugas_galat")
            message = OutboundMessage(sorry, response="petugas_galat")
            await self._office.roster.say(Outgoing(OPERATOR, chat, message))

    async def _set_up(self, public_url: str) -> None:
        await self._application.initialize()
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
        if chat:
            await self._intake.staff(str(raw["update_id"]), chat, raw)
        else:
            log.info("staff.update_without_chat", fields=sorted(raw))


class _Application(Application[Any, Any, Any, Any, Any, Any]):
    """An application whose handlers' faults reach whoever gave it the update, so that it is tried again."""

    async def process_error(self, update: object, error: Exception, *_more: Any, **_named: Any) -> bool:  # noqa: ARG002 - named by the library
        """Pass the fault on."""
        raise error


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
        raw = orjson.loads(body)
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
