"""What came of a practice, told kindly: every case with its time, every mistake with its rule and source."""

from collections.abc import Iterator

from bot.operator.office import Office
from bot.operator.practice.buttons import button
from dialogs.messages import OutboundMessage
from storage.desk.practice import Session
from tickets.practice.script import Course
from tickets.practice.work import CaseResult, Mark, Result

NAME = "petugas_latihan_nilai"
GREAT, GOOD = 90, 70
"""From how many points in a hundred the closing word is the warmest, and a warm one."""
MOST = 3500
"""Characters of one message, well within what the messenger takes."""


def report(office: Office, course: Course, session: Session, result: Result) -> list[OutboundMessage]:
    """The report, in as many messages as it needs; the last has the ways to go on."""
    over = session.state == "ended"
    pages = list(_pages([*_lines(office, course, result)]))
    told = {"nilai": str(result.share if result.share is not None else "-"), "nama": session.name}
    head = office.text(f"{NAME}_akhir" if over else NAME, told)
    tail = office.text(f"{NAME}_{_grade(result)}") if over else ""
    texts = [*(pages or [office.text(f"{NAME}_kosong")])]
    texts[0] = f"{head}\n\n{texts[0]}"
    texts[-1] = f"{texts[-1]}\n\n{tail}".strip()
    rows = ((button(office, "menu"),),)
    return [
        OutboundMessage(text, rows if place == len(texts) else (), response=NAME)
        for place, text in enumerate(texts, 1)
    ]


def _lines(office: Office, course: Course, result: Result) -> Iterator[str]:
    for case in result.cases:
        yield "\n".join(_case(office, course, case))


def _case(office: Office, course: Course, case: CaseResult) -> Iterator[str]:
    script = course.scripts.get(case.script)  # None once an admin has taken it out
    missed = [mark for mark in case.marks if mark.missed]
    reached, most = sum(mark.points for mark in case.marks), sum(mark.most for mark in case.marks)
    values = {
        "tanda": "❌" if missed else "✅",
        "judul": script.name[office.language] if script else case.script,
        "nomor": case.number,
        "poin": str(reached),
        "dari": str(most),
        "menit": _minutes(case, office.language),
    }
    yield office.text(f"{NAME}_kasus", values)
    known = course.marking.rules
    yield from (_mistake(office, course, mark) for mark in missed if mark.rule in known)


def _minutes(case: CaseResult, language: str) -> str:
    if case.minutes is None:
        return ""
    told = f"{case.minutes:g}"
    return told if language == "en" else told.replace(".", ",")


def _mistake(office: Office, course: Course, mark: Mark) -> str:
    rule, language = course.marking.rules[mark.rule], office.language
    values = {
        "aturan": rule.name[language],
        "kalimat": rule.missed[language].format_map(mark.values),
        "sumber": rule.source[language],
    }
    return office.text(f"{NAME}_salah", values)


def _grade(result: Result) -> str:
    share = result.share or 0
    return "hebat" if share >= GREAT else "bagus" if share >= GOOD else "lagi"


def _pages(parts: list[str]) -> Iterator[str]:
    page = ""
    for part in parts:
        if page and len(page) + len(part) > MOST:
            yield page
            page = ""
        page = f"{page}\n\n{part}" if page else part
    if page:
        yield page
