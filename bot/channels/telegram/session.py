"""aiogram's HTTP session made lean for many small messages: JSON over `calls`, and aiohttp for uploads."""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import GetFile, GetUpdates, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData
from pydantic import TypeAdapter, ValidationError

from bot.channels.telegram.calls import Answer, Host

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is read of a message that was sent."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is read of a file that may be fetched; its size in bytes."""

    file_path: str | None = None
    file_size: int | None = None


@dataclass(frozen=True, slots=True)
class Success(Generic[Result]):
    """The answer to a call that did what it should."""

    ok: Literal[True]
    result: Result


@dataclass(frozen=True, slots=True)
class Asked(Generic[Result]):
    """A call of the hot path: aiogram's method, and the little that is read of the answer."""

    method: type[TelegramMethod[Any]]
    answer: TypeAdapter[Success[Result]]


SENT: Asked[Sent] = Asked(SendMessage, TypeAdapter(Success[Sent]))
FILE: Asked[Kept] = Asked(GetFile, TypeAdapter(Success[Kept]))


class GetRawUpdates(GetUpdates):
    """`getUpdates` without reading the updates, so that one unreadable update does not stop all others."""

    __returning__ = list[dict[str, Any]]


def dumps(value: Any) -> str:
    """JSON as text, the way aiogram asks for it."""
    return orjson.dumps(value).decode()


class LeanSession(AiohttpSession):
    """Sends parameters as JSON, and as a form only when files go along; `timeout` in seconds."""

    def __init__(self, api: str, timeout: float) -> None:
        server = TelegramAPIServer.from_base(api)
        super().__init__(api=server, json_loads=orjson.loads, json_dumps=dumps, timeout=timeout)
        self._host = Host(api, self._connector_init["ssl"])
        # pydantic forgets a generic type as soon as nobody holds it, and takes 12 ms to make it anew.
        self._answers: dict[Any, Any] = {}

    async def create_session(self) -> ClientSession:
        """The one HTTP session; the Bot API sets no cookies, so none are looked for."""
        if self._session is None or self._session.closed:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())
        return self._session

    async def ask(self, bot: Bot, asked: Asked[Result], fields: dict[str, Any]) -> Result:
        """Call a method of the hot path without building aiogram's objects; a refusal is read by aiogram.

        Raises:
            aiogram.exceptions.TelegramAPIError: Telegram refused, or could not be reached.
            aiogram.exceptions.ClientDecodeError: the answer makes no sense.
        """
        method = asked.method
        answer = await self._post(bot, method, orjson.dumps(fields), self.timeout)
        if answer.status == HTTPStatus.OK:
            with suppress(ValidationError):
                return asked.answer.validate_json(answer.content).result
        text = answer.content.decode(errors="replace")
        read: Any = self.check_response(bot, method(**fields), answer.status, text).result
        return cast("Result", read)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - named by aiogram
    ) -> TelegramType:
        """Call one method of the Bot API.

        Raises:
            aiogram.exceptions.TelegramAPIError: Telegram refused, or could not be reached.
            aiogram.exceptions.ClientDecodeError: the answer makes no sense.
        """
        answer = await self._post(
            bot, method, self._body(bot, method), self.timeout if timeout is None else timeout
        )
        text = answer.content.decode(errors="replace")
        response = self.check_response(bot, method, answer.status, text)
        return cast("TelegramType", response.result)

    async def fetch(self, bot: Bot, path: str, most: int) -> Answer:
        """What lies under a file's path, at most so many bytes; raises as `calls.Host.get` does."""
        return await self._host.get(self.api.file_url(bot.token, path), self.timeout, most)

    async def close(self) -> None:
        """Close the connections; aiohttp sees to TLS itself, without aiogram's extra wait."""
        await self._host.close()
        if self._session is not None and not self._session.closed:
            await self._session.close()

    async def _post(self, bot: Bot, method: Any, data: bytes | FormData, seconds: float) -> Answer:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        try:
            if isinstance(data, bytes):
                return await self._host.post(url, data, seconds)
            return await self._upload(url, data, seconds)
        except (TimeoutError, ClientError, OSError) as problem:
            raise TelegramNetworkError(method, type(problem).__name__) from problem

    async def _upload(self, url: str, form: FormData, seconds: float) -> Answer:
        session = await self.create_session()
        async with session.post(url, data=form, timeout=ClientTimeout(total=seconds)) as answer:
            return Answer(answer.status, await answer.read())

    def _body(self, bot: Bot, method: TelegramMethod[TelegramType]) -> bytes | FormData:
        files: dict[str, InputFile] = {}
        fields = {}
        for name, value in method.model_dump(warnings=False, exclude_none=True).items():
            prepared = self.prepare_value(value, bot, files, _dumps_json=False)
            if prepared is not None:
                fields[name] = prepared
        return _form(bot, fields, files) if files else orjson.dumps(fields)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """The checked answer; a gateway's error page counts as the server's fault.

        Raises:
            aiogram.exceptions.TelegramAPIError: Telegram refused.
            aiogram.exceptions.ClientDecodeError: the answer makes no sense.
        """
        if method.__returning__ not in self._answers:
            self._answers[method.__returning__] = Response[method.__returning__]  # type: ignore[name-defined]
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            if status_code >= 500:
                raise TelegramServerError(method, f"HTTP {status_code}") from None
            raise


def _form(bot: Bot, fields: dict[str, Any], files: dict[str, InputFile]) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else dumps(value))
    for name, file in files.items():
        form.add_field(name, file.read(bot), filename=file.filename or name)
    return form
