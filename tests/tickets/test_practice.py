"""Marking and acting, rule by rule; what is wrong with a script is told with its place and remedy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nlu.categories import load_categories
from nlu.interpretation import Guess, Interpretation, Signal, Span
from tickets.policies import PolicyFaults
from tickets.practice.acting import Run, due, heard, impatient
from tickets.practice.checks import CHECKS, dated, words_in
from tickets.practice.marking import marks, share
from tickets.practice.reading import Known, load_course
from tickets.practice.script import Expected, Reaction, Script
from tickets.practice.spans import elapsed
from tickets.practice.work import Judge, Try, Work
from tickets.ticket import Actor, Report, ReportPlace, ScreeningResult, Ticket, TicketEvent

AT = datetime(2027, 2, 3, 3, tzinfo=UTC)
OPERATOR, CITIZEN = Actor("operator", "7", "dishub", "penghubung"), Actor("citizen", "latihan-x")
WORDS = {"id": "x", "jv": "x", "en": "x"}


@pytest.fixture(scope="module")
def known(policies):
    return Known(policies, {one.id: tuple(one.subcategories) for one in load_categories()})


@pytest.fixture(scope="module")
def course(known):
    return load_course(None, known)


def reading(text):
    """A reader that knows one rude word and one number."""
    found = [
        Signal(kind, 2, (Span(text.find(word), text.find(word) + len(word)),))
        for kind, word in (("abuse", "anjing"), ("personal_data", "081234567890"))
        if word in text
    ]
    return Interpretation(text, Guess("lapor", 1.0), signals=tuple(found))


@pytest.fixture(scope="module")
def judge(course, policies):
    return Judge(course.marking, policies, reading)


def script(**expected):
    wanted = {"outcome": "closed", "agency": "dishub"} | expected
    return Script(
        "x", "sopan", WORDS, "dishub", "id", 0, "x", "pengaduan", "lampu_jalan", "mati", ReportPlace(),
        Expected(**wanted), secrets=("Marsinah",),
    )  # fmt: skip


def ticket(**changed):
    screening = ScreeningResult("pass", (), "x")
    report = Report("x", "pengaduan", "lampu_jalan", "mati", ReportPlace(), screening)
    made = Ticket("LAT-27-AAAAA", report, "latihan-x", "x", "DISPOSISI", "dishub", frozenset(), AT, AT)
    return replace(made, **changed)


def did(action, text="", minutes=1.0, **more):
    at = AT + timedelta(minutes=minutes)
    return TicketEvent("LAT-27-AAAAA", action, at, OPERATOR, "DISPOSISI", "PROSES", text=text, **more)


def work(*events, case=None, at=30.0, wanted=None, **more):
    return Work(wanted or script(), case or ticket(), events, AT + timedelta(minutes=at), **more)


GOOD = (did("reply", "Besok kami cek."), did("close", "Sudah nyala.", 2.0))
CLOSED = ticket(status="SELESAI")
TWIN = ticket(number="LAT-27-BBBBB")
BROKEN = {
    "in_time": work(did("reply", "Besok.", 5.1)),
    "right_agency": work(did("not_ours", data={"target": "dlh"}), wanted=script(agency="pu")),
    "missing_asked": work(did("ask_data", "Sejak kapan?"), wanted=script(ask=("lokasi",))),
    "proof": work(*GOOD, tries=(Try("close", "perlu_bukti", AT),)),
    "duplicate": work(wanted=script(outcome="merged", twin="y"), twin=TWIN),
    "emergency": work(did("forward", minutes=3.1), wanted=script(escalate=("forward",), minutes=3)),
    "numbers_told": work(did("reply", "Sebentar."), wanted=script(tell=("112",))),
    "polite": work(did("reply", "Dasar anjing, besok saja.")),
    "private": work(did("close", "Hubungi Marsinah.")),
    "promise": work(did("reply", "Akan kami perbaiki.")),
    "not_refused": work(did("refuse")),
    "finished": work(did("reply", "Besok.")),
}
KEPT = {
    "in_time": work(did("reply", "Besok.", 5.0)),
    "right_agency": work(did("not_ours", data={"target": "dlh"}), wanted=script(agency="dlh")),
    "missing_asked": work(did("ask_data", "Di mana LOKASI-nya?"), wanted=script(ask=("lokasi",))),
    "proof": work(*GOOD),
    "duplicate": work(case=ticket(parent=TWIN.number), wanted=script(outcome="merged", twin="y"), twin=TWIN),
    "emergency": work(did("forward", minutes=3.0), wanted=script(escalate=("forward",), minutes=3)),
    "numbers_told": work(did("reply", "Telepon 112."), wanted=script(tell=("112",))),
    "polite": work(did("note", "warganya anjing banget"), did("reply", "Terima kasih.")),
    "private": work(did("note", "0812: Marsinah"), did("reply", "Terima kasih.")),
    "promise": work(did("reply", "Akan kami perbaiki tanggal 5/2.")),
    "not_refused": work(*GOOD),
    "finished": work(*GOOD, case=CLOSED),
}


@pytest.mark.parametrize("rule", CHECKS)
def test_each_rule_tells_the_broken_from_the_kept(rule, judge):
    broken = {mark.rule: mark for mark in marks(BROKEN[rule], judge)}
    kept = {mark.rule: mark for mark in marks(KEPT[rule], judge)}
    assert (broken[rule].points, kept[rule].missed) == (0, False)
    sentence = judge.marking.rules[rule].missed
    assert all("{" not in sentence[language].format_map(broken[rule].values) for language in sentence)


def test_time_that_was_left_at_the_end_and_pauses_are_nobodys_fault(judge):
    rules = {mark.rule for mark in marks(work(at=4.0), judge)}
    assert "in_time" not in rules
    paused = work(
        did("reply", "Besok.", 9.0), pauses=((AT + timedelta(minutes=2), AT + timedelta(minutes=7)),)
    )
    assert not next(mark for mark in marks(paused, judge) if mark.rule == "in_time").missed
    assert elapsed(AT, AT + timedelta(minutes=9), ((AT + timedelta(minutes=1), None),)) == timedelta(
        minutes=1
    )
    assert share([]) is None


@pytest.mark.parametrize(
    "wanted", [script(), script(ask=("lokasi",)), script(escalate=("forward",), minutes=3)]
)
def test_who_does_nothing_gets_nothing(wanted, judge):
    assert share(marks(work(wanted=wanted), judge)) == 0


@pytest.mark.parametrize(
    ("text", "says_when"),
    [
        ("akan kami cek", False), ("akan kami cek besok", True), ("dua hari lagi", True),
        ("beberapa hari", False),
         ("2 hari lagi", True),
        ("pukul 14.30", True), ("sehari", True), ("telepon 112", False), ("benjing enjing", True),
    ],
)  # fmt: skip
def test_a_date_is_a_day_a_number_of_days_or_an_hour(text, says_when, course):
    assert dated(text, course.marking) is says_when


def test_words_are_whole_words():
    assert list(words_in("Nantikan kabar; NANTI kami balas", ("nanti", "kabar"))) == ["nanti", "kabar"]
    assert list(words_in("menantikan", ("nanti",))) == []


def test_a_citizen_answers_what_fits_first_once_and_when_it_is_time():
    reactions = (
        Reaction("ask_data", "give_data", "di Godean", after=8, about=("lokasi",)),
        Reaction("ask_data", "give_data", "maksudnya?", again=True),
        Reaction("silence", "message", "halo?", after=60),
    )
    played = replace(script(), reactions=reactions)
    vague, clear = did("ask_data", "Lengkapi.", 1), did("ask_data", "Di mana lokasinya?", 2)
    run = heard(Run(), played, (vague, clear, did("ask_data", "Lokasi?", 3)))
    assert [one.reaction for one in run.awaited] == [1, 0, 1]
    assert heard(run, played, (vague, clear, did("ask_data", "Lokasi?", 3))) == run
    later, ready = due(run, clear.at + timedelta(seconds=7))
    assert (ready, len(later.awaited)) == ((1,), 2)
    assert due(later, clear.at + timedelta(minutes=2))[1] == (0, 1)
    assert impatient(Run(), played, ticket(), timedelta(seconds=59)) is None
    assert impatient(Run(), played, ticket(), timedelta(seconds=60)) == 2
    assert impatient(Run().using(2), played, ticket(), timedelta(hours=1)) is None
    assert impatient(Run(), played, ticket(status="PERLU_DATA"), timedelta(hours=1)) is None


def test_the_delivered_course_has_every_temper_in_two_languages_and_every_rule(course):
    found = [(one.temper, one.language) for one in course.scripts.values()]
    tempers = {"sopan", "marah", "tidak_jelas", "salah_alamat", "ganda", "darurat"}
    assert {temper for temper, _ in found} == tempers
    assert {temper for temper, language in found if language == "jv"} == tempers
    assert course.marking.rules.keys() == CHECKS.keys()
    assert course.together(("lubang-kembar",)) == ("lubang-asli", "lubang-kembar")


def test_delivered_scripts_that_do_not_fit_a_city_are_left_out_with_their_twins(tmp_path, known):
    fewer = {name: parts for name, parts in known.categories.items() if name not in {"pohon", "sampah"}}
    found = load_course(tmp_path, Known(known.policies, fewer))
    gone = {"pohon-sopan", "pohon-darurat", "sampah-marah", "uwuh-kembar", "lubang-salah"}
    assert set(found.left_out) == gone
    assert not gone & found.scripts.keys()
    with pytest.raises(PolicyFaults):
        load_course(None, Known(known.policies, fewer))


FAULTY = """
temper: marahh
name: {id: a, jv: b}
desk: dinas_sihir
report: {text: "", category: lampu_jalan, subcategory: hilang, photos: [lubag.jpg]}
reactions:
  - {on: membalas, do: message}
  - {on: close, do: confirm, rate: 9, photos: [lubang.jpg]}
