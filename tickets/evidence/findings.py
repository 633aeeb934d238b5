"""What is asked of an examination, and what it finds; shapes that travel between processes as JSON."""

from dataclasses import dataclass, field

from tickets.evidence.prints import Print

BROKEN, ACTIVE, UNKNOWN, TOO_LARGE, TOO_MANY_PIXELS, NO_HEIC = (
    "broken", "active", "unknown", "too_large", "too_many_pixels", "no_heic",
)  # fmt: skip
REFUSALS = (BROKEN, ACTIVE, UNKNOWN, TOO_LARGE, TOO_MANY_PIXELS, NO_HEIC)
"""Why a file is not taken; each has its sentence in the responses."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be, and how the copy that is passed on is made.

    Sizes in bytes; `unpacked` is what an office document may hold once unpacked; `longest_side` in pixels,
    `quality` as JPEG counts it.
    """

    accepted: frozenset[str]
    size: int
    pixels: int
    unpacked: int
    longest_side: int
    quality: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself; nothing of it is proof of guilt, and chat apps leave most of it out.

    `taken_at` is ISO 8601, without an offset where the camera named none; `lat`, `lon` are WGS 84 degrees;
    `generated` says the file is marked as made by a machine.
    """

    kind: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0
    taken_at: str = ""
    lat: float | None = None
    lon: float | None = None
    device: str = ""
    software: str = ""
    generated: bool = False
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found: facts and fingerprint, or why the file is refused.

    `copy` is what may be passed on, with every mark of time and place taken out; `copy_mime` is its type.
    """

    facts: Facts = field(default_factory=Facts)
    refused: str = ""
    print: Print | None = None
    copy: bytes = b""
    copy_mime: str = ""


class Refused(Exception):  # noqa: N818 - a finding about a file, not a fault of ours
    """The file is not taken; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
