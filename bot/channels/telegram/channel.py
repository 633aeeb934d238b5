"""The citizen bot's door to Telegram: webhook or long polling in, messages and files out."""

import asyncio
import hmac
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson
import stamina
import structlog
from aiohttp import web

from bot.channels.base import (
    DOOR_CODES,
    Capabilities,
    Delivery,
    FetchError,
    Intake,
    MembershipChange,
    SendError,
    SendResult,
)
from bot.channels.botapi import read_secured
from bot.channels.sending import content_of, send_parts
from bot.channels.stumbles import Aside, Stumbles, never
from bot.channels.telegram.calls import LongAnswerError
from bot.channels.telegram.capabilities import CAPABILITIES
from bot.channels.telegram.client import (
    FILE,
    HOOK,
    MENU,
    PRESSED,
    SENT,
    UNHOOK,
    UPDATES,
    Asked,
    Client,
    RefusedError,
)
from bot.channels.telegram.common import read_common
from bot.channels.telegram.deferred import Deferred
from bot.channels.telegram.errors import unanswered
from bot.channels.telegram.parse import MAX_DOWNLOAD, NAME, UPDATE_KINDS, Update, parse, parse_membership
from bot.channels.telegram.polling import Poller, unnoticed
from bot.channels.telegram.render import Part, plan, to_fields, unsent
from bot.channels.telegram.rough import is_for_others, roughly, update_of
from bot.channels.texts import load_texts, pick
from dialogs.messages import Attachment

WEBHOOK_PATH: Final = "/telegram/citizen"
CALL_SECONDS: Final = 30.0

T = TypeVar("T")
log = structlog.get_logger()


def utc_now() -> datetime:
    """The time, for those who do not bring their own clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ between installations.

    `secret` authenticates webhooks (made from the token when empty); `commands` are the menu per language,
    each a name and what it does, under "" for all other languages; `poll_seconds` is how long one question
    for updates waits; `contested` is called when somebody else asks with the same token, `aside` with what
    could not be kept again and again.
    """

    secret: str = field(default="", repr=False)
    commands: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    membership: MembershipChange | None = None
    contested: Callable[[], Awaitable[None]] = unnoticed
    aside: Aside = never
    max_connections: int = 40
    poll_seconds: int = 25


