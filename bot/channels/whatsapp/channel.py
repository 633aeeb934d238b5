"""Citizens on WhatsApp: entries of Meta's webhook in, calls of the Cloud API out."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import aiohttp
import structlog

from bot.channels.base import (
    DOOR_CODES,
    Capabilities,
    Delivery,
    FetchError,
    HeldError,
    Intake,
    OutboundFile,
    ReceiptNote,
    SendError,
    SendResult,
)
from bot.channels.graph.client import GraphClient, GraphError, GraphUnreachableError, TooLargeError
from bot.channels.graph.errors import send_error
from bot.channels.graph.reading import Fields, items, text
from bot.channels.graph.sending import GONE, UPLOAD_LASTS, is_open, ref_of
from bot.channels.graph.shelf import Shelf
from bot.channels.sending import content_of, send_parts
from bot.channels.stumbles import Aside, Stumbles, each, never
from bot.channels.texts import load_texts, pick
from bot.channels.whatsapp.capabilities import CAPABILITIES
from bot.channels.whatsapp.errors import CLOSED_WORDS, FAULTS, TEMPLATE, WINDOW, explained
from bot.channels.whatsapp.parse import NAME, Change, Sighting, parse
from bot.channels.whatsapp.render import LARGEST, Part, plan, to_body
from bot.channels.whatsapp.templates import Templates
from dialogs.messages import Attachment

LATE: Final = frozenset({WINDOW, TEMPLATE})

log = structlog.get_logger()


class AddressBook(Protocol):
    """Who is who: a person may be known by a phone number, an id of theirs, or both."""

    async def resolve(self, channel: str, names: Mapping[str, str]) -> str:
        """The address of the person with these names."""

    async def renamed(self, channel: str, old: str, new: str) -> None:
        """A person goes by another name from now on."""

    async def reach(self, channel: str, address: str) -> Mapping[str, str]:
        """The names to write to a person under."""


@dataclass(frozen=True, slots=True)
class House:
    """What the channel needs of the house it belongs to."""

    intake: Intake
    receipts: ReceiptNote
    book: AddressBook
    shelf: Shelf
    clock: Callable[[], datetime]
    aside: Aside = never


class WhatsAppChannel:
    """One business number of the Cloud API; `templates` are used once a person's window is closed."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, graph: GraphClient, phone_number_id: str, house: House, templates: Templates) -> None:
        self._graph = graph
        self._number = phone_number_id
        self._house = house
        self._templates = templates
        self._stumbles = Stumbles(NAME, house.aside)
        self._texts = load_texts(Path(__file__).with_name("texts.json"))

    async def take(self, entry: Fields) -> None:
        """Take one entry of a webhook; returns once everything in it is kept."""
        for one in items(entry.get("changes")):
            change = parse(one, self._number, self._house.clock())
            await each(self._works(change))
            for error in change.errors:
                log.warning("whatsapp.error_told", error=error)

    def _works(self, change: Change) -> Iterator[Awaitable[object]]:
        """What is to be done about a change, in order; each on its own, so that none holds up another."""
        for renaming in change.renamings:
            yield self._house.book.renamed(NAME, renaming.old, renaming.new)
        for sighting in change.sightings:
            yield self._hear(sighting)
        yield self._house.receipts(*change.receipts)

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message, as several where WhatsApp's limits ask for it; raises SendError."""
        if not is_open(CAPABILITIES.window, delivery.silent_for):
            return await self._send_late(delivery)
        parts = plan(delivery, pick(self._texts, delivery.language))[len(delivery.sent) :]
        return await send_parts(parts, lambda part: self._send_part(delivery.address, part), delivery.sent)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes; raises FetchError. An address that has expired meanwhile is asked for again."""
        try:
            return await self._download(attachment.ref)
        except TooLargeError:
            raise FetchError("larger than 100 MB", retryable=False) from None
        except GraphUnreachableError as error:
            raise FetchError(str(error), retryable=True) from None
        except GraphError as error:
            gone = GraphError(error.status, error.code, 0, error.text)  # of files, "not there" says just that
            problem = send_error(gone, FAULTS, "")
            ours = problem.code in DOOR_CODES
            raise FetchError(problem.text, retryable=problem.retryable, ours=ours) from None

    async def stop(self) -> None:
        """Close the connections."""
        await self._graph.close()

    async def _hear(self, sighting: Sighting) -> None:
        message = replace(sighting.message, address=next(iter(sighting.names.values())))
        try:
            address = await self._house.book.resolve(NAME, sighting.names)
            message = replace(message, address=address)
            await self._house.intake(message)
        except Exception as error:
            if not await self._stumbles.over(message.external_id, message, error):
                raise

    async def _send_late(self, delivery: Delivery) -> SendResult:
        """In words approved beforehand, where there are some; else once the person writes."""
        filled = self._templates.fill(delivery)
        if filled is None or (delivery.knocked and not filled.whole):
            raise HeldError(WINDOW, CLOSED_WORDS)
        refs = await self._send_part(delivery.address, Part("template", filled.content))
        return SendResult(refs, knocked=not filled.whole)

    async def _send_part(self, address: str, part: Part) -> tuple[str, ...]:
        try:
            media, part = await self._uploaded(part)
            body = to_body(part, await self._reach(address), media)
            answer = await self._graph.post(f"{self._number}/messages", body)
        except (GraphError, GraphUnreachableError) as error:
            raise _refused(error) from None
        told = items(answer.get("messages"))
        return (ref_of(told[0] if told else {}, "id"),)

    async def _reach(self, address: str) -> dict[str, str]:
        """Whom to write to: the phone number where it is known, else the id scoped to us."""
        names = await self._house.book.reach(NAME, address)
        phone, scoped = names.get("phone", ""), names.get("scoped", "")
        if not (phone or scoped):
            phone, scoped = (address, "") if address.isdigit() else ("", address)
        return {"to": phone} if phone else {"recipient": scoped}

    async def _uploaded(self, part: Part) -> tuple[str, Part]:
        """Meta's handle of the part's file, and the part as its size lets it be shown."""
        file = part.file
        if file is None:
            return "", part
        known = await self._house.shelf.find(NAME, f"{part.type}:{file.sha256}") if file.sha256 else ""
        if known:
            return known, part
        content = await content_of(file)
        if len(content) > LARGEST[part.type]:
            part = replace(part, type="document")
        ref = await self._upload(part, file, content)
        if file.sha256:
            await self._house.shelf.keep(NAME, f"{part.type}:{file.sha256}", ref, UPLOAD_LASTS)
        return ref, part

    async def _upload(self, part: Part, file: OutboundFile, content: bytes) -> str:
        mime = file.mime or "application/octet-stream"
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        form.add_field("file", content, filename=file.name or part.type, content_type=mime)
        return ref_of(await self._graph.upload(f"{self._number}/media", form), "id")

    async def _download(self, ref: str) -> bytes:
        try:
            return await self._graph.download(await self._address_of(ref), CAPABILITIES.max_download)
        except GraphError as error:
            if error.code or error.status not in GONE:
                raise
        return await self._graph.download(await self._address_of(ref), CAPABILITIES.max_download)

    async def _address_of(self, ref: str) -> str:
        found = await self._graph.get(ref, phone_number_id=self._number)
        size = found.get("file_size")
        if isinstance(size, int) and size > CAPABILITIES.max_download:
            raise TooLargeError
        return text(found.get("url"))


def _refused(error: GraphError | GraphUnreachableError) -> SendError:
    problem = send_error(error, FAULTS, CLOSED_WORDS)
    if isinstance(error, GraphError) and problem.code in LATE:
        return HeldError(problem.code, explained(FAULTS[error.code], error.code, error.text))
    return problem
