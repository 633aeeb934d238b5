"""From one `messages` change of a webhook to what was said, what arrived, and who goes by another name."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson

from bot.channels.base import Receipt
from bot.channels.bodies import read_json
from bot.channels.graph.errors import fault_of
from bot.channels.graph.reading import Content, Fields, fields, items, moment, position, text
from bot.channels.whatsapp.errors import FAULTS, explained
from dialogs.messages import NEAR, Attachment, AttachmentKind, InboundMessage

NAME: Final = "whatsapp"
OURS: Final = "/"
"""How the payloads of our buttons begin; a template's own button may carry anything."""
STATES: Final = frozenset({"sent", "delivered", "read", "failed"})
UNANSWERED: Final = frozenset({"reaction", "system", "ephemeral"})
NO_WORDS: Final = frozenset({"reaction", "poll_update", "pin", "keep_in_chat"})
"""What Meta cannot pass on and nobody waits for an answer to, by what it names it."""
DOCUMENT_KINDS: Final[Mapping[str, AttachmentKind]] = {"image": "photo", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message, and what its sender is called: `phone`, `scoped`, or both. Its address is still empty."""

    names: Mapping[str, str]
    message: InboundMessage


@dataclass(frozen=True, slots=True)
class Renaming:
    """A person has another number, or another id, from now on."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """Everything in one change, in its order."""

    sightings: tuple[Sighting, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    errors: tuple[str, ...] = ()


def parse(change: Fields, phone_number_id: str, received_at: datetime) -> Change:
    """What a change tells; nothing when it is about another number of ours or not about messages."""
    value = fields(change.get("value"))
    about = text(fields(value.get("metadata")).get("phone_number_id"))
    if change.get("field", "messages") != "messages" or (about and about != phone_number_id):
        return Change()
    messages = items(value.get("messages"))
    contacts = items(value.get("contacts"))
    return Change(
        tuple(_sightings(messages, contacts, received_at)),
        tuple(_renamings(messages)),
        tuple(_receipts(items(value.get("statuses")), received_at)),
        tuple(_complaints(value, messages)),
    )


def _sightings(messages: list[Fields], contacts: list[Fields], received_at: datetime) -> Iterator[Sighting]:
    for message in messages:
        contact = _contact_of(message, contacts)
        names = _names(message, contact)
        if names and not _is_silent(message) and not message.get("group_id"):
            yield Sighting(names, _message(message, contact, received_at))


def _is_silent(message: Fields) -> bool:
    """Whether nobody waits for an answer to it."""
    unread = text(fields(message.get("unsupported")).get("type"))
    return text(message.get("type")) in UNANSWERED or unread in NO_WORDS


def _contact_of(message: Fields, contacts: list[Fields]) -> Fields:
    """The entry about the sender; the only one there is when it names nobody."""
    mine = {text(message.get("from")), text(message.get("from_user_id"))} - {""}
    for contact in contacts:
        if mine & {text(contact.get("wa_id")), text(contact.get("user_id"))}:
            return contact
    return contacts[0] if len(contacts) == 1 else {}


def _names(message: Fields, contact: Fields) -> dict[str, str]:
    phone = text(message.get("from")) or text(contact.get("wa_id"))
    scoped = text(message.get("from_user_id")) or text(contact.get("user_id"))
    if "." in phone:  # a scoped id where the number stands otherwise
        phone, scoped = "", scoped or phone
    return {kind: name for kind, name in (("phone", phone.lstrip("+")), ("scoped", scoped)) if name}


def _message(message: Fields, contact: Fields, received_at: datetime) -> InboundMessage:
    sent_at = moment(message.get("timestamp"), received_at)
    content = read_content(message)
    context = fields(message.get("context"))
    ref = text(message.get("id"))
    near = f"{NEAR}{sent_at.timestamp():.0f}" if content.attachments else ""
    found = InboundMessage(
        channel=NAME,
        external_id=ref or _digest(message),
        address="",
        sent_at=sent_at,
        kind=content.kind,
        text=content.text,
        attachments=content.attachments,
        location=content.location,
        button=content.button,
        message_ref=ref,
        reply_to=text(context.get("id")),
        group=near,
        forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
        sender_name=text(fields(contact.get("profile")).get("name")),
    )
    original = text(fields(message.get(text(message.get("type")))).get("original_message_id"))
    return replace(found, message_ref=original) if original else found


def _digest(message: Fields) -> str:
    return hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()


def read_content(message: Fields) -> Content:
    """What a message carries; whatever cannot be read is `unsupported`, never an error."""
    kind = text(message.get("type"))
    reader = READERS.get(kind)
    return reader(message, fields(message.get(kind))) if reader else Content("unsupported")


def _file(kind: AttachmentKind, body: Fields) -> Content:
    ref = text(body.get("id"))
    if not ref:
        return Content("unsupported", text(body.get("caption")))
    mime = text(body.get("mime_type")).split(";")[0].strip()
    attachment = Attachment(kind, ref, mime, 0, text(body.get("filename"))[:120])
    return Content("media", text(body.get("caption")), (attachment,))


def _document(_message: Fields, body: Fields) -> Content:
    mime = text(body.get("mime_type"))
    kind = DOCUMENT_KINDS.get(mime.split("/", maxsplit=1)[0], "document")
    return _file("document" if "svg" in mime else kind, body)


def _location(_message: Fields, body: Fields) -> Content:
    title = ", ".join(part for part in (text(body.get("name")), text(body.get("address"))) if part)
    pin = position(body.get("latitude"), body.get("longitude"), title)
    return Content("location", location=pin) if pin else Content("unsupported")


def _interactive(_message: Fields, body: Fields) -> Content:
    for kind in ("button_reply", "list_reply"):
        reply = fields(body.get(kind))
        if text(reply.get("id")):
            return _pressed(text(reply.get("id")), text(reply.get("title")))
    form = fields(body.get("nfm_reply"))
    return Content("text", _form_answers(form)) if form else Content("unsupported")


def _pressed(payload: str, label: str) -> Content:
    if payload.startswith(OURS):
        return Content("button", label, button=payload)
    return Content("text", label or payload)


def _form_answers(form: Fields) -> str:
    """The answers of a filled-in form as lines; its own summary where they cannot be read."""
    try:
        answers = read_json((text(form.get("response_json")) or "null").encode())
    except orjson.JSONDecodeError:
        answers = None
    lines = [
        f"{name}: {value}"
        for name, value in fields(answers).items()
        if name != "flow_token" and isinstance(value, str | int | float) and str(value).strip()
    ]
    return "\n".join(lines) or text(form.get("body"))


def _contact(message: Fields, _body: Fields) -> Content:
    """Whom a reply names; a contact sent out of the blue is not kept."""
    shown = items(message.get("contacts"))
    if not shown or not text(fields(message.get("context")).get("id")):
        return Content("contact")
    numbers = items(shown[0].get("phones"))
    parts = (fields(shown[0].get("name")).get("formatted_name"), *(one.get("phone") for one in numbers[:1]))
    return Content("contact", ", ".join(text(part) for part in parts if text(part)))


def _words_of_an_order(words: str) -> Content:
    return Content("text", words) if words.strip() else Content("unsupported")


def _edit(_message: Fields, body: Fields) -> Content:
    changed = fields(body.get("message"))
    content = read_content(changed)
    return Content("edited", content.text)


READERS: Final[Mapping[str, Callable[[Fields, Fields], Content]]] = {
    "text": lambda _, body: Content("text", text(body.get("body"))),
    "image": lambda _, body: _file("photo", body),
    "video": lambda _, body: _file("video", body),
    "audio": lambda _, body: _file("voice" if body.get("voice") else "audio", body),
    "voice": lambda _, body: _file("voice", body),
    "document": _document,
    "sticker": lambda *_: Content("sticker"),
    "location": _location,
    "contacts": _contact,
    "interactive": _interactive,
    "button": lambda _, body: _pressed(text(body.get("payload")), text(body.get("text"))),
    "edit": _edit,
    "revoke": lambda *_: Content("deleted"),
    "request_welcome": lambda *_: Content("text", "/start"),
    "order": lambda _, body: _words_of_an_order(text(body.get("text"))),
}
"""Every kind there is an answer for; polls and what comes later are `unsupported`."""


def _renamings(messages: list[Fields]) -> Iterator[Renaming]:
    for message in messages:
        if text(message.get("type")) != "system":
            continue
        told = fields(message.get("system"))
        number = text(told.get("wa_id")) or text(told.get("new_wa_id"))
        if text(told.get("type")) in {"user_changed_number", "customer_changed_number"}:
            yield Renaming(text(message.get("from")), number)
        if text(told.get("previous_user_id")):
            yield Renaming(text(told.get("previous_user_id")), text(told.get("user_id")))


def _receipts(statuses: list[Fields], received_at: datetime) -> Iterator[Receipt]:
    for status in statuses:
        state: Any = text(status.get("status"))
        ref = text(status.get("id"))
        if not ref or state not in STATES:
            continue
        address = text(status.get("recipient_id")) or text(status.get("recipient_user_id"))
        at = moment(status.get("timestamp"), received_at)
        receipt = Receipt(NAME, address, ref, state, at)
        errors = items(status.get("errors"))
        yield _failure(receipt, errors[0] if errors else {}) if state == "failed" else receipt


def _failure(receipt: Receipt, error: Fields) -> Receipt:
    number = error.get("code")
    code = number if isinstance(number, int) else 0
    fault = fault_of(code, 400, FAULTS)
    words = explained(fault, code, text(error.get("title")) or text(error.get("message")))
    return replace(receipt, code=fault.code, text=words, retryable=fault.retryable, held=fault.held)


def _complaints(value: Fields, messages: list[Fields]) -> Iterator[str]:
    """What Meta says went wrong, for the log; codes and titles only."""
    for holder in (value, *messages):
        for error in items(holder.get("errors")):
            yield f"{text(error.get('code'))} {text(error.get('title'))}"[:120]