class TelegramChannel:
    """Citizens on Telegram; `api` is the Bot API's base address.

    Every new message goes to `intake` before Telegram hears that it arrived. Only private chats are
    served: in groups the bot keeps silent.
    """

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self,
        token: str,
        *,
        api: str,
        intake: Intake,
        clock: Callable[[], datetime] = utc_now,
        options: Options | None = None,
    ) -> None:
        self._options = options or Options()
        self._client = Client(token, api, CALL_SECONDS)
        self._deferred = Deferred(token, api, CALL_SECONDS)
        self._intake = intake
        self._clock = clock
        self._secret = self._options.secret or hmac.new(token.encode(), b"webhook", "sha256").hexdigest()
        self._texts = load_texts(Path(__file__).with_name("texts.json"))
        self._stumbles = Stumbles("telegram", self._options.aside)
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def start(self, public_url: str = "") -> None:
        """Set the command menu and the webhook at `public_url`, or clear it for polling; a few attempts.

        Raises:
            SendError: Telegram refuses (a wrong token, say) or stays out of reach.
        """
        async for attempt in stamina.retry_context(on=_worth_retrying, attempts=5, wait_max=10.0):
            with attempt:
                await self._set_up(public_url)

    async def stop(self) -> None:
        """Finish what is under way and close the connections."""
        if self._acknowledging:
            await asyncio.wait(self._acknowledging, timeout=2.0)
        await self._client.close()
        await self._deferred.close()

    def routes(self) -> list[web.RouteDef]:
        """The webhook's route, for the web server."""
        return [web.post(WEBHOOK_PATH, self.handle_webhook)]

    async def handle_webhook(self, request: web.Request) -> web.Response:
        """Take one update: 200 once it is kept, 401 without the secret, 400 or 413 for what is no update."""
        pressed = await self._admit(await read_secured(request, self._secret))
        return web.Response(status=400) if pressed is None else _acknowledgement(pressed)

    async def poll(self, jitter: Callable[[], float] = random.random) -> None:
        """Receive by long polling until cancelled; survives every error and says what to do about it."""
        await Poller(self._fetch_updates, self._take_raw, jitter, self._options.contested).run()

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message, as several where Telegram's limits ask for it; raises SendError."""
        texts = pick(self._texts, delivery.language)
        return await send_parts(
            unsent(plan(delivery, texts["location_hint"]), len(delivery.sent)),
            lambda part: self._send_part(delivery.address, part, texts["location_button"]),
            delivery.sent,
        )

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes; raises FetchError, also when it is larger than Telegram hands to bots."""
        try:
            file = await self._ask(FILE, {"file_id": attachment.ref})
        except SendError as problem:
            ours = problem.code in DOOR_CODES
            raise FetchError(str(problem), retryable=problem.retryable, ours=ours) from None
        if not file.file_path or (file.file_size or 0) > MAX_DOWNLOAD:
            raise FetchError("larger than 20 MB, or withdrawn", retryable=False)
        return await self._download(file.file_path)

    async def _set_up(self, public_url: str) -> None:
        for language, commands in self._options.commands.items():
            menu = [{"command": name, "description": text} for name, text in commands]
            await self._ask(MENU, {"commands": menu} | ({"language_code": language} if language else {}))
        if not public_url:
            await self._ask(UNHOOK, {})
            return
        hook = {
            "url": public_url.rstrip("/") + WEBHOOK_PATH,
            "secret_token": self._secret,
            "allowed_updates": UPDATE_KINDS,
            "max_connections": self._options.max_connections,
        }
        await self._ask(HOOK, hook)

    async def _ask(self, asked: Asked[T], fields: dict[str, Any], seconds: float | None = None) -> T:
        try:
            return await self._client.ask(asked, fields, seconds)
        except RefusedError as refused:
            reason = (await self._deferred.rare()).reason(refused)
        except OSError as problem:
            reason = unanswered(problem)
        raise reason

    async def _fetch_updates(self, offset: int) -> list[dict[str, Any]]:
        wait = self._options.poll_seconds
        ask = {"timeout": wait, "allowed_updates": UPDATE_KINDS} | ({"offset": offset} if offset else {})
        return await self._ask(UPDATES, ask, wait + CALL_SECONDS)

    async def _read(self, raw: Any) -> "Update | None":
        return read_common(raw) or (await self._deferred.rare()).read(raw)

    async def _take_raw(self, raw: dict[str, Any]) -> None:
        pressed = await self._admit(raw)
        if pressed is None:
            log.error("telegram.update_unreadable", update_id=raw.get("update_id"), fields=sorted(raw))
        elif pressed:
            self._acknowledge(pressed)

    async def _admit(self, raw: Any) -> str | None:
        """Keep what an update brings; the id of a press whose spinner is to stop, None for what is no update.

        What cannot be kept is raised, so that it comes again; a few times, then it is set aside.
        """
        try:
            return await self._take(raw)
        except Exception as error:
            update = update_of(raw)
            message = roughly(update, self._clock())
            if not await self._stumbles.over(str(update.get("update_id")), message, error):
                raise
        return ""

    async def _take(self, raw: Any) -> str | None:
        update = await self._read(raw)
        if update is None:
            told = update_of(raw)
            if is_for_others(told):
                return ""
            message = roughly(told, self._clock())
        else:
            membership = parse_membership(update)
            if membership and self._options.membership:
                await self._options.membership(membership)
            message = parse(update, self._clock())
        if message:
            await self._intake(message)
        elif update is None:
            return None
        return update.callback_query.id if update and update.callback_query else ""

    def _acknowledge(self, query_id: str) -> None:
        """Stop the pressed button's spinner; nobody waits for it and nothing hangs on it."""
        task = asyncio.create_task(self._answer(query_id))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    async def _answer(self, query_id: str) -> None:
        with suppress(SendError):
            await self._ask(PRESSED, {"callback_query_id": query_id})

    async def _send_part(self, address: str, part: Part, location_label: str) -> tuple[str, ...]:
        if not part.files:
            sent = await self._ask(SENT, to_fields(_chat(address), part, location_label))
            return (str(sent.message_id),)
        contents = [await content_of(file) for file in part.files]
        return await (await self._deferred.rare()).send_files(_chat(address), part, contents, location_label)

    async def _download(self, path: str) -> bytes:
        try:
            answer = await self._client.fetch(path, MAX_DOWNLOAD)
        except LongAnswerError:
            raise FetchError("larger than 20 MB", retryable=False) from None
        except OSError as problem:
            raise FetchError(type(problem).__name__, retryable=True) from None
        if answer.status != HTTPStatus.OK:
            raise FetchError(f"HTTP {answer.status}", retryable=True)
        return answer.content


def _worth_retrying(error: Exception) -> bool | float:
    if isinstance(error, SendError) and error.retryable:
        return error.retry_after or True
    return False


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise SendError("chat_not_found", "the address is no chat number", retryable=False) from None


def _acknowledgement(pressed: str) -> web.Response:
    """The answer to a webhook: for a pressed button the call that stops its spinner, at no request's cost."""
    if not pressed:
        return web.Response()
    call = {"method": "answerCallbackQuery", "callback_query_id": pressed}
    return web.Response(body=orjson.dumps(call), content_type="application/json")
