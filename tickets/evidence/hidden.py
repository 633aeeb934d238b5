"""Files that are two things at once: a photo that a browser or an archiver would read as something else."""

import re
from io import BytesIO
from zipfile import is_zipfile

from tickets.evidence.kinds import Kind

# Long enough that chance does not write them into compressed pixels.
MARKS = re.compile(
    rb"<script[\s>]|<html[\s>]|<!doctype\s+html|<iframe[\s>]|<svg\s|<body[\s>]|<\?php\s|%PDF-\d\.\d"
    rb"|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x7fELF[\x01\x02]\x01\x01|This program cannot be run in DOS mode",
    re.IGNORECASE,
)
STEMS = (b"%pdf-", b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x7felf", b"this program cannot")
TAGS = re.compile(rb"<(?:script|html|!doctype|iframe|svg|body|\?php)")
"""How the marks begin, in small letters: looking for these is many times as fast; hardly a file has one."""
IN_DOCUMENTS = re.compile(rb"\x7fELF[\x01\x02]\x01\x01|This program cannot be run in DOS mode")
COMMENTS = {"jpeg": 4, "gif": 6}
"""Where a comment of a script would have to begin for the picture to be a script as well."""


def hides_another(content: bytes, kind: Kind) -> bool:
    """Whether a file of this kind is something else too."""
    if kind.family == "document":
        return bool(IN_DOCUMENTS.search(content)) or (kind.name == "pdf" and is_zipfile(BytesIO(content)))
    return _script(content, kind) or _marked(content) or is_zipfile(BytesIO(content))


def _marked(content: bytes) -> bool:
    small = content.lower()
    begins = TAGS.search(small) is not None or any(stem in small for stem in STEMS)
    return begins and MARKS.search(content) is not None


def _script(content: bytes, kind: Kind) -> bool:
    at = COMMENTS.get(kind.name)
    return at is not None and content[at : at + 2] in {b"/*", b"//"}
