import asyncio
import io
import json

import pytest
from aiohttp import FormData

from bot.channels.base import FetchError
from bot.channels.webchat.parse import MAX_TEXT
from bot.channels.webchat.uploads import MAX_UPLOAD
from dialogs.messages import Attachment, Button, Location, OutboundMessage
from storage.files.vault import VaultError

ID = "a1b2c3d4e5f6"


async def post(client, auth, **body):
    return await client.post("/chat/api/messages", json={"id": ID, **body}, headers=auth)


def upload(*files, **fields):
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in {"id": ID, **fields}.items():
        form.add_field(name, value)
    for name, mime, content in files:
        form.add_field("files", io.BytesIO(content), filename=name, content_type=mime)
    return form


JPEG = ("lubang.jpg", "image/jpeg", b"\xff\xd8\xff" + b"x" * 100)


async def test_a_text_is_kept(client, auth, memory):
    answer = await post(client, auth, text="  lampu mati\r\nsejak Senin \x00 ", reply_to="12")
    assert (answer.status, await answer.json()) == (200, {"id": ID, "new": True})
    (message,) = memory.heard
    assert (message.kind, message.text, message.reply_to) == ("text", "lampu mati\nsejak Senin", "12")
    assert (message.message_ref, message.external_id) == (ID, f"{message.address}:{ID}")
    assert message.sent_at.tzinfo


async def test_the_same_id_counts_once_however_often_it_comes(client, auth, memory):
    answers = await asyncio.gather(*(post(client, auth, text="sekali") for _ in range(5)))
    assert sorted([(await one.json())["new"] for one in answers]) == [False] * 4 + [True]
    assert len(memory.heard) == 1


async def test_half_a_character_is_no_reason_to_turn_a_text_down(client, auth, memory):
    body = b'{"id": "a1b2c3d4e5f6", "text": "lampu mati \\ud83d", "reply_to": ""}'
    headers = auth | {"Content-Type": "application/json"}
    answer = await client.post("/chat/api/messages", data=body, headers=headers)
    assert answer.status == 200
    assert memory.heard[0].text == "lampu mati \ufffd"


async def test_two_people_may_use_the_same_id(client, auth, memory):
    other = (await (await client.post("/chat/api/session")).json())["token"]
    await post(client, auth, text="satu")
    await post(client, {"Authorization": f"Bearer {other}"}, text="dua")
    assert len({one.address for one in memory.heard}) == len(memory.heard) == 2


async def test_a_button_and_a_position(client, auth, memory):
    await post(client, auth, button="/affirm", text="Betul", reply_to="3")
    where = {"lat": -7.7167, "lon": 110.355, "accuracy": 20}
    await client.post("/chat/api/messages", json={"id": "posisi-0001", "location": where}, headers=auth)
    pressed, placed = memory.heard
    assert (pressed.kind, pressed.button, pressed.text) == ("button", "/affirm", "Betul")
    assert placed.location == Location(-7.7167, 110.355, 20.0)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 400, "empty"),
        ({"text": " \x00\n"}, 400, "empty"),
        ({"text": 5}, 400, "malformed"),
        ({}, 400, "malformed"),
        ({"text": "x" * (MAX_TEXT + 1)}, 413, "too_long"),
        ({"text": "x" * 200_000}, 413, "too_long"),
        ({"id": "pendek", "text": "x"}, 400, "malformed"),
        ({"id": "../../etc/passwd", "text": "x"}, 400, "malformed"),
        ({"id": 7, "text": "x"}, 400, "malformed"),
        ({"text": "x", "reply_to": {"a": 1}}, 400, "malformed"),
        ({"button": ""}, 400, "malformed"),
        ({"button": ["/a"]}, 400, "malformed"),
        ({"location": "rumah"}, 400, "bad_location"),
        ({"location": {"lat": 91, "lon": 0}}, 400, "bad_location"),
        ({"location": {"lat": "1", "lon": 0}}, 400, "bad_location"),
        ({"location": {"lat": True, "lon": 0}}, 400, "bad_location"),
        ({"location": {"lat": 1, "lon": 0, "accuracy": -1}}, 400, "bad_location"),
    ],
)
async def test_what_makes_no_message_leaves_no_trace(client, auth, memory, body, status, code):
    answer = await post(client, auth, **body)
    told = await answer.json()
    assert (answer.status, told["error"]) == (status, code)
    assert told["text"]
    assert not memory.heard


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"id": NaN}'])
async def test_bodies_that_are_no_json_object(client, auth, memory, body):
    headers = {**auth, "Content-Type": "application/json"}
    assert (await client.post("/chat/api/messages", data=body, headers=headers)).status == 400
    assert not memory.heard


