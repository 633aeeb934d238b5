"""Documents: PDF and office files, without programs in them, and a copy whose photos no longer say where."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from tickets.evidence.findings import ACTIVE, BROKEN, TOO_LARGE, Examination, Facts, Limits, Refused
from tickets.evidence.kinds import Kind
from tickets.evidence.scrub import without_marks

NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
PROGRAM = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
"""What makes a PDF more than paper: scripts, programs it starts, files it carries."""
STREAMS = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
OBJECTS = re.compile(rb"/Type\s*/ObjStm.{0,400}?stream\r?\n", re.DOTALL)
MOST_UNPACKED = 4 * 1024 * 1024  # bytes of one packed group of objects; real ones have a few thousand
TAIL = 2048
MACROS = re.compile(
    r"vbaProject|/activeX/|/embeddings/|\.(?:exe|dll|js|vbs|bat|cmd|scr|jar|html?|svg)$", re.IGNORECASE
)
ABOUT = re.compile(r"docProps/(?:core|app|custom|thumbnail)|meta\.xml$|Thumbnails/")
"""Entries that tell who wrote a document, when and with what."""
EMPTY = {"docProps/core.xml": b'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'}  # fmt: skip # noqa: E501
MOST_ENTRIES = 5000
UNREADABLE = (BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)
"""What zipfile raises at archives that are damaged, locked (RuntimeError) or packed in a way it does not know
(NotImplementedError): each is answered as a broken file, with what to do instead."""


def examine_paper(content: bytes, kind: Kind, limits: Limits) -> Examination:
    """What a document is, and its copy.

    Raises:
        Refused: it is cut short, carries a program, or unpacks to more than it may.
    """
    copy = _pdf(content) if kind.name == "pdf" else _office(content, limits)
    return Examination(Facts(kind.name, kind.mime), "", None, copy, kind.mime)


def _pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-TAIL:] or b"startxref" not in content[-TAIL:]:
        raise Refused(BROKEN)
    # Compressed bytes may spell anything: names count only outside of them.
    for part in (STREAMS.sub(b"", content), *_packed_objects(content)):
        if PROGRAM.search(NAME.sub(lambda code: bytes([int(code[1], 16)]), part)):
            raise Refused(ACTIVE)
    return without_marks(content)


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """The objects a PDF keeps compressed, where a script could hide; each unpacked within bounds."""
    for found in OBJECTS.finditer(content):
        try:
            yield zlib.decompressobj().decompress(content[found.end() :], MOST_UNPACKED)
        except zlib.error:
            continue


def _office(content: bytes, limits: Limits) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            return _rewritten(archive, entries, limits)
    except UNREADABLE as problem:
        raise Refused(BROKEN) from problem


def _check_entries(entries: list[ZipInfo], limits: Limits) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Refused(TOO_LARGE)
    if any(MACROS.search(entry.filename) for entry in entries):
        raise Refused(ACTIVE)


def _rewritten(archive: ZipFile, entries: list[ZipInfo], limits: Limits) -> bytes:
    """The archive packed anew: nothing before, between or after its entries survives."""
    out, left = BytesIO(), limits.unpacked
    with ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for entry in entries:
            with archive.open(entry) as packed:  # sizes in the directory may lie: what is read is counted
                body = packed.read(left + 1)
            left -= len(body)
            if left < 0:
                raise Refused(TOO_LARGE)
            if not ABOUT.search(entry.filename):
                copy.writestr(_plain(entry), without_marks(body))
            elif entry.filename in EMPTY:
                copy.writestr(_plain(entry), EMPTY[entry.filename])
    return out.getvalue()


def _plain(entry: ZipInfo) -> ZipInfo:
    """The entry's name and way of packing, without its time."""
    plain = ZipInfo(entry.filename)
    plain.compress_type = entry.compress_type
    return plain
