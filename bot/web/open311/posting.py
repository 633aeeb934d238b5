"""Reading a posted form: urlencoded as the standard says, or multipart with files."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from bot.channels.bodies import file_name
from bot.channels.open311.channel import UPLOAD
from bot.channels.open311.fetching import mime_of
from bot.web.open311.errors import ApiError
from bot.web.open311.reading import Fields, media_url
from dialogs.messages import Attachment, AttachmentKind
from tickets.policies.open311 import MB, MediaLimits

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
FILES: Final = frozenset({"media", "media[]"})
MOST_FILES: Final = 5
MOST_FIELDS: Final = 200
MOST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was posted: text fields, and files as (name, content)."""

    fields: Fields
    files: tuple[tuple[str, bytes], ...] = ()


async def read_form(request: web.Request) -> Form:
    """The form in a request's body.

    Raises:
        ApiError: it is no form, or too large.
    """
    if request.content_type not in FORMS:
        if request.can_read_body and request.content_length != 0:
            raise ApiError(400, "form")
        return Form({})
    try:
        posted = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "too_large") from None
    except (ValueError, LookupError, AssertionError, RuntimeError, BadHttpMessage, web.HTTPException):
        raise ApiError(400, "form") from None
    if len(posted) > MOST_FIELDS:
        raise ApiError(400, "form")
    return await _sorted(list(posted.items()))


async def _sorted(items: list[tuple[str, Any]]) -> Form:
    fields: dict[str, list[str]] = {}
    files = []
    for name, value in items:
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
        elif isinstance(value, web.FileField) and name in FILES:
            files.append((value.filename or "", await asyncio.to_thread(value.file.read)))
        elif isinstance(value, bytes | bytearray):
            fields.setdefault(name, []).append(bytes(value).decode("utf-8", "replace"))
    return Form(fields, tuple(files))


def kind_of(mime: str) -> AttachmentKind:
    """What a file of that type is to people."""
    kinds: dict[str, AttachmentKind] = {"image": "photo", "video": "video"}
    return kinds.get(mime.partition("/")[0], "document")


async def attachments(
    form: Form, limits: MediaLimits, keep: Callable[[bytes], Awaitable[str]]
) -> tuple[Attachment, ...]:
    """The files of a report: those posted, which are kept with `keep`; else the one behind `media_url`.

    Raises:
        ApiError: a file is too large, of another type, or there are too many.
    """
    url = media_url(form.fields)
    if not form.files:
        return (Attachment("photo", url, name=file_name(url, MOST_NAME)),) if url else ()
    if len(form.files) > MOST_FILES:
        raise _refused(limits)
    checked = [(file_name(name, MOST_NAME), content, mime_of(content)) for name, content in form.files]
    if any(len(content) > limits.size or mime not in limits.types for _, content, mime in checked):
        raise _refused(limits)
    return tuple(
        [
            Attachment(kind_of(mime), UPLOAD + await keep(content), mime, len(content), name)
            for name, content, mime in checked
        ]
    )


def _refused(limits: MediaLimits) -> ApiError:
    return ApiError(400, "files", most=MOST_FILES, mb=limits.size // MB)
