from datetime import UTC, datetime

import pytest

from bot.channels.base import Delivery, FetchError, OutboundFile, SendError
from bot.channels.console import ConsoleChannel, ConsoleError
from dialogs.messages import Attachment, Button, Location, OutboundMessage

NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
ROWS = ((Button("Betul", "/affirm"), Button("Lokasi lain", "/place")), (Button("betul sekali", "/sure"),))


@pytest.fixture
def written():
    return []


@pytest.fixture
def console(written):
    return ConsoleChannel(written.append)


async def show(console, text="Betul?", rows=ROWS, ticket=""):
    return await console.send(Delivery("console", OutboundMessage(text, rows, ticket=ticket)))


async def test_buttons_are_a_numbered_list(console, written):
    result = await show(console)
    assert written == ["Betul?\n1. Betul\n2. Lokasi lain\n3. betul sekali"]
    assert result.refs == ("bot-1",)


async def test_files_and_the_question_for_a_place_are_shown(console, written):
    async def read():
        return b""

    file = OutboundFile("photo", "image/jpeg", "bukti.jpg", read)
    await console.send(Delivery("console", OutboundMessage("Di mana?", ask_location=True), (file,)))
    assert written == ["Di mana?\n[photo: bukti.jpg]\n(!location LAT,LON)"]


async def test_the_terminal_is_not_steered_by_what_is_said(console, written):
    await show(console, "a\x1b[2Jb\x07c 👨‍👩‍👧", ())
    assert written == ["a[2Jbc 👨‍👩‍👧"]


@pytest.mark.parametrize(
    ("label", "payload"),
    [
        ("Betul", "/affirm"),
        ("BETUL SEKALI", "/sure"),
        ("lokasi", "/place"),
        ("betul s", "/sure"),
        (" Betul ", "/affirm"),
    ],
)
async def test_a_button_is_found_by_its_label(console, label, payload):
    await show(console)
    message = console.parse_line(f"!button {label}", 3, NOW)
    assert (message.kind, message.button, message.external_id) == ("button", payload, "line-3")


@pytest.mark.parametrize("label", ["Salah", ""])
async def test_an_unknown_button_is_told_with_those_there_are(console, label):
    await show(console)
    with pytest.raises(ConsoleError, match="offered: Betul, Lokasi lain, betul sekali"):
        console.parse_line(f"!button {label}", 1, NOW)


async def test_news_about_a_report_leaves_the_question_standing(console):
    await show(console)
    await show(console, "Laporan diteruskan", (), ticket="SLM-26-7K3QX")
    assert console.find_button("Betul").payload == "/affirm"
    await show(console, "Baik", ())
    with pytest.raises(ConsoleError):
        console.find_button("Betul")


@pytest.mark.parametrize("line", ["lampu mati", "!!! tolong", "  dua spasi", "/status", "!", "! tolong"])
def test_everything_else_is_text(console, line):
    message = console.parse_line(line + "\n", 1, NOW)
    assert (message.kind, message.text) == ("text", line)


def test_a_place(console):
    assert console.parse_line("!location -7.7167, 110.3550", 1, NOW).location == Location(-7.7167, 110.355)


@pytest.mark.parametrize(
    "line", ["!location", "!location rumah", "!location 91,0", "!location 0,181", "!foto x", '!photo "x']
)
def test_a_line_that_cannot_be_played_says_why(console, line):
    with pytest.raises(ConsoleError):
        console.parse_line(line, 1, NOW)


async def test_photos_are_read_from_their_files(console, tmp_path):
    one, two = tmp_path / "satu foto.jpg", tmp_path / "dua.png"
    one.write_bytes(b"satu")
    two.write_bytes(b"dua")
    message = console.parse_line(f'!photo "{one}" {two}', 4, NOW)
    assert [a.mime for a in message.attachments] == ["image/jpeg", "image/png"]
    assert message.group == "line-4"
    assert await console.fetch(message.attachments[0]) == b"satu"
    assert console.parse_line(f"!photo {two}", 5, NOW).group == ""


async def test_a_file_that_is_gone(console, tmp_path):
    with pytest.raises(ConsoleError, match="there is no file"):
        console.parse_line(f"!photo {tmp_path}/x.jpg", 1, NOW)
    with pytest.raises(FetchError):
        await console.fetch(Attachment("photo", str(tmp_path / "x.jpg")))


async def test_a_closed_terminal_is_a_send_error():
    def closed(text):
        raise BrokenPipeError

    with pytest.raises(SendError):
        await show(ConsoleChannel(closed))
