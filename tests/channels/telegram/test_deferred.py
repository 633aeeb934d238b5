"""aiogram imported as the server imports it, in a process of its own: here its types may be built already."""

import subprocess
import sys

PROGRAM = """
import sys

import bot.channels.telegram.channel
import bot.serving

assert not {"aiogram", "asyncpg"} & set(sys.modules), "imported before anybody asked"

from bot.channels.telegram.deferred import import_aiogram

import_aiogram()

import orjson
from aiogram import Bot
from aiogram.methods import GetFile, SendMediaGroup, SendPhoto, SetWebhook
from aiogram.types import BufferedInputFile, Message, Update

from bot.channels.telegram.reading import read_full
from bot.channels.telegram.session import UploadSession

assert not Update.__pydantic_complete__, "built before anybody asked"

chat = {"id": 5, "type": "private", "first_name": "Ani"}
answered = {"message_id": 6, "date": 1, "chat": chat, "pinned_message": {
    "message_id": 4, "date": 1, "chat": chat, "text": "?"}}
sticker = {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
    "is_animated": False, "is_video": False, "emoji": "x"}
message = {"message_id": 7, "date": 1, "chat": chat, "sticker": sticker, "reply_to_message": answered}
bot = Bot("42:SECRET", session=UploadSession("http://localhost", 1.0))
update = read_full({"update_id": 1, "message": message}, bot)
assert update.message.content_type == "sticker"
assert update.message.reply_to_message.pinned_message.text == "?"
assert update.message.bot is bot
assert read_full({"update_id": 1, "message": {"message_id": "?"}}, bot) is None

photo = SendPhoto(chat_id=5, photo=BufferedInputFile(b"x", filename="a.jpg"))
for method, result in (
    (photo, answered),
    (SendMediaGroup(chat_id=5, media=[]), [answered, message]),
    (GetFile(file_id="f"), {"file_id": "f", "file_unique_id": "u", "file_path": "p"}),
    (SetWebhook(url="https://example.org"), True),
):
    body = orjson.dumps({"ok": True, "result": result}).decode()
    bot.session.check_response(bot, method, 200, body)
assert isinstance(Message.model_validate(message), Message)
"""


def test_types_put_off_are_built_when_they_are_used():
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
