"""What came of a practice: every case of its room marked."""

from datetime import datetime

from bot.services.core import Core
from storage.desk import practice
from storage.desk.practice import Played, Session
from storage.doors.database import Connection
from storage.reports import cases
from storage.reports.cases import Case
from tickets.practice.marking import marked
from tickets.practice.script import Course
from tickets.practice.work import Judge, Result, Work


async def result_of(core: Core, course: Course, session: Session) -> Result:
    """The marks of a room's cases as they stand, in the order the citizens came."""
    now = core.clock()
    judge = Judge(course.marking, core.policies, lambda text: core.interpreter.interpret(text, None, now))

    def look(connection: Connection) -> list[Work]:
        return _works(connection, course, session, now)

    return marked(await core.database.read(look), judge)


def _works(connection: Connection, course: Course, session: Session, now: datetime) -> list[Work]:
    known = {one.script: one for one in practice.played(connection)}
    found: list[Work] = []
    for code in session.scripts:
        if code not in known:
            continue
        script, one = course.scripts[code], known[code]
        twin = known.get(script.expected.twin)
        found.append(
            Work(
                script=script,
                ticket=_case(connection, one).ticket,
                history=cases.history(connection, one.number),
                until=now,
                tries=practice.tries(connection, one.number),
                pauses=session.pauses,
                twin=_case(connection, twin).ticket if twin else None,
            )
        )
    return found


def _case(connection: Connection, played: Played) -> Case:
    case = cases.case(connection, played.number)
    assert case is not None  # noqa: S101 opened together with its run
    return case
