"""What is taken for what, what is refused and why, and what no copy may still tell."""

import re
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat
from PIL.JpegImagePlugin import JpegImageFile

from bot.sandbox.samples import empty_film, silent_voice
from tests.pictures import film_with_place, jpeg, office, pdf, saved, scene, telling_exif, zipped_behind
from tickets.evidence.examine import examine
from tickets.evidence.findings import REFUSALS
from tickets.policies import load_policies

LIMITS = load_policies().evidence.limits
PHOTO = jpeg()


def opened(content: bytes) -> JpegImageFile:
    picture = Image.open(BytesIO(content))
    assert isinstance(picture, JpegImageFile)
    return picture


def png_of(wide, high):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


def packed_script():
    body = zlib.compress(b"<</S/JavaScript/JS(app.alert(1))>>")
    return b"2 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + body + b"\nendstream endobj\n"


def frames():
    shots = [scene(seed, (160, 120)) for seed in range(3)]
    return saved(shots[0], "GIF", save_all=True, append_images=shots[1:])


TAKEN = {
    "jpeg": PHOTO,
    "png": saved(scene(1, (300, 200)), "PNG"),
    "gif": frames(),
    "webp": saved(scene(1, (300, 200)), "WEBP"),
    "avif": saved(scene(1, (300, 200)), "AVIF"),
    "mp4": empty_film(),
    "ogg": silent_voice(),
    "wav": b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(28),
    "mp3": b"ID3\x03" + bytes(60),
    "amr": b"#!AMR\n" + bytes(60),
    "pdf": pdf(),
    "docx": office(),
    "xlsx": office("xl/workbook.xml"),
}
REFUSED = {
    "a photo cut short": (PHOTO[: len(PHOTO) // 2], "broken"),
    "nothing": (b"", "broken"),
    "a beginning only": (PHOTO[:20], "broken"),
    "a PNG without its pixels": (png_of(600, 600), "broken"),
    "a film cut short": (empty_film()[:-4], "broken"),
    "a film without contents": (empty_film()[:24], "broken"),
    "a voice cut short": (silent_voice()[:-4], "broken"),
    "a PDF cut short": (pdf()[:-12], "broken"),
    "a document cut short": (office()[:-30], "broken"),
    "a page behind a photo": (PHOTO + b"<script>alert(1)</script>", "active"),
    "a page in capitals": (PHOTO + b"<HTML >", "active"),
    "PHP in a photo's comment": (jpeg(comment=b"<?php system($_GET[0]); ?>"), "active"),
    "an archive behind a photo": (zipped_behind(PHOTO), "active"),
    "an archive behind a PDF": (zipped_behind(pdf()), "active"),
    "a PDF behind a photo": (PHOTO + pdf(), "active"),
    "a program behind a photo": (PHOTO + b"MZ..This program cannot be run in DOS mode.", "active"),
    "a photo that is a script": (b"GIF89a/*" + frames()[8:] + b"*/=1;alert(1)", "active"),
    "a PDF with a script": (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "active"),
    "a PDF with a disguised script": (pdf(b"/OpenAction<</S/J#61vaScript>>"), "active"),
    "a PDF with a packed script": (pdf(between=packed_script()), "active"),
    "a PDF that starts a program": (pdf(b"/OpenAction<</S/Launch>>"), "active"),
    "a document with macros": (office(word__vbaProject_bin=b"x"), "active"),
    "a document that unpacks without end": (office(word__media__a=bytes(101 << 20)), "too_large"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unknown"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "unknown"),
    "a program": (b"MZ" + bytes(200), "unknown"),
    "an archive": (zipped_behind(b""), "unknown"),
    "words": (b"jalan rusak", "unknown"),
    "a picture of 3.6 thousand million pixels": (png_of(60_000, 60_000), "too_many_pixels"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_counts_as_what_it_is(kind):
    found = examine(TAKEN[kind], LIMITS)
    assert (found.refused, found.facts.kind) == ("", kind)
    assert found.copy


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_and_why(what):
    content, reason = REFUSED[what]
    found = examine(content, LIMITS)
    assert (found.refused, found.copy, found.print) == (reason, b"", None)


def test_a_city_that_takes_fewer_kinds_says_so():
    assert examine(PHOTO, replace(LIMITS, accepted=frozenset({"png"}))).refused == "unknown"
    assert examine(PHOTO, replace(LIMITS, size=1000)).refused == "too_large"
    assert examine(PHOTO, replace(LIMITS, pixels=640 * 480 - 1)).refused == "too_many_pixels"


def test_a_photo_tells_when_where_and_with_what():
    facts = examine(jpeg(exif=telling_exif()), LIMITS).facts
    assert facts.taken_at == "2026-11-19T08:00:00+07:00"
    assert (facts.lat, facts.lon) == (-7.716667, 110.355)
    assert (facts.device, facts.software) == ("Samsung SM-A52", "Adobe Photoshop 25.1")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_copy_is_upright_and_tells_nothing(form):
    found = examine(saved(scene(3), form, exif=telling_exif().tobytes()), LIMITS)
    copy = Image.open(BytesIO(found.copy))
    assert copy.size == (480, 640)
    assert not copy.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & copy.info.keys()
    assert not re.search(rb"Samsung|Photoshop|Exif", found.copy)
    assert found.copy_mime == "image/jpeg"


def test_a_photo_of_an_iphone_is_opened():
    heif = pytest.importorskip("pillow_heif", reason="the extra for HEIC is not installed")
    out = BytesIO()
    heif.from_pillow(scene(4)).save(out, exif=telling_exif(turned=1).tobytes())
    found = examine(out.getvalue(), LIMITS)
    assert (found.refused, found.facts.kind, found.facts.lat) == ("", "heic", -7.716667)
    assert b"Samsung" not in found.copy


def test_a_photo_marked_as_made_by_a_machine():
    xmp = b"<x:xmpmeta>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</x:xmpmeta>"
    assert examine(jpeg(xmp=xmp), LIMITS).facts.generated
    assert not examine(PHOTO, LIMITS).facts.generated


def test_moving_pictures_are_told_and_shown_still():
    found = examine(frames(), LIMITS)
    assert found.facts.animated
    assert Image.open(BytesIO(found.copy)).format == "JPEG"


def test_a_large_photo_is_passed_on_small():
    found = examine(saved(scene(5, (5000, 3000)), quality=60), LIMITS)
    assert max(Image.open(BytesIO(found.copy)).size) == LIMITS.longest_side
    assert (found.facts.width, found.facts.height) == (5000, 3000)


@pytest.mark.parametrize("quality", [30, 50, 70, 80])
def test_a_copy_is_no_finer_than_what_came_and_shows_the_same(quality: int):
    came = saved(Image.effect_noise((640, 480), 60).convert("RGB"), quality=quality)
    copy = examine(came, LIMITS).copy
    assert len(copy) < 1.1 * len(came)
    apart = ImageStat.Stat(ImageChops.difference(opened(came), opened(copy)))
    assert max(apart.rms) < 3.0


def test_a_copy_is_no_finer_than_the_city_says():
    finest = saved(Image.effect_noise((640, 480), 60).convert("RGB"), quality=98)
    by_city = saved(opened(finest), quality=LIMITS.quality)
    assert opened(examine(finest, LIMITS).copy).quantization == opened(by_city).quantization


def test_see_through_pictures_stand_on_white():
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    copy = Image.open(BytesIO(examine(saved(clear, "PNG"), LIMITS).copy))
    assert copy.getpixel((5, 5)) == (255, 255, 255)


def test_a_film_no_longer_says_where():
    film = film_with_place()
    found = examine(film, LIMITS)
    assert (found.facts.lat, found.facts.lon) == (-7.7167, 110.355)
    assert b"110.355" not in found.copy
    assert len(found.copy) == len(film)
    assert examine(found.copy, LIMITS).facts.lat is None


def test_photos_inside_documents_no_longer_say_where():
    photo = jpeg(exif=telling_exif())
    for content in (pdf(between=b"stream\n" + photo + b"\nendstream\n"), office(word__media__a_jpg=photo)):
        found = examine(content, LIMITS)
        assert found.refused == ""
        plain = found.copy
        if plain.startswith(b"PK"):
            with ZipFile(BytesIO(plain)) as archive:
                plain = b"".join(archive.read(name) for name in archive.namelist())
        assert not re.search(rb"Samsung|Photoshop|Siti", plain)


@pytest.mark.parametrize(
    "marks",
    [
        {"DateTimeOriginal": "0000:00:00 00:00:00"},
        {"DateTimeOriginal": b"\xff\xfe"},
        {"GPSLatitude": (7.0, 43.0)},
        {"GPSLatitude": (999.0, 0.0, 0.0)},
    ],
)
def test_malformed_marks_are_as_good_as_none(marks):
    exif = telling_exif()
    for name, value in marks.items():
        ifd = exif.get_ifd(34853 if name.startswith("GPS") else 34665)
        ifd[{"DateTimeOriginal": 36867, "GPSLatitude": 2}[name]] = value
    facts = examine(jpeg(exif=exif.tobytes()), LIMITS).facts
    assert facts.kind == "jpeg"
    assert not (facts.taken_at and facts.lat is not None)


@given(st.binary(max_size=400))
def test_whatever_the_bytes_there_is_an_answer(content):
    found = examine(content, LIMITS)
    assert (found.refused in REFUSALS) != bool(found.copy)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_files_are_answered_too(data):
    content = bytearray(data.draw(st.sampled_from(sorted(TAKEN.values(), key=len))))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = examine(bytes(content[: data.draw(st.integers(1, len(content)))]), LIMITS)
    assert (found.refused in REFUSALS) != bool(found.copy)
