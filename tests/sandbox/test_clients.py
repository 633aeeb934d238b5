"""The libraries the bots are made with, talking to the sandbox as to Telegram."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.server import Sandbox


@pytest.fixture
async def citizen_bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.base_url))
    made = Bot("1001:warga", session=session)
    yield made
    await session.close()


def dispatcher() -> Dispatcher:
    made = Dispatcher()

    @made.message()
    async def answer(message: Message, bot: Bot) -> None:
        if message.photo:
            data = await bot.download(message.photo[-1])
            assert data is not None
            await message.reply_photo(
                BufferedInputFile(data.read(), "foto.jpg"), caption="<b>ini</b>", parse_mode="HTML"
            )
            return
        button = InlineKeyboardButton(text="Ya", callback_data="ya")
        await message.answer(
            f"halo {message.text}", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
        )

    @made.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("sip")
        assert isinstance(query.message, Message)
        await query.message.edit_text("terima kasih")

    return made


async def talk(siti: User, photo: bytes) -> None:
    await siti.send("kentongan_bot", "Siti")
    await siti.wait_for("halo Siti")
    query = await siti.press("Ya")
    await siti.wait_for("terima kasih")
    assert (await siti.wait_for_answer(query))["text"] == "sip"
    await siti.send_photo("kentongan_bot", photo)
    assert (await siti.wait_for("ini"))["caption_entities"][0]["type"] == "bold"


async def test_aiogram_polling(citizen_bot: Bot, siti: User, photo: bytes, client: SandboxClient) -> None:
    running = dispatcher()
    polling = asyncio.create_task(running.start_polling(citizen_bot, handle_signals=False, polling_timeout=1))
    await talk(siti, photo)
    await running.stop_polling()
    await polling
    assert await client.ignored_parameters() == {}


async def test_aiogram_webhook_with_a_secret(citizen_bot: Bot, siti: User, photo: bytes) -> None:
    app = web.Application()
    SimpleRequestHandler(dispatcher(), citizen_bot, secret_token="rahasia").register(app, path="/hook")
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await citizen_bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="rahasia")
    await talk(siti, photo)
    await citizen_bot.delete_webhook()
    await runner.cleanup()


async def test_aiogram_knows_the_errors(citizen_bot: Bot, siti: User, client: SandboxClient) -> None:
    with pytest.raises(TelegramBadRequest, match="message is too long"):
        await citizen_bot.send_message(siti.id, "x" * 4097)
    await client.fault("flood", retry_after=3)
    with pytest.raises(TelegramRetryAfter) as flood:
        await citizen_bot.send_message(siti.id, "x")
    assert flood.value.retry_after == 3
    await siti.block("kentongan_bot")
    with pytest.raises(TelegramForbiddenError):
        await citizen_bot.send_message(siti.id, "x")


async def test_aiogram_album(citizen_bot: Bot, siti: User, photo: bytes) -> None:
    pictures = [InputMediaPhoto(media=BufferedInputFile(photo, "a.jpg"), caption=str(n)) for n in range(3)]
    sent = await citizen_bot.send_media_group(siti.id, list(pictures))
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].photo
    assert (sent[0].photo[-1].width, sent[0].photo[-1].height) == (1280, 720)


@pytest.fixture
async def staff_app(sandbox: Sandbox) -> AsyncIterator[Any]:
    url = sandbox.base_url
    made = (
        ApplicationBuilder()
        .token("1002:petugas")
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .build()
    )
    async with made:
        yield made


async def test_python_telegram_bot_in_a_forum(staff_app: Any, client: SandboxClient, photo: bytes) -> None:
    app: Application[Any, Any, Any, Any, Any, Any] = staff_app
    fetched: list[int] = []

    async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        if message.photo:
            fetched.append(len(await (await message.photo[-1].get_file()).download_as_bytearray()))
        await message.reply_text(f"diterima: {message.text or message.caption}", do_quote=True)

    async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("diambil", show_alert=True)

    app.add_handler(MessageHandler(filters.TEXT | filters.PHOTO, answer))
    app.add_handler(CallbackQueryHandler(pressed))
    assert app.updater is not None
    await app.start()
    await app.updater.start_polling(timeout=1, allowed_updates=Update.ALL_TYPES)
    forum = await client.forum("Dishub", ["Lampu"])
    await forum.add("petugas_bot", admin=True)
    rina = await client.existing_user("Rina")
    await forum.add(rina)
    await rina.send(forum["Lampu"], "saya cek")
    told = await rina.wait_for("diterima: saya cek")
    assert told["message_thread_id"] == forum.topics["Lampu"]
    assert told["reply_to_message"]["text"] == "saya cek"
    await rina.send_photo(forum["Lampu"], photo, "bukti")
    await rina.wait_for("diterima: bukti")
    assert fetched[0] > 1000
    topic = await app.bot.create_forum_topic(forum.id, "Rambu")
    card = await app.bot.send_photo(forum.id, io.BytesIO(photo), message_thread_id=topic.message_thread_id)
    assert card.is_topic_message
    await app.updater.stop()
    await app.stop()
    assert await client.ignored_parameters() == {}


async def test_python_telegram_bot_knows_the_errors(
    staff_app: Any, siti: User, client: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await siti.start("petugas_bot")
    with pytest.raises(BadRequest, match='unsupported start tag "x"'):
        await staff_app.bot.send_message(siti.id, "<x>", parse_mode="HTML")
    await client.fault("flood", retry_after=4)
    with pytest.raises(RetryAfter):
        await staff_app.bot.send_message(siti.id, "x")
