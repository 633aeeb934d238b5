from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.interpretation import Area, CategoryGuess, Emergency, Guess, Interpretation, Place, Signal, Span
from tickets.policies import load_policies
from tickets.screening import MASK, Standing, alarm, reason_of, screen, standing
from tickets.ticket import Finding, ReportPlace, ScreeningResult

POLICIES = load_policies()
RULES = {rule.id: rule for rule in POLICIES.screening.rules}
LAMP = (CategoryGuess("lampu_jalan", "mati", 0.9),)
GODEAN = Place(Area("34.04.01", "", "Godean", "Sleman"), 0.9)
STORY = "anjing lampu jembatan mati lagi kapan diperbaiki"


def reading(text=STORY, *signals, **parts):
    return Interpretation(text, Guess("lapor", 0.9), signals=signals, **parts)


def signal(kind, severity=3, start=0, end=6):
    return Signal(kind, severity, (Span(start, end),))


def verdict(*signals, facts=None, **parts):
    return screen(STORY, reading(STORY, *signals, **parts), facts or {}, POLICIES)


@pytest.mark.parametrize(
    ("signals", "parts", "facts", "expected", "rules"),
    [
        ((), {}, {}, "pass", []),
        (["abuse"], {}, {}, "ask", ["makian"]),
        (["abuse"], {"categories": LAMP}, {}, "pass", ["makian"]),
        (["abuse"], {"place": GODEAN}, {}, "pass", ["makian"]),
        (["abuse"], {}, {"asked_before": {"makian"}}, "pass", ["makian"]),
        (["hearsay"], {"categories": LAMP}, {}, "ask", ["kabar_angin"]),
        (["hearsay"], {"categories": LAMP}, {"evidence": 1}, "pass", ["kabar_angin"]),
        (["hearsay"], {}, {"asked_before": {"kabar_angin"}}, "pass", ["kabar_angin"]),
        (["accusation"], {"categories": LAMP}, {}, "pass_private", ["tuduhan"]),
        (["accusation", "hearsay"], {}, {}, "ask", ["tuduhan", "kabar_angin"]),
        (["accusation", "hearsay"], {}, {"asked_before": ["kabar_angin"]}, "pass_private",
         ["tuduhan", "kabar_angin"]),
        (["child_safety"], {}, {}, "pass_private", ["keselamatan_anak"]),
        (["self_harm"], {"categories": LAMP}, {}, "hold", ["bahaya_diri"]),
        (["hate"], {"categories": LAMP}, {"evidence": 3}, "hold", ["sara"]),
        (["threat"], {"categories": LAMP}, {}, "hold", ["ancaman"]),
        (["incitement"], {}, {}, "hold", ["hasutan"]),
        (["accusation", "threat"], {}, {}, "hold", ["tuduhan", "ancaman"]),
        (["threat", "spam"], {}, {}, "hold", ["ancaman", "spam", "spam_ringan"]),
        (["spam"], {}, {}, "refuse", ["spam", "spam_ringan"]),
        (["personal_data"], {}, {}, "pass", ["data_pribadi"]),
        (["sexual"], {}, {}, "ask", ["seksual"]),
        (["sexual"], {}, {"asked_before": {"seksual"}}, "hold", ["seksual"]),
    ],
)  # fmt: skip
def test_the_verdict_table(signals, parts, facts, expected, rules):
    found = verdict(*(signal(kind) for kind in signals), facts=facts, **parts)
    assert found.verdict == expected
    assert [finding.rule for finding in found.findings] == rules


@pytest.mark.parametrize("kind", ["threat", "incitement", "sexual"])
def test_mild_heat_is_no_danger(kind):
    assert verdict(signal(kind, severity=1), categories=LAMP).verdict == "pass"


def test_mild_spam_is_asked_about_and_passes_with_substance():
    assert verdict(signal("spam", severity=1)).verdict == "ask"
    assert verdict(signal("spam", severity=1), categories=LAMP).verdict == "pass"


@pytest.mark.parametrize("kind", ["hearsay", "abuse", "spam"])
def test_an_emergency_is_neither_asked_nor_refused(kind):
    fire = Emergency("kebakaran", 0.9, ("mati",))
    found = verdict(signal(kind), emergency=fire)
    assert found.verdict == "pass"
    assert found.findings[0].rule == "darurat"
    assert found.findings[0].spans == ((22, 26),)


def test_a_story_too_short_is_asked_about_once():
    short = reading("rusak")
    assert screen("rusak", short, {}, POLICIES).verdict == "ask"
    assert screen("rusak", short, {"asked_before": {"kurang_jelas"}}, POLICIES).verdict == "pass"
    assert screen("rusak", short, {"evidence": 1}, POLICIES).verdict == "pass"


@pytest.mark.parametrize("language", ["id", "jv", "en"])
def test_each_finding_gives_its_words_and_advice_in_the_citizens_language(language):
    finding = verdict(signal("abuse"), language=language).findings[0]
    assert finding.advice == RULES["makian"].advice[language]
    assert [STORY[start:end] for start, end in finding.spans] == ["anjing"]


