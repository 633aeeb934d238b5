"""Made-up street scenes, each known by its seed, and files as people (and worse people) send them."""

import random
import zipfile
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from bot.sandbox.samples import empty_film


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Sky, road, houses, poles and puddles; a quarter of them at night. Alike on purpose."""
    chance, (wide, high) = random.Random(seed), size
    light = 0.35 if chance.random() < 0.25 else 1.0
    picture = _cloudy(chance, size)
    draw = ImageDraw.Draw(picture)
    horizon = int(high * chance.uniform(0.3, 0.55))
    draw.rectangle((0, horizon, wide, high), fill=(110, 118, 80))
    vanishing = int(wide * chance.uniform(0.3, 0.7))
    foot = (int(wide * chance.uniform(0.6, 1.2)), high), (int(wide * chance.uniform(-0.2, 0.4)), high)
    draw.polygon([(vanishing - 9, horizon), (vanishing + 9, horizon), *foot], fill=(95, 95, 98))
    for _ in range(chance.randint(2, 8)):
        x, tall = chance.randint(0, wide), chance.randint(high // 15, high // 2)
        box = (x, horizon - tall, x + chance.randint(wide // 20, wide // 5), horizon + high // 30)
        draw.rectangle(box, fill=_colour(chance))
    for _ in range(chance.randint(1, 6)):
        x, y, r = chance.randint(0, wide), chance.randint(horizon, high), chance.randint(8, wide // 9)
        draw.ellipse((x - r, y - r // 2, x + r, y + r // 2), fill=_colour(chance))
    textured = Image.blend(picture, _cloudy(chance, size), 0.25)
    return textured.point(lambda value: int(value * light))


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(20, 230), chance.randint(20, 230), chance.randint(20, 230)


def _cloudy(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    grain = Image.new("RGB", (12, 9))
    grain.putdata([(v, v, min(v + 20, 255)) for v in (chance.randint(90, 235) for _ in range(12 * 9))])
    return grain.resize(size, Image.Resampling.BICUBIC)


def saved(picture: Image.Image, form: str = "JPEG", **more) -> bytes:
    out = BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def jpeg(seed: int = 1, quality: int = 90, **more) -> bytes:
    return saved(scene(seed), quality=quality, **more)


def telling_exif(
    taken: str = "2026:11:19 08:00:00", software: str = "Adobe Photoshop 25.1", turned: int = 6
) -> Image.Exif:
    """EXIF as a phone and then an editor write it: Sleman's town hall, held upright."""
    exif = Image.Exif()
    exif[Base.Orientation], exif[Base.Make], exif[Base.Model] = turned, "Samsung", "SM-A52"
    exif[Base.Software] = software
    shot, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    shot[Base.DateTimeOriginal], shot[Base.OffsetTimeOriginal] = taken, "+07:00"
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "S", (7.0, 43.0, 0.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (110.0, 21.0, 18.0)
    return exif


def office(name: str = "word/document.xml", **entries: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "<w:document/>")
        archive.writestr("docProps/core.xml", "<creator>Siti Rahayu</creator>")
        for entry, body in entries.items():
            archive.writestr(entry.replace("__", "/"), body)
    return out.getvalue()


def pdf(inside: bytes = b"", between: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog"
        + inside
        + b">>endobj\n"
        + between
        + b"xref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
    )


def zipped_behind(content: bytes) -> bytes:
    out = BytesIO(content)
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("jahat.txt", "x")
    return out.getvalue()


def film_with_place() -> bytes:
    """A film that says where it was taken, as phones do."""
    told = b"\xa9xyz" + b"\x00\x12\x15\xc7" + b"-07.7167+110.3550/"
    box = (len(told) + 12).to_bytes(4, "big") + b"udta" + (len(told) + 4).to_bytes(4, "big") + told
    film = empty_film()
    at = film.index(b"moov") - 4
    size = int.from_bytes(film[at : at + 4], "big")
    moov = (size + len(box)).to_bytes(4, "big") + film[at + 4 : at + size] + box
    return film[:at] + moov + film[at + size :]
