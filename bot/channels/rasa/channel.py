"""Citizens in a chat widget made for Rasa, on whatever page it stands."""

from aiohttp import web

from bot.channels.base import Capabilities, Delivery, FetchError, HeldError, SendResult
from bot.channels.rasa.capabilities import CAPABILITIES
from bot.channels.rasa.parse import NAME
from bot.channels.rasa.rest import RestDoor
from bot.channels.rasa.socket import SocketDoor
from bot.channels.rasa.talks import FILES, Talks
from dialogs.messages import Attachment


class RasaChannel:
    """Both doors of Rasa's web channels."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, talks: Talks) -> None:
        self._talks = talks
        self._rest = RestDoor(talks)
        self._socket = SocketDoor(talks)

    def routes(self) -> list[web.RouteDef]:
        """`/webhooks/rest/…` and `/socket.io/`, for the web server."""
        files = web.get(FILES + "/{address}/{ref}/{seal}", self._file)
        return [*self._rest.routes(), *self._socket.routes(), files]

    async def send(self, delivery: Delivery) -> SendResult:
        """Hand a message to whoever waits for it.

        Raises:
            HeldError: nobody does; it goes as soon as this person is there again.
        """
        ends = self._talks.ends.of(delivery.address)
        if not ends:
            raise HeldError("away", "halaman obrolannya sedang ditutup")
        for end in ends:
            await end.take(delivery)
        return SendResult((delivery.id,))

    async def fetch(self, attachment: Attachment) -> bytes:
        """Never: these widgets send no files; raises FetchError."""
        raise FetchError(f"no file {attachment.ref!r} comes this way", retryable=False)

    async def stop(self) -> None:
        """Let the open pages go, so that the server can close."""
        await self._socket.stop()

    async def _file(self, request: web.Request) -> web.Response:
        asked = request.match_info
        file = await self._talks.file(asked["address"], asked["ref"], asked["seal"])
        if file is None:
            return web.Response(status=404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
        if not file.mime.startswith("image/") or "svg" in file.mime:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=file.content, content_type=file.mime, headers=headers)
