"""Citizens on Messenger and Instagram: entries of Meta's webhook in, calls of the Send API out."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
import orjson

from bot.channels.base import (
    Capabilities,
    Delivery,
    FetchError,
    HeldError,
    Intake,
    OutboundFile,
    ReceiptNote,
    SendResult,
)
from bot.channels.graph.client import GraphClient, GraphError, GraphUnreachableError, TooLargeError
from bot.channels.graph.reading import Fields
from bot.channels.graph.sending import GONE, MARGIN, UPLOAD_LASTS, is_open, ref_of
from bot.channels.graph.shelf import Shelf
from bot.channels.messenger.capabilities import INSTAGRAM, MESSENGER
from bot.channels.messenger.errors import WINDOW, refused
from bot.channels.messenger.parse import Entry, parse
from bot.channels.messenger.policy import HumanAgent
from bot.channels.messenger.render import KINDS, Part, plan, to_body
from bot.channels.sending import content_of, send_parts
from bot.channels.stumbles import Aside, Stumbles, each, never
from dialogs.messages import Attachment, InboundMessage

HUMAN_AGENT: Final = "HUMAN_AGENT"
TITLES: Final = {"messenger": "Messenger", "instagram": "Instagram"}


@dataclass(frozen=True, slots=True)
class House:
    """What the channel needs of the house it belongs to."""

    intake: Intake
    receipts: ReceiptNote
    shelf: Shelf
    clock: Callable[[], datetime]
    aside: Aside = never


class MessengerChannel:
    """One Facebook page (`messenger`) or one Instagram account (`instagram`)."""

    def __init__(self, name: str, graph: GraphClient, account: str, house: House, policy: HumanAgent) -> None:
        self.name = name
        self.capabilities: Capabilities = INSTAGRAM if name == "instagram" else MESSENGER
        self._graph = graph
        self._account = account
        self._house = house
        self._policy = policy
        self._stumbles = Stumbles(name, house.aside)

    async def take(self, entry: Fields) -> None:
        """Take one entry of a webhook; returns once everything in it is kept."""
        told = parse(self.name, self._account, entry, self._house.clock())
        await each(self._works(told))

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message, as several where the limits ask for it; raises SendError."""
        tag = self._tag(delivery)
        parts = plan(self.name, self.capabilities, delivery)[len(delivery.sent) :]
        return await send_parts(
            parts, lambda part: self._send_part(delivery.address, part, tag), delivery.sent
        )

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes; raises FetchError. Meta's addresses are signed and need no token of ours."""
        most = self.capabilities.max_download
        try:
            return await self._graph.download(attachment.ref, most, with_token=False)
        except TooLargeError:
            raise FetchError("larger than 25 MB", retryable=False) from None
        except GraphUnreachableError as error:
            raise FetchError(str(error), retryable=True) from None
        except GraphError as error:
            raise FetchError(error.text, retryable=error.status not in GONE) from None

    async def stop(self) -> None:
        """Close the connections."""
        await self._graph.close()

    def _works(self, told: Entry) -> Iterator[Awaitable[None]]:
        """What is to be done about an entry; each on its own, so that none holds up another."""
        for message in told.messages:
            yield self._hear(message)
        yield self._house.receipts(*told.receipts)

    async def _hear(self, message: InboundMessage) -> None:
        try:
            await self._house.intake(message)
        except Exception as error:
            if not await self._stumbles.over(message.external_id, message, error):
                raise

    def _tag(self, delivery: Delivery) -> str:
        """Why the message may go: "" inside the window; raises HeldError when nothing allows it."""
        silent = delivery.silent_for
        if is_open(self.capabilities.window, silent):
            return ""
        if silent is not None and self._policy.allows(delivery.message.response, silent + MARGIN):
            return HUMAN_AGENT
        raise HeldError(WINDOW, self._closed())

    def _closed(self) -> str:
        return f"Jendela 24 jam {TITLES[self.name]} tertutup."

    async def _send_part(self, address: str, part: Part, tag: str) -> tuple[str, ...]:
        try:
            attachment = await self._uploaded(part.file) if part.file else ""
            body = to_body(address, part, tag, attachment)
            answer = await self._graph.post(f"{self._account}/messages", body)
        except (GraphError, GraphUnreachableError) as error:
            raise refused(error, self._closed()) from None
        return (ref_of(answer, "message_id"),)

    async def _uploaded(self, file: OutboundFile) -> str:
        """Meta's handle of a file, uploaded if it has none."""
        known = await self._house.shelf.find(self.name, file.sha256) if file.sha256 else ""
        if known:
            return known
        answer = await self._graph.upload(f"{self._account}/message_attachments", await self._form(file))
        ref = ref_of(answer, "attachment_id")
        if file.sha256:
            await self._house.shelf.keep(self.name, file.sha256, ref, UPLOAD_LASTS)
        return ref

    async def _form(self, file: OutboundFile) -> aiohttp.FormData:
        content = await content_of(file)
        kind = KINDS.get(file.kind, "file")
        wanted = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        form = aiohttp.FormData()
        if self.name == "instagram":
            form.add_field("platform", "instagram")
        form.add_field("message", orjson.dumps(wanted).decode())
        mime = file.mime or "application/octet-stream"
        form.add_field("filedata", content, filename=file.name or kind, content_type=mime)
        return form
