"""aiogram's HTTP session for what goes with files: forms over aiohttp, and every answer read."""

from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData

from bot.channels.bodies import read_json
from bot.channels.telegram.calls import Answer


def dumps(value: Any) -> str:
    """JSON as text, the way aiogram asks for it."""
    return orjson.dumps(value).decode()


def loads(text: str) -> Any:
    """Text as JSON, the way aiogram asks for it."""
    return read_json(text.encode(errors="replace"))


class UploadSession(AiohttpSession):
    """One connection pool, without cookies; `timeout` in seconds."""

    def __init__(self, api: str, timeout: float) -> None:
        server = TelegramAPIServer.from_base(api)
        super().__init__(api=server, json_loads=loads, json_dumps=dumps, timeout=timeout)
        # pydantic forgets a generic type as soon as nobody holds it, and takes 12 ms to make it anew.
        self._answers: dict[Any, Any] = {}

    async def create_session(self) -> ClientSession:
        """The one HTTP session; the Bot API sets no cookies, so none are looked for."""
        if self._session is None or self._session.closed:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())
        return self._session

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
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot, method)
        try:
            answer = await self._post(url, form, self.timeout if timeout is None else timeout)
        except (TimeoutError, ClientError, OSError) as problem:
            raise TelegramNetworkError(method, type(problem).__name__) from problem
        text = answer.content.decode(errors="replace")
        response = self.check_response(bot, method, answer.status, text)
        return cast("TelegramType", response.result)

    async def close(self) -> None:
        """Close the connections; aiohttp sees to TLS itself, without aiogram's extra wait."""
        if self._session is not None and not self._session.closed:
            await self._session.close()

    async def _post(self, url: str, form: FormData, seconds: float) -> Answer:
        session = await self.create_session()
        async with session.post(url, data=form, timeout=ClientTimeout(total=seconds)) as answer:
            return Answer(answer.status, await answer.read())

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
