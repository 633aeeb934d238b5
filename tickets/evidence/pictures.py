"""Pictures: opened within bounds, turned upright, fingerprinted, and copied as bare pixels."""

import math
import warnings
from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image, ImageOps

from tickets.evidence.exif import is_generated, marks_of
from tickets.evidence.findings import BROKEN, NO_HEIC, TOO_MANY_PIXELS, Examination, Facts, Limits, Refused
from tickets.evidence.kinds import Kind
from tickets.evidence.seeing import take

DECODERS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "heic": "HEIF", "avif": "AVIF"}
"""The one decoder each kind may reach: nothing else of Pillow ever sees a stranger's bytes."""
WHITE = (255, 255, 255)
STEPS_AT_50 = 3688
"""What the 64 steps of brightness add up to in JPEG's example table (ITU-T T.81, K.1), quality 50."""
COARSEST = 30
"""The least quality of a copy, whatever came."""


def examine_picture(content: bytes, kind: Kind, limits: Limits) -> Examination:
    """What a picture shows of itself, and its copy.

    Raises:
        Refused: it is broken, or has more pixels than are decoded here.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return _examined(content, kind, limits)
    except Refused:
        raise
    except MemoryError:
        raise Refused(TOO_MANY_PIXELS) from None
    except Exception as problem:
        raise Refused(BROKEN) from problem


def _examined(content: bytes, kind: Kind, limits: Limits) -> Examination:
    picture = _opened(content, kind)
    wide, high = picture.size
    if wide * high > limits.pixels:
        raise Refused(TOO_MANY_PIXELS)
    marks, animated = marks_of(picture), bool(getattr(picture, "is_animated", False))
    came_in = _quality_of(picture)
    upright = _upright(picture, limits)
    smaller = max(upright.size) < max(wide, high)
    quality = limits.quality if smaller else max(COARSEST, min(came_in, limits.quality))
    facts = Facts(
        kind=kind.name,
        mime=kind.mime,
        width=wide,
        height=high,
        taken_at=marks.taken_at,
        lat=marks.lat,
        lon=marks.lon,
        device=marks.device,
        software=marks.software,
        generated=is_generated(content),
        animated=animated,
    )
    return Examination(facts, "", take(upright), _saved(upright, quality), "image/jpeg")


def _opened(content: bytes, kind: Kind) -> Image.Image:
    """The picture with its header read and not one pixel decoded."""
    if kind.name == "heic":
        _learn_heic()
    Image.MAX_IMAGE_PIXELS = None  # counted right after, by the city's own limit
    return Image.open(BytesIO(content), formats=[DECODERS[kind.name]])


def _learn_heic() -> None:
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 an extra, and its codec only where needed
    except ImportError:
        raise Refused(NO_HEIC) from None
    register_heif_opener(thumbnails=False)


def _upright(picture: Image.Image, limits: Limits) -> Image.Image:
    """Decoded, no larger than what is passed on, turned the way it was held, flattened on white."""
    side = (limits.longest_side, limits.longest_side)
    picture.draft("RGB", side)  # lets JPEG decode at a fraction of its size
    picture.load()
    picture.thumbnail(side, Image.Resampling.HAMMING)  # half the work of BICUBIC, as good for making smaller
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, WHITE)
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _quality_of(picture: Image.Image) -> int:
    """The quality a JPEG was saved with, 100 for other kinds.

    A finer copy would show nothing more, only keep the noise between the steps, in twice the bytes.
    """
    tables: Mapping[int, Sequence[int]] = getattr(picture, "quantization", {})
    coarse = sum(tables.get(0, ())) / STEPS_AT_50
    return math.ceil(50 / coarse if coarse > 1 else 100 - 50 * coarse)


def _saved(picture: Image.Image, quality: int) -> bytes:
    """As a JPEG with pixels and nothing else in it."""
    bare = Image.new("RGB", picture.size, None)  # every pixel is painted over
    bare.paste(picture)
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality)
    return out.getvalue()