expected: {outcome: merged, minutes: 3}
salah: 1
"""


def test_a_faulty_script_is_told_with_file_line_key_and_remedy(tmp_path, known):
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "keliru.yml").write_text(FAULTY, encoding="utf-8")
    (folder / "Nama Aneh.yml").write_text("temper: marah", encoding="utf-8")
    (folder / "rusak.yml").write_text("temper: [", encoding="utf-8")
    (folder / "marking.yml").write_text("prefix: SLM\nworkday_minutes: 0\nrules: {sihir: {points: 0}}\n")
    with pytest.raises(PolicyFaults) as found:
        load_course(tmp_path, known)
    told = "\n".join(map(str, found.value.faults))
    for said in (
        "practice/keliru.yml:2: temper: 'marahh' is not a known value. Use 'marah'",
        "name.en", "dinas_sihir", "report.text", "hilang", "reactions[0].on", "would say nothing",
        "A rating is from 1 to 5",
        "'lubag.jpg' is not a known value. Use 'lubang.jpg'", "No photo goes with 'confirm'",
        "A merger needs the other report", "'escalate' and 'minutes' go together",
        "Unknown key 'salah'", "practice/Nama Aneh.yml", "cannot name a script",
        "practice/rusak.yml:1: Not valid YAML",
        "Numbers of practice cannot begin with 'SLM'", "There is no rule 'sihir'", "workday_minutes",
    ):  # fmt: skip
        assert said in told, said
