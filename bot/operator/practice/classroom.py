"""A class as its facilitator sees it: who practises, how far, how well, and where they are stuck."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.operator.office import Office, Rows
from bot.operator.practice.buttons import button
from bot.operator.practice.report import report
from bot.operator.practice.school import School
from bot.operator.seat import Seat
from bot.services.core import OPERATOR
from bot.services.files.keeping import kept_attachment
from dialogs.messages import OutboundMessage
from storage.desk.practice import PracticeClass, Session
from storage.talks.outbox import Outgoing
from tickets.practice.work import CaseResult, Result

NAME = "petugas_latihan_kelas"
SIGNS = {"running": "▶️", "paused": "⏸", "ended": "🏁"}
STUCK = 3
"""How many rules most often broken are shown."""


class Classroom:
    """What `/latihan kelas …` does, for those who may lead a class."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._register = school.register

    async def handle(self, office: Office, seat: Seat, words: str) -> None:
        """Begin, show, export or end the class somebody leads."""
        if not self._register.may_lead(seat.operator):
            await office.answer(seat, f"{NAME}_bukan_anda")
            return
        verbs = {"mulai": self._begin, "selesai": self._end, "csv": self._export}
        await verbs.get(words.strip(), self._show)(office, seat)

    async def _begin(self, office: Office, seat: Seat) -> None:
        led = await self._register.led_by(seat.user)
        if led is None or led.ended_at:
            led = await self._register.open_class(seat.user)
        await office.answer(seat, f"{NAME}_dibuka", {"kode": led.code}, self._ways(office, led))

    async def _show(self, office: Office, seat: Seat) -> None:
        led = await self._register.led_by(seat.user)
        if led is None:
            await office.answer(seat, f"{NAME}_kosong", {}, ((button(office, "kelas_mulai", "mulai"),),))
            return
        await office.say(seat, await self._view(office, led))

    async def _view(self, office: Office, led: PracticeClass) -> OutboundMessage:
        found = await self._found(led)
        shares = [result.share for _, result in found if result and result.share is not None]
        values = {
            "kode": led.code,
            "jumlah": str(len(found)),
            "daftar": "\n".join(self._line(office, *one) for one in found),
            "rata": f"{sum(shares) / len(shares):.0f}" if shares else "",
            "macet": "\n".join(self._stuck(office, found)),
        }
        name = f"{NAME}_usai" if led.ended_at else NAME
        return OutboundMessage(office.text(name, values), self._ways(office, led), response=NAME)

    async def _found(self, led: PracticeClass) -> list[tuple[Session, Result | None]]:
        return [(one, await self._school.result(one)) for one in await self._register.members(led.code)]

    def _line(self, office: Office, session: Session, result: Result | None) -> str:
        cases = result.cases if result else ()
        share = result.share if result else None
        values = {
            "tanda": SIGNS[session.state],
            "nama": session.name,
            "tiba": str(len(cases)),
            "jumlah": str(len(session.scripts)),
            "tuntas": str(sum(_whole(case) for case in cases)),
            "nilai": str(share) if share is not None else "-",
        }
        return office.text(f"{NAME}_baris", values)

    def _stuck(self, office: Office, found: Sequence[tuple[Session, Result | None]]) -> Iterator[str]:
        """The rules broken most often, with how many people broke them."""
        rules = self._school.course.marking.rules
        broken = Counter(
            code
            for _, result in found
            if result
            for code in {mark.rule for case in result.cases for mark in case.marks if mark.missed}
            if code in rules
        )
        for code, count in broken.most_common(STUCK):
            yield office.text(
                f"{NAME}_macet", {"aturan": rules[code].name[office.language], "jumlah": str(count)}
            )

    def _ways(self, office: Office, led: PracticeClass) -> Rows:
        if led.ended_at:
            return ((button(office, "kelas_csv", "csv"), button(office, "kelas_mulai", "mulai")),)
        return (
            (button(office, "kelas_segarkan"), button(office, "kelas_csv", "csv")),
            (button(office, "kelas_selesai", "selesai"),),
        )

    async def _end(self, office: Office, seat: Seat) -> None:
        """Everybody's practice ends, everybody reads their report, the facilitator the class's."""
        led = await self._register.led_by(seat.user)
        if led is None or led.ended_at:
            await self._show(office, seat)
            return
        await self._register.close_class(led.code)
        for one in await self._register.members(led.code):
            ended = await self._school.end(one.operator) if one.state != "ended" else None
            if ended is not None and ended.result is not None:
                await self._tell(await office.for_chat(one.operator), ended, ended.result)
        await self._show(office, seat)

    async def _tell(self, office: Office, session: Session, result: Result) -> None:
        told = report(office, self._school.course, session, result)
        await office.roster.say(*(Outgoing(OPERATOR, session.operator, one) for one in told))

    async def _export(self, office: Office, seat: Seat) -> None:
        led = await self._register.led_by(seat.user)
        if led is None:
            await self._show(office, seat)
            return
        content = table(await self._found(led), tuple(self._school.course.marking.rules))
        name = f"latihan-{led.code}.csv"
        file = await kept_attachment(office.core, "document", content.encode("utf-8-sig"), name)
        text = office.text(f"{NAME}_csv", {"kode": led.code})
        await office.say(seat, OutboundMessage(text, attachments=(file,), response=f"{NAME}_csv"))


def _whole(case: CaseResult) -> bool:
    return not any(mark.rule == "finished" and mark.missed for mark in case.marks)


def table(found: Sequence[tuple[Session, Result | None]], rules: Sequence[str]) -> str:
    """A class as CSV: one line a case, with the points of every rule; empty where a rule did not apply."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "state", "share", "script", "number", "first_answer_minutes", *rules])
    for session, result in found:
        for case in result.cases if result else ():
            points = {mark.rule: f"{mark.points}/{mark.most}" for mark in case.marks}
            head = [_cell(session.name), session.state, result.share if result else ""]
            row = [*head, case.script, case.number, "" if case.minutes is None else case.minutes]
            writer.writerow([*row, *(points.get(rule, "") for rule in rules)])
    return out.getvalue()


def _cell(text: str) -> str:
    """A name as a spreadsheet must not take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
