"""What an admin reads of a turn."""

import json
from typing import get_args

from dialogs.events import Event, Failed, LanguageChanged, StepRun
from dialogs.trace import SHOWN, lines, trace
from dialogs.turn import Turn


def test_a_turn_tells_what_was_understood_chosen_written_and_said(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    kept = trace(Turn(talk.conversation, talk.events), kit.lamp())
    assert json.loads(json.dumps(kept)) == kept
    told = list(lines(kept))
    assert told[0] == (
        "understood intent: lapor 0.95, category: lampu_jalan/mati 0.90, place: Sidoagung 0.90, language: id"
    )
    assert "slot persetujuan = ya" in told
    assert 'step persetujuan.tanya, because slots.persetujuan = "ya"' in told
    assert "consent given" in told
    assert "step lapor.izin, because context.consent" in told
    assert "step lapor.apa, because slots.kategori is set and slots.lokasi is set" in told
    assert told[-1] == "said utter_ask_catatan"


def test_long_values_are_cut_and_a_turn_stays_small(talk, kit) -> None:
    text = "lampu mati " * 300
    talk.say(text, kit.lamp(text))
    kept = trace(Turn(talk.conversation, talk.events), kit.lamp(text))
    assert len(json.dumps(kept)) < 3000
    assert all(len(line) < 200 for line in lines(kept))


def test_a_condition_that_turned_an_answer_down_is_named(talk) -> None:
    talk.say("lapor")
    talk.press("Setuju")
    talk.say("jalan")
    turned_down = [event for event in talk.events if isinstance(event, StepRun) and event.step == "uraian"]
    assert turned_down[0].why.startswith("slots.uraian.length < 8")


def test_what_went_wrong_is_in_it(talk) -> None:
    told = list(lines(trace(Turn(talk.conversation, (Failed("action", "lapor", "kirim", "no desk"),)))))
    assert told == ["failed at lapor.kirim (action): no desk"]


def test_every_event_has_a_sentence(talk) -> None:
    assert set(SHOWN) == {kind.__name__ for kind in get_args(Event)}
    told = list(lines(trace(Turn(talk.conversation, (LanguageChanged("en"),)))))
    assert told == ["language changed"]


def test_a_trace_of_another_kind_says_nothing() -> None:
    assert list(lines({"intent": "lapor"})) == []
