"""Before and beside practice: /latihan and its buttons, in the chat of whoever practises or leads a class."""

from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.operator.front import App
from bot.operator.handlers import toast
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, unpack
from bot.operator.practice.buttons import button
from bot.operator.practice.classroom import Classroom
from bot.operator.practice.report import report
from bot.operator.practice.school import School
from bot.operator.seat import Seat, seat_of
from dialogs.messages import Button
from storage.desk.practice import PracticeClass

MENU, PICK = "petugas_latihan", "petugas_latihan_pilih"
OVER = "petugas_latihan_sudah_selesai"
ALL = "semua"
MOST_CLASSES = 5
TEMPERS = {
    "sopan": "🙂",
    "marah": "😡",
    "tidak_jelas": "🌫",
    "salah_alamat": "📮",
    "ganda": "👥",
    "darurat": "🚨",
}


class Lobby:
    """What /latihan does. Every verb may be typed behind the command or pressed."""

    def __init__(self, office: Office, school: School) -> None:
        self._office = office
        self._school = school
        self._classroom = Classroom(school)
        self._verbs = {
            "": self._menu,
            "menu": self._menu,
            "mulai": self._begin,
            "pilih": self._pick,
            "ikut": self._join,
            "jeda": self._pause,
            "lanjut": self._go_on,
            "nilai": self._standing,
            "keluar": self._leave,
            "selesai": self._leave,
            "kelas": self._classroom.handle,
        }

    def register(self, application: App) -> None:
        """Put the handlers in place."""
        fresh = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler("latihan", self._command, fresh))
        application.add_handler(CallbackQueryHandler(self._press))
        application.add_handler(MessageHandler(filters.ALL, self._stale))

    async def _command(self, update: Update, context: Any) -> None:
        seat = await seat_of(update, self._office.roster)
        verb, *words = (word.lower() for word in context.args or ("",))
        if seat is not None:
            await self._do(seat, verb, " ".join(words))

    async def _press(self, update: Update, _context: Any) -> None:
        seat, query = await seat_of(update, self._office.roster), update.callback_query
        if seat is None or query is None:
            return
        pressed = unpack(query.data or "")
        await toast(query, "")
        if pressed is None or pressed.kind != "practice":
            await self._say(seat, OVER, await self._ways(seat))
        else:
            await self._do(seat, pressed.action, pressed.number.removeprefix("-"))

    async def _stale(self, update: Update, _context: Any) -> None:
        """Something about practice from somebody who is not at it."""
        seat = await seat_of(update, self._office.roster)
        if seat is not None and update.edited_message is None:
            await self._say(seat, OVER, await self._ways(seat))

    async def _do(self, seat: Seat, verb: str, words: str) -> None:
        do = self._verbs.get(verb)
        if do is None:
            await self._office_of(seat).answer(seat, "petugas_latihan_apa")
        else:
            await do(self._office_of(seat), seat, words)

    async def _menu(self, office: Office, seat: Seat, _words: str) -> None:
        session = await self._school.register.current(seat.user)
        name = f"{MENU}_{session.state}" if session else MENU
        values = (
            {"jumlah": str(len(session.scripts))} if session else {"jumlah": str(len(self._suited(seat)))}
        )
        await office.answer(seat, name, values, await self._ways(seat))

    async def _ways(self, seat: Seat) -> Rows:
        """The buttons that make sense now."""
        office, session = self._office_of(seat), await self._school.register.current(seat.user)
        if session is not None:
            turn = "lanjut" if session.state == "paused" else "jeda"
            return ((button(office, "nilai"), button(office, turn)), (button(office, "keluar"),))
        rows: Rows = ((button(office, "mulai", ALL), button(office, "pilih")),)
        open_ = (await self._school.register.classes())[:MOST_CLASSES]
        joining = tuple([(await self._joining(office, one),) for one in open_])
        leading = self._school.register.may_lead(seat.operator)
        return (*rows, *joining, *(((button(office, "kelas"),),) if leading else ()))

    async def _joining(self, office: Office, one: PracticeClass) -> Button:
        leader = await office.name_of(one.facilitator)
        return button(office, "ikut", one.code, {"kode": one.code, "nama": leader})

    async def _begin(self, office: Office, seat: Seat, words: str) -> None:
        course, wanted = self._school.course, words.split()
        unknown = [one for one in wanted if one not in course.scripts and one != ALL]
        if unknown:
            await office.answer(seat, "petugas_latihan_kasus_apa", {"kode": ", ".join(unknown)})
            return
        named = tuple(one for one in wanted if one != ALL)
        await self._start(office, seat, course.together(named) if named else self._suited(seat))

    async def _join(self, office: Office, seat: Seat, words: str) -> None:
        code = words.strip().upper()
        if code not in {one.code for one in await self._school.register.classes()}:
            await office.answer(seat, "petugas_latihan_kelas_apa", {"kode": code})
            return
        await self._start(office, seat, self._suited(seat), code)

    async def _start(self, office: Office, seat: Seat, scripts: tuple[str, ...], class_: str = "") -> None:
        if seat.operator is None or await self._school.register.current(seat.user) is not None:
            await self._menu(office, seat, "")
            return
        session = await self._school.begin(seat.operator, scripts, class_)
        if session.state == "ended":
            await self._say(seat, OVER, await self._ways(seat))
            return
        marking = self._school.course.marking
        values = {"jumlah": str(len(scripts)), "menit": f"{marking.workday:g}", "kode": class_}
        rows = ((button(office, "nilai"), button(office, "jeda"), button(office, "keluar")),)
        await office.answer(seat, "petugas_latihan_mulai", values, rows)

    async def _pick(self, office: Office, seat: Seat, _words: str) -> None:
        scripts = self._school.course.scripts
        desks = office.core.policies.agencies
        made = [
            Button(
                f"{TEMPERS[one.temper]} {one.name[office.language]} · {desks.short(one.desk)}",
                Press("practice", one.code, "mulai").packed(),
            )
            for one in scripts.values()
        ]
        await office.answer(seat, PICK, {}, tuple((one,) for one in made))

    async def _pause(self, _office: Office, seat: Seat, _words: str) -> None:
        await self._turned(seat, "petugas_latihan_dijeda", done=await self._school.pause(seat.user))

    async def _go_on(self, _office: Office, seat: Seat, _words: str) -> None:
        await self._turned(seat, "petugas_latihan_lanjut", done=await self._school.go_on(seat.user))

    async def _turned(self, seat: Seat, name: str, *, done: bool) -> None:
        await self._say(seat, name if done else "petugas_latihan_tidak_berjalan", await self._ways(seat))

    async def _standing(self, office: Office, seat: Seat, _words: str) -> None:
        session = await self._school.register.last(seat.user)
        result = await self._school.result(session) if session else None
        if session is None or result is None:
            await self._menu(office, seat, "")
            return
        await office.say(seat, *report(office, self._school.course, session, result))

    async def _leave(self, office: Office, seat: Seat, _words: str) -> None:
        session = await self._school.end(seat.user)
        if session is None or session.result is None:
            await self._say(seat, "petugas_latihan_tidak_berjalan", await self._ways(seat))
            return
        await office.say(seat, *report(office, self._school.course, session, session.result))

    async def _say(self, seat: Seat, name: str, rows: Rows) -> None:
        await self._office_of(seat).answer(seat, name, {}, rows)

    def _suited(self, seat: Seat) -> tuple[str, ...]:
        """The cases for somebody's work: those of the coordinator's desk only for who sits there."""
        course, held = self._school.course, seat.operator.memberships if seat.operator else ()
        coordinator = self._office.core.policies.agencies.coordinator
        if any(one.role in {"koordinator", "admin"} for one in held):
            return course.suited(None)
        desks = frozenset(one.desk for one in course.scripts.values()) - {coordinator}
        return course.suited(desks)

    def _office_of(self, seat: Seat) -> Office:
        return self._office.speaking(seat.language)
