"""Reading an upload: its fields and its files, within bounds."""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from bot.channels.bodies import file_name
from bot.channels.webchat.lines import ChatFile
from bot.channels.webchat.parse import MAX_FILES, Refusal

MAX_UPLOAD: Final = 20 * 1024 * 1024  # bytes, all files together
MAX_AROUND: Final = 100_000
"""Bytes of a body beside what its parts hold."""
READ_AHEAD: Final = 64 * 1024
"""Bytes that may come in meanwhile, once somebody reads; until then few do (`bot.web.server.UNREAD`)."""
MAX_NAME: Final = 120  # characters
FIELDS: Final = frozenset({"id", "text", "reply_to"})


@dataclass(slots=True)
class Form:
    """What one multipart body held."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[ChatFile] = field(default_factory=list)

    def take(self, part: MultipartSegment, content: bytes) -> None:
        """One part, whole.

        Raises:
            Refusal: 413 when it is one file too many.
            ValueError: a field that is no text.
        """
        if part.name in FIELDS:
            self.fields[part.name] = content.decode()
        elif part.name == "files":
            mime = part.content_type or "application/octet-stream"
            self.files.append(ChatFile(content, mime, file_name(part.filename or "", MAX_NAME)))
        if len(self.files) > MAX_FILES:
            raise Refusal(413, "too_many_files")


@dataclass(slots=True)
class _Reading:
    """A body on its way in: the part that is being read, and how much was read of all."""

    form: Form
    parser: PushMultipartParser
    part: MultipartSegment | None = None
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    raw: int = 0

    def read(self, chunk: bytes) -> None:
        self.raw += len(chunk)
        if self.raw > MAX_UPLOAD + MAX_AROUND:
            raise Refusal(413, "too_large")
        for event in self.parser.parse(chunk):
            if isinstance(event, MultipartSegment):
                self.part, self.pieces = event, []
            elif event is not None:
                self._more(event)
            elif self.part is not None:
                self.form.take(self.part, b"".join(self.pieces))

    def _more(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > MAX_UPLOAD:
            raise Refusal(413, "too_large")
        self.pieces.append(piece)


async def read_form(request: web.Request) -> Form:
    """The fields and files of a multipart body.

    Raises:
        Refusal: 413 when it is too large or has too many files, 400 when it is no such body.
    """
    if (request.content_length or 0) > MAX_UPLOAD + MAX_AROUND:
        raise Refusal(413, "too_large")
    form = Form()
    try:
        with PushMultipartParser(_boundary(request)) as parser:
            reading = _Reading(form, parser)
            async for chunk in request.content.iter_chunked(READ_AHEAD):
                reading.read(chunk)
    except ValueError as problem:  # what the parser finds, and a field that is no text
        raise Refusal(400, "malformed") from problem
    return form


def _boundary(request: web.Request) -> str:
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    if kind != "multipart/form-data":
        raise MultipartError("no form")
    return str(options.get("boundary", ""))
