"""Which update goes where: the library's handlers, each a thin step to the verbs beside it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberAdministrator, ChatMemberOwner, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.operator import commands, groups, presses, queue, speech, team, watch, words
from bot.operator.commands import STAFF_COMMANDS, Command
from bot.operator.counter import PRESSED, Counter
from bot.operator.flow_desk import FlowDesk
from bot.operator.flow_files import Papers
from bot.operator.groups import Room
from bot.operator.joining_commands import JOINING_COMMANDS
from bot.operator.office import Office
from bot.operator.payloads import Press, unpack
from bot.operator.reading import pin_of, read_words
from bot.operator.seat import Seat, seat_of
from bot.operator.writing import keyboard
from bot.services.desk.frontdesk import WAYS, Way
from bot.services.reports.ticketing import UnknownTicketError
from dialogs.responses import LANGUAGES

Context = CallbackContext[Any, Any, Any, Any]
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

FRESH = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
MAX_TOAST = 200
ELSEWHERE: Mapping[str, Callable[[Office, Seat, Press], Awaitable[str]]] = {
    "team": team.press,
    "watch": watch.press,
    "queue": queue.turn,
}
"""Buttons that are about no single ticket."""


class Handlers:
    """The operators' bot's answers to every kind of update."""

    def __init__(self, office: Office, counter: Counter) -> None:
        self._office = office
        self._counter = counter
        self._flows = {one: FlowDesk(office.speaking(one)) for one in LANGUAGES}

    def _for(self, seat: Seat) -> Office:
        """The office in the language of the chat."""
        return self._office.speaking(seat.language)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Put the handlers in place; the first that fits an update answers it."""
        add = application.add_handler
        add(CommandHandler("start", self._start, FRESH))
        add(CommandHandler("pasang", self._bind, FRESH))
        for name, command in {**STAFF_COMMANDS, **JOINING_COMMANDS}.items():
            add(CommandHandler(name, self._for_staff(command), FRESH))
        for way in WAYS:
            add(CommandHandler(way, self._for_staff(partial(self._begin_talk, way)), FRESH))
        add(CommandHandler("selesai", self._for_staff(self._counter.end), FRESH))
        add(CommandHandler("telp", self._for_staff(self._counter.phone), FRESH))
        add(CommandHandler("alur", self._show_flows, FRESH))
        add(CallbackQueryHandler(self._press))
        add(MessageHandler(FRESH & filters.StatusUpdate.MIGRATE, self._moved))
        add(MessageHandler(FRESH & ~filters.StatusUpdate.ALL, self._words))
        add(MessageHandler(EDITED, self._corrected))
        add(ChatMemberHandler(self._welcomed, ChatMemberHandler.MY_CHAT_MEMBER))

    async def _start(self, update: Update, context: Context) -> None:
        seat = await seat_of(update, self._office.roster)
        if seat and (seat.private or seat.operator):
            await commands.start(self._for(seat), seat, "".join(context.args or ()))

    def _for_staff(self, command: Command) -> Handler:
        async def handle(update: Update, context: Context) -> None:
            seat = await seat_of(update, self._office.roster)
            if seat is None:
                return
            if seat.at_work:
                await command(self._for(seat), seat, " ".join(context.args or ()))
            else:
                await self._outside(seat)

        return handle

    async def _begin_talk(self, way: Way, office: Office, seat: Seat, _words: str) -> None:
        await self._counter.begin(office, seat, way)

    async def _outside(self, seat: Seat) -> None:
        """Commands from outside the work: strangers in groups get silence."""
        if seat.private:
            await commands.start(self._for(seat), seat, "")
        elif seat.operator is not None:
            await self._for(seat).answer(seat, "petugas_belum_dipasang")

    async def _bind(self, update: Update, context: Context) -> None:
        seat, chat = await seat_of(update, self._office.roster), update.effective_chat
        if seat is None or chat is None or seat.operator is None:
            if seat and seat.private:
                await self._outside(seat)
            return

        async def may_open_topics() -> bool:
            return _manages_topics(await chat.get_member(context.bot.id))

        room = Room(bool(chat.is_forum), may_open_topics)
        await groups.bind(self._for(seat), seat, "".join(context.args or ()).lower(), room)

    async def _show_flows(self, update: Update, _context: Context) -> None:
        seat = await seat_of(update, self._office.roster)
        if seat and seat.operator is not None:
            await self._flows[seat.language].show(seat)
        elif seat and seat.private:
            await self._outside(seat)

    async def _words(self, update: Update, context: Context) -> None:
        seat = await seat_of(update, self._office.roster)
        if seat is None or not (seat.private or seat.agency):
            return
        said, message = read_words(update), update.effective_message
        if message is None or await self._flows[seat.language].heard(seat, said, Papers(context.bot)):
            return
        if not await self._counter.heard(seat, said, message.date, pin_of(message)):
            await words.heard(self._for(seat), seat, said)

    async def _corrected(self, update: Update, _context: Context) -> None:
        seat = await seat_of(update, self._office.roster)
        if seat and (seat.private or seat.agency):
            await words.corrected(self._for(seat), seat, read_words(update))

    async def _welcomed(self, update: Update, _context: Context) -> None:
        """Put into a group: say how it becomes a desk. Put out of one: its work goes on elsewhere."""
        change, seat = update.my_chat_member, await seat_of(update, self._office.roster)
        if change is None or change.chat.type == Chat.PRIVATE:
            return
        absent = {ChatMember.LEFT, ChatMember.BANNED}
        was, now = change.old_chat_member.status in absent, change.new_chat_member.status in absent
        if now:
            await self._office.roster.lose_group(str(change.chat.id))
        elif was and seat is not None:
            await self._for(seat).answer(seat, "petugas_masuk_grup")

    async def _moved(self, update: Update, _context: Context) -> None:
        """A group that grows (or gets topics) is given a new id; it stays the desk it was."""
        message = update.effective_message
        if message is not None and message.migrate_from_chat_id is not None:
            old, new = str(message.migrate_from_chat_id), str(message.chat_id)
            await self._office.roster.move_group(old, new, forum=bool(message.chat.is_forum))

    async def _press(self, update: Update, context: Context) -> None:
        seat, query = await seat_of(update, self._office.roster), update.callback_query
        if seat is None or query is None:
            return
        if (query.data or "").startswith(PRESSED):
            now = self._office.core.clock()
            await toast(query, await self._counter.pressed(seat, query.data or "", now))
            return
        pressed = unpack(query.data or "")
        if not seat.at_work or pressed is None:
            name = "petugas_hanya_petugas" if not seat.at_work else "petugas_tombol_lama"
            await toast(query, self._for(seat).text(name))
        elif pressed.kind in {"page", "tick"}:
            await self._turn_page(seat, query, pressed)
        elif pressed.kind == "language":
            await toast(query, await speech.choose(self._office, seat, pressed.number))
        elif pressed.kind in ELSEWHERE:
            await toast(query, await ELSEWHERE[pressed.kind](self._for(seat), seat, pressed))
        elif pressed.kind == "flow":
            await toast(query, await self._flows[seat.language].press(seat, pressed, Papers(context.bot)))
        else:
            await toast(query, await presses.press(self._for(seat), seat, pressed))

    async def _turn_page(self, seat: Seat, query: CallbackQuery, pressed: Press) -> None:
        try:
            rows = await presses.turn_page(self._for(seat), seat, pressed)
        except UnknownTicketError:
            await toast(query, self._for(seat).text("petugas_bukan_untuk_anda"))
            return
        with suppress(BadRequest):  # gone, or already showing this page
            await query.edit_message_reply_markup(keyboard(rows))
        await toast(query, "" if rows else self._for(seat).text("petugas_tombol_lama"))


async def toast(query: CallbackQuery, text: str) -> None:
    """Stop the button's spinner, with a word; best effort, for nothing hangs on it."""
    with suppress(TelegramError):
        await query.answer(text[:MAX_TOAST] or None, show_alert=len(text) > MAX_TOAST // 2)


def _manages_topics(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberOwner):
        return True
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_manage_topics)
