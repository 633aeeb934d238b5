import re
from collections.abc import Mapping

import pytest

from dialogs.bundle import Bundle
from dialogs.check import CITY_VALUES, GIVEN_VALUES
from dialogs.dates import in_words
from dialogs.loader import load_bundle
from dialogs.payloads import MAX_BYTES, Payload, read_payload, set_slots
from dialogs.responses import LANGUAGES, Template, render, rows

NEWS = [
    *(
        "diteruskan",
        "diproses",
        "balasan",
        "minta_data",
        "konfirmasi",
        "selesai",
        "selesai_otomatis",
        "ditolak",
    ),
    *("diteruskan_luar", "duplikat", "dibuka_kembali", "dibatalkan", "ditahan", "lolos", "terlambat"),
    *("nilai_diterima", "banding_diterima"),
]
VALUES = {name: f"<{name}>" for name in CITY_VALUES | GIVEN_VALUES} | {"nomor": "SLM-26-7K3QX"}
BUNDLE = load_bundle()
NAMES = sorted(name for name in BUNDLE.responses["id"] if name.startswith("utter_"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_speaks_every_language_on_every_channel(name: str, language: str) -> None:
    for channel in ("telegram", "webchat", "sms"):
        message = render(BUNDLE, name, language, channel, VALUES)
        assert message.text.strip()
        assert not re.search(r"[<*_]/?(b|i|a)[>*_]", message.text), "plain text only"
        for button in (button for row in message.buttons for button in row):
            assert button.label
            assert len(button.payload.encode()) <= MAX_BYTES
            assert read_payload(button.payload) is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("news", NEWS)
def test_news_names_its_report_and_is_bound_to_it(news: str, language: str) -> None:
    message = render(BUNDLE, f"utter_kabar_{news}", language, "telegram", VALUES)
    assert "SLM-26-7K3QX" in message.text
    assert message.ticket == "SLM-26-7K3QX"


def test_a_gap_nothing_fills_stays_blank_and_its_line_goes() -> None:
    template = Template.of("Nomor {nomor}\nOleh {dinas}\nTutup")
    assert template.fill({"nomor": "7"}) == "Nomor 7\nTutup"
    assert Template.of("{a} dan {b}").fill({"b": "2"}) == " dan 2"


def test_dates_are_said_the_way_people_say_them() -> None:
    values = {"nomor": "N", "judul": "J", "dinas": "D", "tenggat": "2026-11-25"}
    said = render(BUNDLE, "utter_kabar_diteruskan", "jv", "telegram", values).text
    assert "Rabu, 25 November 2026" in said
    assert in_words("2026-02-30", "id") == "2026-02-30"
    assert in_words("besok", "id") == "besok"


def _with(text: str) -> Bundle:
    source = f"responses:\n  utter_x:\n{text}"
    return Bundle.from_sources(BUNDLE.sources | {"responses/more/id.yml": source})


def test_the_seed_chooses_among_variations_always_the_same() -> None:
    bundle = _with("    - text: satu\n    - text: dua\n    - text: tiga\n")
    said = [render(bundle, "utter_x", "id", "web", {}, seed).text for seed in range(6)]
    assert said == ["satu", "dua", "tiga"] * 2


@pytest.mark.parametrize(
    ("channel", "values", "said"),
    [
        ("web", {}, "umum"),
        ("sms", {}, "pendek"),
        ("web", {"kategori": "jalan"}, "tentang jalan"),
        ("web", {"kategori": "pohon"}, "cara rasa"),
    ],
)
def test_channel_and_condition_choose_the_variation(
    channel: str, values: Mapping[str, str], said: str
) -> None:
    bundle = _with(
        "    - text: umum\n"
        "    - text: pendek\n      channel: sms\n"
        "    - text: tentang jalan\n      metadata: {if: slots.kategori = 'jalan'}\n"
        "    - text: cara rasa\n      condition: [{type: slot, name: kategori, value: pohon}]\n"
    )
    assert render(bundle, "utter_x", "id", channel, values).text == said


def test_what_nobody_wrote_in_a_language_is_said_in_indonesian_and_never_silent() -> None:
    bundle = _with("    - text: hanya id\n")
    assert render(bundle, "utter_x", "en", "web", {}).text == "hanya id"
    assert render(bundle, "utter_tidak_pernah_ditulis", "en", "web", {}).text == "tidak pernah ditulis"


def test_payloads_read_back() -> None:
    assert read_payload("/status") == Payload("status")
    assert read_payload(set_slots(tiket="SLM-26-7K3QX", nilai="5")) == Payload(
        "", {"tiket": "SLM-26-7K3QX", "nilai": "5"}
    )
    assert read_payload('/SetSlots( a = "b" )') == Payload("", {"a": "b"})
    for broken in ("", "status", "/SetSlots(a)", "/SetSlots(1=2)", "/SetSlots(a=b"):
        assert read_payload(broken) is None


def test_buttons_fill_rows_as_far_as_labels_fit() -> None:
    message = render(BUNDLE, "utter_ask_catatan", "id", "telegram", VALUES)
    assert [[button.label for button in row] for row in message.buttons] == [
        ["Betul", "Lokasi lain"],
        ["Kategori lain"],
    ]
    assert rows([]) == ()
