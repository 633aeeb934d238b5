"""`kentongan chat --script … --json`: how conversations are played in bulk."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands.chat import played

CONSENT = "!button Setuju"


def play(*lines: str) -> dict[str, Any]:
    return asyncio.run(played(lines, aloud=False))


def run(script: Path, text: str) -> subprocess.CompletedProcess[str]:
    script.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "bot", "chat", "--script", str(script), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def test_a_report_from_one_message_with_an_album(tmp_path: Path, photo):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jpg").write_bytes(photo(40))
    outcome = play(
        "lampu jalan depan pasar Godean mati udah seminggu",
        CONSENT,
        "!button Betul",
        f"!photo {tmp_path / 'a.jpg'} {tmp_path / 'b.jpg'}",
        "!button Kirim",
    )
    (ticket,) = outcome["tickets"]
    assert ticket.pop("number").startswith("SLM-26-")
    assert ticket == {
        "classification": "pengaduan",
        "category": "lampu_jalan",
        "subcategory": "mati",
        "agency": "dishub",
        "status": "DISPOSISI",
        "place": {"kode": "34.04.02.2004", "kalurahan": "Sidoagung", "kapanewon": "Godean"},
        "verdict": "pass",
        "evidence": 2,
    }
    assert {line["from"] for line in outcome["transcript"]} == {"citizen", "bot"}
    assert all(set(line) == {"from", "text", "buttons"} for line in outcome["transcript"])
    citizen_turns = [line for line in outcome["transcript"] if line["from"] == "citizen"]
    assert len(citizen_turns) <= 6
    assert outcome["slots"]["waktu"]


def test_only_what_is_missing_is_asked(tmp_path: Path):
    outcome = play("jalan aspal di depan rumah bolong besar sekali", CONSENT, "Sinduadi", "lewati", "kirim")
    (ticket,) = outcome["tickets"]
    assert (ticket["category"], ticket["place"]["kalurahan"]) == ("jalan", "Sinduadi")


def test_a_pin_places_the_report(tmp_path: Path):
    outcome = play(
        "got mampet bau banget sudah sebulan",
        CONSENT,
        "!location -7.7659,110.2938",
        "lewati",
        "kirim",
    )
    (ticket,) = outcome["tickets"]
    assert ticket["place"]["kapanewon"] == "Godean"


def test_a_correction_in_words_before_sending(tmp_path: Path):
    outcome = play(
        "lampu jalan di Condongcatur mati total sudah 3 hari",
        CONSENT,
        "!button Betul",
        "eh salah, bukan Condongcatur, Sinduadi",
        "lewati",
        "kirim",
    )
    (ticket,) = outcome["tickets"]
    assert ticket["place"]["kalurahan"] == "Sinduadi"


@pytest.mark.parametrize(
    ("verdict", "text", "explained"),
    [
        ("pass", "anjing, lampu jalan di Sidoagung mati lagi, gimana sih dishub", "Diterima"),
        ("pass_private", "Pak Lurah Sukirman korupsi dana desa di Sendangadi", "rahasia"),
        ("ask", "katanya sih jalan di Sinduadi rusak parah, info dari grup WA", "lihat atau alami sendiri"),
        ("hold", "tak bunuh kabeh petugas dishub nek lampu dalan ning Sidoagung mati terus", "ancaman"),
        ("refuse", "PROMO SLOT GACOR daftar di www.slot88.com bonus 100% klik sekarang", "keberatan"),
    ],
)
def test_each_verdict_is_reached_and_explained(tmp_path: Path, verdict: str, text: str, explained: str):
    outcome = play(text, "ya")
    assert outcome["slots"]["saringan"]["verdict"] == verdict
    outcome = play(text, "ya", "ya", "Sinduadi", "lewati", "kirim")
    assert explained in " ".join(line["text"] for line in outcome["transcript"] if line["from"] == "bot")


def test_an_emergency_shows_the_numbers_first(tmp_path: Path):
    outcome = play("KEBAKARAN rumah di Pasar Gamping tolong!!")
    first = next(line for line in outcome["transcript"] if line["from"] == "bot")
    assert "112" in first["text"]
    assert "113" in first["text"]


def test_a_line_that_cannot_be_played_is_said_so_and_the_rest_goes_on(tmp_path: Path):
    done = run(tmp_path / "script.txt", "halo\n!photo tidak-ada.jpg\n# catatan\nbantuan\n")
    assert "tidak-ada.jpg" in done.stderr
    outcome = json.loads(done.stdout)
    assert set(outcome) == {"transcript", "slots", "tickets"}
    assert [line["text"] for line in outcome["transcript"] if line["from"] == "citizen"] == [
        "halo",
        "bantuan",
    ]