def test_personal_data_is_masked_sign_for_sign():
    story = "hubungi Budi 0812 3456 789 soal lampu mati"
    spotted = reading(story, signal("personal_data", start=13, end=26))
    assert (
        screen(story, spotted, {}, POLICIES).masked
        == f"hubungi Budi {MASK * 4} {MASK * 4} {MASK * 3} soal lampu mati"
    )


def test_only_what_a_rule_says_is_masked_and_all_of_it():
    story = "anjing, nomor 08123456789 saya"
    spans = (Span(8, 25), Span(10, 12), Span(14, 25), Span(8, 13))
    told = reading(story, signal("abuse"), Signal("personal_data", 3, spans))
    found = screen(story, told, {}, POLICIES)
    assert found.masked == f"anjing, {MASK * 5} {MASK * 11} saya"
    assert {one.signal: one.spans for one in found.findings} == {
        "abuse": ((0, 6),),
        "personal_data": ((8, 25),),
    }


def test_words_are_found_again_in_a_longer_story():
    message = "nomornya 08123456789"
    spotted = reading(message, signal("personal_data", start=9, end=20))
    found = screen(f"Lampu mati di Godean. {message}", spotted, {}, POLICIES)
    assert found.masked == f"Lampu mati di Godean. nomornya {MASK * 11}"
    assert screen("Cerita lain sama sekali begini", spotted, {}, POLICIES).findings[0].spans == ()


signals = st.builds(
    lambda kind, severity, start, length: Signal(kind, severity, (Span(start, start + length),)),
    st.sampled_from(sorted({rule.signal for rule in RULES.values()} - {"emergency", "thin"})),
    st.integers(1, 3),
    st.integers(0, 30),
    st.integers(0, 30),
)


@given(st.lists(signals, max_size=4), st.sets(st.sampled_from(sorted(RULES))), st.booleans())
def test_whatever_is_said_the_verdict_explains_itself(found, asked, substance):
    facts = {"asked_before": asked, "evidence": int(substance)}
    result = screen(STORY, reading(STORY, *found), facts, POLICIES)
    assert len(result.masked) == len(STORY)
    assert all(finding.advice for finding in result.findings)
    assert all(0 <= start <= end <= len(STORY) for finding in result.findings for start, end in finding.spans)
    if result.verdict != "pass":
        causes = {RULES[f.rule].verdict for f in result.findings} | {
            RULES[f.rule].then for f in result.findings
        }
        assert result.verdict in causes


@given(st.lists(signals, max_size=4))
def test_no_question_is_put_twice(found):
    asked: set[str] = set()
    for _ in range(len(RULES)):
        result = screen(STORY, reading(STORY, *found), {"asked_before": asked}, POLICIES)
        if result.verdict != "ask":
            return
        asked |= {f.rule for f in result.findings if RULES[f.rule].verdict == "ask"}
    raise AssertionError("still asking")


def test_standing_is_strong_with_evidence_and_weak_on_hearsay(report):
    hearsay = ScreeningResult("pass", (Finding("kabar_angin", "hearsay", (), "…"),), "")
    told = replace(report, place=ReportPlace("Godean"))
    heard = replace(told, screening=hearsay)
    assert standing(told) == Standing("cukup", ("sendiri",))
    assert standing(replace(told, evidence=("foto",))) == Standing("kuat", ("sendiri", "foto"))
    assert standing(heard) == Standing("lemah", ())
    assert standing(replace(heard, answers={"perbaikan": "saya lihat"})) == Standing("cukup", ("dijelaskan",))
    assert standing(replace(heard, evidence=("foto",))).level == "kuat"
    assert standing(heard, followers=1) == Standing("cukup", ("warga",))
    assert standing(heard, followers=2).level == "kuat"
    assert standing(replace(report, event_time="kemarin")) == Standing("kuat", ("sendiri", "titik"))


def test_the_advice_is_that_of_the_rule_which_decides():
    both = (Finding("tuduhan", "accusation", (), "a"), Finding("ancaman", "threat", (), "b"))
    assert reason_of(ScreeningResult("hold", both, ""), POLICIES).rule == "ancaman"
    assert reason_of(ScreeningResult("pass_private", both[:1], ""), POLICIES).rule == "tuduhan"
    assert reason_of(ScreeningResult("pass", (), ""), POLICIES) is None


def test_a_child_in_danger_and_a_life_alarm_somebody():
    for rule, signal in (("keselamatan_anak", "child_safety"), ("bahaya_diri", "self_harm")):
        assert alarm(ScreeningResult("hold", (Finding(rule, signal, (), "…"),), ""), POLICIES) == signal
    assert alarm(ScreeningResult("pass", (Finding("lelah_jiwa", "self_harm", (), "…"),), ""), POLICIES) == ""
