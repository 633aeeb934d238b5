"""Reading an upload: its fields and its files, within bounds."""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import BodyPartReader, web

from bot.channels.webchat.parse import MAX_FILES, Refusal

MAX_UPLOAD: Final = 20 * 1024 * 1024  # bytes, all files together
FIELDS: Final = frozenset({"id", "text", "reply_to"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the page sent it."""

    content: bytes
    mime: str
    name: str


@dataclass(slots=True)
class Form:
    """What one multipart body held."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)
    size: int = 0


async def read_form(request: web.Request) -> Form:
    """The fields and files of a multipart body.

    Raises:
        Refusal: 413 when it is too large or has too many files, 400 when it is no such body.
    """
    if (request.content_length or 0) > MAX_UPLOAD + 100_000:
        raise Refusal(413, "too_large")
    form = Form()
    try:
        async for part in await request.multipart():
            await _take(form, part)
    except (
        ValueError,
        RuntimeError,
        KeyError,
        AssertionError,
    ) as problem:  # what aiohttp finds no better names for
        raise Refusal(400, "malformed") from problem
    return form


async def _take(form: Form, part: object) -> None:
    if not isinstance(part, BodyPartReader):
        raise Refusal(400, "malformed")
    content = await _content(form, part)
    if part.name in FIELDS:
        form.fields[part.name] = content.decode()
    elif part.name == "files":
        form.files.append(Upload(content, _mime(part), _name(part.filename or "")))
    if len(form.files) > MAX_FILES:
        raise Refusal(413, "too_many_files")


async def _content(form: Form, part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(65536):
        content += chunk
        form.size += len(chunk)
        if form.size > MAX_UPLOAD:
            raise Refusal(413, "too_large")
    return bytes(content)


def _mime(part: BodyPartReader) -> str:
    return part.headers.get("Content-Type", "application/octet-stream").split(";")[0].strip().lower()


def _name(name: str) -> str:
    """The file's own name, without folders and what is not printable."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:120]