async def test_a_form_cannot_pass_for_json(client, auth, memory):
    body = json.dumps({"id": ID, "text": "x"})
    answer = await client.post(
        "/chat/api/messages", data=body, headers={**auth, "Content-Type": "text/plain"}
    )
    assert answer.status == 415


@pytest.mark.parametrize(
    ("tag", "word"), [("id", "kosong"), ("jv-ID,id;q=0.5", "isih"), ("en-GB", "empty"), ("fr", "kosong")]
)
async def test_errors_speak_the_readers_language(client, auth, tag, word):
    answer = await client.post(
        "/chat/api/messages", json={"id": ID, "text": ""}, headers={**auth, "Accept-Language": tag}
    )
    assert word in (await answer.json())["text"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer " + "A" * 43, "Basic abc", "Bearer ñ"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "messages"), ("POST", "files"), ("GET", "events"), ("GET", "files/upload-0")],
)
async def test_without_a_token_of_ours_nothing_is_open(client, memory, header, method, path):
    answer = await client.request(method, f"/chat/api/{path}", headers={"Authorization": header})
    assert answer.status == 401
    assert not memory.heard


async def test_the_address_does_not_give_the_token_away(client, auth, token, memory):
    await post(client, auth, text="x")
    address = memory.heard[0].address
    assert token not in address
    answer = await client.get("/chat/api/events", headers={"Authorization": f"Bearer {address}"})
    assert answer.status == 401


async def test_other_sites_cannot_post(client, auth, memory):
    answer = await post(client, {**auth, "Origin": "https://jahat.example"}, text="x")
    assert answer.status == 403
    for strange in ("null", "http://[", "http://[::1", "\u00e9"):
        assert (await post(client, {**auth, "Origin": strange}, text="x")).status == 403
    own = f"http://{client.host}:{client.port}"
    assert (await post(client, {**auth, "Origin": own}, text="x")).status == 200


async def test_a_burst_of_forty_passes_and_more_must_wait(client, auth, memory):
    answers = [
        await client.post("/chat/api/messages", json={"id": f"pesan-{n:04}", "text": "x"}, headers=auth)
        for n in range(45)
    ]
    refused = [one for one in answers if one.status == 429]
    assert len(memory.heard) >= 40
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1


async def test_files_too_many_too_fast_must_wait_and_are_not_read(client, auth, memory):
    answers = [
        await client.post("/chat/api/files", data=upload(JPEG, id=f"berkas-{n:04}"), headers=auth)
        for n in range(45)
    ]
    assert {one.status for one in answers} == {200, 429}
    assert answers[-1].status == 429
    assert len(memory.heard) == len(memory.uploads) == sum(one.status == 200 for one in answers)


@pytest.mark.parametrize("path", ["events?after=0.0", "files/x"])
async def test_who_reads_without_end_must_wait(client, auth, memory, said, channel, path):
    await post(client, auth, text="x")
    await memory.say(channel, memory.heard[0].address, said)
    answers = [await client.get(f"/chat/api/{path}", headers=auth) for _ in range(90)]
    assert [one.status for one in answers[:60]] == [200 if "events" in path else 404] * 60
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_many_new_talks_from_one_address_must_wait(client):
    answers = [await client.post("/chat/api/session") for _ in range(9)]
    assert [one.status for one in answers] == [201] * 8 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_several_photos_are_one_album_with_their_bytes_as_they_were(client, auth, memory, channel):
    answer = await client.post("/chat/api/files", data=upload(JPEG, JPEG, text="dua"), headers=auth)
    assert answer.status == 200
    (message,) = memory.heard
    assert (message.kind, message.text, message.group) == ("media", "dua", ID)
    assert [one.kind for one in message.attachments] == ["photo", "photo"]
    assert await channel.fetch(message.attachments[0]) == JPEG[2]


