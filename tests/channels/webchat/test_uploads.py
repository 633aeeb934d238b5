"""Bodies of uploads, however they come in."""

import pytest

from bot.channels.webchat.uploads import MAX_AROUND, MAX_UPLOAD

MARK = "----tanda9f"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 4 + b"\r\n--" + MARK.encode()[:-1] + b"\r"
"""With what nearly ends a part in it."""
HEADERS = {"Content-Type": f"multipart/form-data; boundary={MARK}"}


def part(name, content, *more):
    head = f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"'
    return "".join([head, *more]).encode() + b"\r\n\r\n" + content + b"\r\n"


def photo(name="lubang.jpg"):
    return part("files", PHOTO, f'; filename="{name}"\r\nContent-Type: image/jpeg')


ID = part("id", b"a1b2c3d4e5f6")
END = f"--{MARK}--\r\n".encode()


async def in_pieces(body, size):
    for begin in range(0, len(body), size):
        yield body[begin : begin + size]


async def send(client, auth, body, size=4096):
    return await client.post("/chat/api/files", data=in_pieces(body, size), headers=auth | HEADERS)


@pytest.mark.parametrize("size", [1, 7, 100, 1500, 65536])
async def test_an_album_is_the_same_in_pieces_of_any_size(client, auth, memory, channel, size):
    body = ID + photo() + part("text", "di depan pasar ✓".encode()) + photo("gang é.jpg") + END
    assert (await send(client, auth, body, size)).status == 200
    (message,) = memory.heard
    assert message.text == "di depan pasar ✓"
    assert [(one.name, one.mime, one.kind, one.size) for one in message.attachments] == [
        ("lubang.jpg", "image/jpeg", "photo", len(PHOTO)),
        ("gang é.jpg", "image/jpeg", "photo", len(PHOTO)),
    ]
    assert [await channel.fetch(one) for one in message.attachments] == [PHOTO, PHOTO]


@pytest.mark.parametrize(
    "body",
    [
        ID + photo(),
        (ID + photo() + END)[: len(ID) + 90],
        ID + photo().replace(b"form-data", b"attachment") + END,
        ID + photo().replace(b"Content-Disposition", b"X-Other") + END,
        ID + part("text", b"\xff\xfe") + photo() + END,
        ID + part("files", PHOTO, "".join(f"\r\nX-{n}: x" for n in range(100))) + END,
        ID + part("files", PHOTO, "\r\nX-Long: " + "x" * 100_000) + END,
        ID.replace(MARK.encode(), b"lain") + END,
        b"",
    ],
    ids=[
        "no end",
        "cut off",
        "no form",
        "no name",
        "no text",
        "headers",
        "long header",
        "no boundary",
        "nothing",
    ],
)
async def test_a_body_that_is_no_whole_form_leaves_no_trace(client, auth, memory, body):
    answer = await send(client, auth, body)
    assert (answer.status, (await answer.json())["error"]) == (400, "malformed")
    assert not memory.heard
    assert not memory.uploads


@pytest.mark.parametrize(
    "body",
    [b"x" * (MAX_UPLOAD + MAX_AROUND + 1) + ID + END, ID + part("", b"") * (MAX_UPLOAD // 40) + END],
    ids=["before the first part", "in parts of nothing"],
)
async def test_what_stands_around_the_parts_is_bounded_too(client, auth, memory, body):
    answer = await send(client, auth, body, 1 << 20)
    assert (answer.status, (await answer.json())["error"]) == (413, "too_large")
    assert not memory.heard
