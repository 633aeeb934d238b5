"""The conversations delivered with the dialog, each a test, and what they cover together."""

import asyncio
import json

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.flows.play import play_tests as command
from bot.commands.flows.play import town, tried
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle, read_tests
from dialogs.trial.coverage import coverage
from dialogs.trial.play import play, play_all
from dialogs.trial.reading import read_cases
from dialogs.trial.telling import as_data, told

CASES = read_cases(read_tests())


@pytest.fixture(scope="module")
def outcomes():
    return {(one.case.file, one.case.name): one for one in tried(None)[0]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}:{case.name}")
def test_conversation(case, outcomes) -> None:
    outcome = outcomes[case.file, case.name]
    assert outcome.difference is None, "\n".join(told(outcome))


def test_every_step_and_way_of_every_flow_is_gone(outcomes) -> None:
    shares = coverage(load_bundle(), outcomes.values())
    assert [line for one in shares for line in one.missing] == []


def test_there_are_many_and_none_twice() -> None:
    assert len(CASES) >= 60
    assert len({(case.file, case.name) for case in CASES}) == len(CASES)


def test_every_language_is_spoken(outcomes) -> None:
    said = [line.text for outcome in outcomes.values() for line in outcome.lines if line.by == "bot"]
    for sentence in ("Kirim sekarang?", "Kintun samenika?", "Send it now?"):
        assert any(sentence in text for text in said), sentence


def tell(steps: str, given: str = "consent: true"):
    """The outcome of one case written on the spot."""
    text = f"test_cases:\n  - test_case: coba\n    given: {{{given}}}\n    steps:\n{steps}"
    (case,) = read_cases({"tests/coba.yml": text})
    return asyncio.run(play(case, load_bundle(), town()))


LAMP = "      - user: lampu jalan depan pasar godean mati udah seminggu\n"


@pytest.mark.parametrize(
    ("expected", "wanted", "got"),
    [
        ("      - utter: utter_salah", "utter_salah", "utter_ask_catatan"),
        ("      - bot: Halo", "Halo", "Saya catat"),
        ("      - utter: utter_ask_catatan\n      - utter: utter_lagi", "utter_lagi", "(nothing)"),
        ("      - slot_was_set: [{kategori: sampah}]", "sampah", "kategori is lampu_jalan"),
        ("      - slot_was_set: [bukti]", "bukti", "bukti is None"),
        ("      - slot_was_not_set: [kategori]", "kategori", "kategori is lampu_jalan"),
        ("        assertions: [{flow_started: status}]", "status", "lapor started"),
        ("        assertions: [{action_executed: action_faq}]", "action_faq", "action_screen"),
        ("        assertions: [{bot_uttered: {text_matches: Halo}}]", "Halo", "utter_ask_catatan"),
        ("        assertions: [{bot_uttered: {buttons: [{title: Gas}]}}]", "Gas", "utter_ask_catatan"),
        ("        assertions: [{pattern_clarification_contains: [Lapor]}]", "Lapor", "offered: nothing"),
        ("      - button: Gas", "[Gas]", "Betul, Lokasi lain, Kategori lain"),
    ],
)
def test_the_first_difference_is_told_as_a_conversation(expected: str, wanted: str, got: str) -> None:
    outcome = tell(LAMP + expected)
    shown = "\n".join(told(outcome))
    assert wanted in outcome.difference.expected
    assert got in outcome.difference.actual
    assert shown.startswith("✗ tests/coba.yml:")
    assert "citizen   lampu jalan depan" in shown
    assert "[Betul] [Lokasi lain]" in shown


@pytest.mark.parametrize(
    "fine",
    [
        "      - utter: utter_ask_catatan",
        "      - slot_was_set: [{name: kategori, value: lampu_jalan}, lokasi]",
        "      - slot_was_set: {lokasi: {kapanewon: Godean}}",
        "      - slot_was_not_set: [bukti, {kategori: sampah}]",
        "        assertions: [{bot_uttered: {utter_name: utter_ask_catatan, buttons: [{title: Betul}]}}]",
        "        assertions: [{slot_was_set: [{name: kategori}]}, {flow_started: lapor}]",
    ],
)
def test_what_is_as_expected_is_no_difference(fine: str) -> None:
    assert tell(LAMP + fine).difference is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("test_cases:\n  - steps: [{user: a}]", "has no name"),
        ("test_cases:\n  - test_case: a", "has no steps"),
        ("test_cases:\n  - test_case: a\n    steps: [{utter: utter_x}]", "cannot speak first"),
        ("test_cases:\n  - test_case: a\n    steps: [{user: a, hantu: 1}]", "`hantu` means nothing"),
        ("test_cases:\n  - test_case: a\n    steps: [{sends: hantu}]", "nobody sends `hantu`"),
        ("test_cases:\n  - test_case: a\n    steps: [{location: sana}]", "no pair of degrees"),
        ("test_cases:\n  - test_case: a\n    fixtures: [x]\n    steps: [{user: a}]", "no fixture `x`"),
        ("test_cases:\n  - test_case: a\n    given: {cuaca: hujan}\n    steps: [{user: a}]", "`cuaca`"),
        ("test_cases: &a [*a]", "anchors"),
    ],
)
def test_a_slip_in_the_file_is_told_by_line(text: str, complaint: str) -> None:
    with pytest.raises(FlowFaults) as error:
        read_cases({"tests/coba.yml": text})
    assert any(complaint in fault.text for fault in error.value.faults)
    assert all(fault.file == "tests/coba.yml" and fault.remedy for fault in error.value.faults)


def test_fixtures_are_slots_there_from_the_start() -> None:
    text = (
        "fixtures:\n  - malam: [{rahasia: true}]\ntest_cases:\n  - test_case: a\n    fixtures: [malam]\n"
        "    steps:\n      - user: menu\n      - slot_was_set: [{rahasia: true}]\n"
    )
    (outcome,) = asyncio.run(play_all(read_cases({"t.yml": text}), load_bundle(), town()))
    assert outcome.difference is None


def test_all_of_it_as_data(outcomes) -> None:
    data = json.loads(json.dumps(as_data(outcomes.values(), coverage(load_bundle(), outcomes.values()))))
    assert all(case["passed"] and case["conversation"] for case in data["cases"])
    assert {one["flow"] for one in data["coverage"]} == set(load_bundle().flows)


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(command)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_the_command_shows_what_differs_and_fails(run, tmp_path) -> None:
    from dialogs.loader import read_sources  # noqa: PLC0415

    for path, text in read_sources().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    (tmp_path / "tests").mkdir()
    good = "test_cases:\n  - test_case: baik\n    steps:\n      - user: menu\n      - utter: utter_menu\n"
    (tmp_path / "tests" / "a.yml").write_text(good)
    result = run(str(tmp_path), "--coverage")
    assert result.exit_code == 0
    assert "1 of 1 conversations as expected" in result.output
    assert "menu: steps 1/1, ways 1/1" in result.output
    assert "never: izin" in result.output
    (tmp_path / "tests" / "a.yml").write_text(good.replace("utter_menu", "utter_sapa"))
    result = run(str(tmp_path))
    assert result.exit_code == 1
    assert "expected  utter_sapa" in result.output
    result = run(str(tmp_path), "--json")
    assert json.loads(result.output)["cases"][0]["passed"] is False
    (tmp_path / "tests" / "a.yml").write_text("test_cases: [{}]")
    result = run(str(tmp_path))
    assert result.exit_code == 1
    assert "has no name" in result.output