async def test_a_single_file_is_no_album(client, auth, memory):
    await client.post(
        "/chat/api/files", data=upload(("C:\\x\\surat.pdf", "application/pdf", b"%PDF")), headers=auth
    )
    (message,) = memory.heard
    assert message.group == ""
    assert (message.attachments[0].kind, message.attachments[0].name) == ("document", "surat.pdf")


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        (lambda: upload(text="tanpa foto"), 400, "no_files"),
        (lambda: upload(JPEG, id="x"), 400, "malformed"),
        (lambda: upload(JPEG, reply_to="<a>"), 400, "malformed"),
        (lambda: upload(JPEG, text="x" * (MAX_TEXT + 1)), 413, "too_long"),
        (lambda: upload(*[JPEG] * 11), 413, "too_many_files"),
        (lambda: upload(("a.bin", "image/jpeg", b"x" * (MAX_UPLOAD + 1))), 413, "too_large"),
        (lambda: b"bukan formulir", 400, "malformed"),
    ],
)
async def test_uploads_out_of_bounds_leave_no_trace(client, auth, memory, form, status, code):
    answer = await client.post("/chat/api/files", data=form(), headers=auth)
    assert (answer.status, (await answer.json())["error"]) == (status, code)
    assert not memory.heard
    assert not memory.uploads


async def test_a_file_goes_back_to_its_owner_only(client, auth, memory):
    await client.post("/chat/api/files", data=upload(JPEG), headers=auth)
    answer = await client.get("/chat/api/files/upload-0", headers=auth)
    assert (answer.status, await answer.read()) == (200, JPEG[2])
    other = (await (await client.post("/chat/api/session")).json())["token"]
    answer = await client.get("/chat/api/files/upload-0", headers={"Authorization": f"Bearer {other}"})
    assert answer.status == 404


async def test_an_uploaded_page_is_never_served_as_one(client, auth):
    page = ("x.html", "text/html", b"<script>alert(1)</script>")
    await client.post("/chat/api/files", data=upload(page), headers=auth)
    answer = await client.get("/chat/api/files/upload-0", headers=auth)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_lost_upload_is_told(channel):
    with pytest.raises(FetchError):
        await channel.fetch(Attachment("photo", "tidak-ada"))


async def test_an_upload_that_is_out_of_reach_is_not_lost(client, auth, memory, channel):
    await client.post("/chat/api/files", data=upload(JPEG), headers=auth)
    (photo,) = memory.heard[0].attachments
    memory.vault_away = True
    with pytest.raises(VaultError):
        await channel.fetch(photo)
    memory.vault_away = False
    assert await channel.fetch(photo) == JPEG[2]


async def poll(client, auth, after="0.0"):
    return await (await client.get(f"/chat/api/events?after={after}", headers=auth)).json()


async def test_lines_of_both_sides_are_read_back(client, auth, memory, channel):
    await post(client, auth, text="halo")
    address = memory.heard[0].address
    buttons = ((Button("Ya", "/affirm"),),)
    await memory.say(channel, address, OutboundMessage("Boleh?", buttons, ask_location=True))
    told = await poll(client, auth)
    heard, said = told["lines"]
    assert (heard["from"], heard["text"], heard["id"]) == ("citizen", "halo", ID)
    assert (said["from"], said["buttons"], said["ask_location"]) == (
        "bot",
        [[{"label": "Ya", "payload": "/affirm", "url": ""}]],
        True,
    )
    assert told["after"] == "1.1"
