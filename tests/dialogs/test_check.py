import pytest

from dialogs import source
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.check import check
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle, read_sources

SOURCES = {path: text for path, text in read_sources().items() if "petugas/" not in path}


def _faults(**files: str) -> list[str]:
    changed = {path.replace("__", "/") + ".yml": text for path, text in files.items()}
    return [str(fault) for fault in check(SOURCES | changed)]


def _flow(body: str, head: str = "") -> list[str]:
    return _faults(flows__uji=f"flows:\n  uji:\n    name: Uji\n{head}    steps:\n{body}")


def test_the_dialog_that_comes_with_the_program_has_no_fault() -> None:
    assert [str(fault) for fault in check(SOURCES)] == []


def test_every_declared_action_exists(talk) -> None:
    assert load_bundle().actions == talk.runner.names
    assert isinstance(talk.runner, ActionRunner)


STEPS = [
    ("      - noop: true\n        next: nirwana\n", "leads to `nirwana`"),
    (
        "      - noop: true\n        next: END\n      - id: sepi\n        noop: true\n",
        "no way leads to this step",
    ),
    (
        "      - noop: true\n        next:\n          - if: slots.nilai is set\n            then: END\n",
        "no `else`",
    ),
    ("      - collect: siluman\n        utter: utter_sapa\n", "the slot `siluman` is never declared"),
    ("      - set_slots: [{siluman: 1}]\n", "the slot `siluman` is never declared"),
    (
        "      - noop: true\n        next: [{if: slots.siluman, then: END}, {else: END}]\n",
        "the slot `siluman` is never declared",
    ),
    ("      - action: utter_hantu\n", "the text `utter_hantu` is not written"),
    ("      - collect: masukan\n", "the text `utter_ask_masukan` is not written"),
    ("      - action: action_hantu\n", "the action `action_hantu` does not exist"),
    ("      - call: hantu\n", "there is no flow `hantu`"),
    ("      - link: hantu\n", "there is no flow `hantu`"),
    (
        "      - {id: a, noop: true, next: b}\n      - {id: b, noop: true, next: a}\n",
        "without waiting",
    ),
    ("      - link: uji\n", "without waiting"),
    (
        "      - noop: true\n        next: [{if: slots.nilai ~ 3, then: END}, {else: END}]\n",
        "not understood from character 13",
    ),
    (
        "      - collect: nilai\n        rejections: [{if: 'slots.x matches \"(\"', utter: utter_sapa}]\n",
        "no regular expression",
    ),
    ("      - {}\n", "a step does nothing"),
    ("      - {noop: true, collect: nilai}\n", "a step does collect and noop at once"),
    ("      - noop: true\n        nekst: END\n", "`nekst` means nothing here. Use `next`."),
    ("      - {id: a, noop: true}\n      - {id: a, noop: true}\n", "the step `a` is there twice"),
    ("      - noop: true\n        next: [{iff: x}, {else: END}]\n", "neither `if` with `then` nor `else`"),
    ("      - apa ini\n", "a step is not a mapping"),
]


@pytest.mark.parametrize(("body", "expected"), STEPS)
def test_faults_of_steps(body: str, expected: str) -> None:
    found = [fault for fault in _flow(body) if expected in fault]
    assert found, _flow(body)
    assert found[0].startswith("flows/uji.yml:")
    assert "[uji" in found[0]
    assert found[0].count(". ") >= 1, "the remedy follows"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("    audience: hantu\n", "nobody is `hantu`"),
        ("    commands: [menu]\n", "`menu` starts this flow and `menu`"),
        ("    nlu_trigger: [{intent: status}]\n", "`status` starts this flow and `status`"),
        ("    slot_trigger: [nilai]\n", "`nilai` starts this flow and `nilai`"),
        ("    if: slots.x ~\n", "not understood"),
        ("    judul: Uji\n", "`judul` means nothing here"),
    ],
)
def test_faults_of_flows(head: str, expected: str) -> None:
    assert [fault for fault in _flow("      - noop: true\n", head) if expected in fault]


def _text(body: str) -> list[str]:
    files = {
        f"responses__uji__{language}": f"responses:\n  utter_uji:\n{body}" for language in ("id", "jv", "en")
    }
    return _faults(**files)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    - text: hai {siluman}\n", "nothing fills `{siluman}`"),
        (
            "    - text: a\n      buttons: [{title: Panjang sekali ini tombol, payload: /menu}]\n",
            "Use at most 20",
        ),
        (
            "    - text: a\n      buttons: [{title: A, payload: '/SetSlots(tiket={nomor},subkategori="
            + "x" * 30
            + ")'}]\n",
            "64 bytes",
        ),
        ("    - text: a\n      buttons: [{title: A, payload: /antah_berantah}]\n", "leads nowhere"),
        ("    - text: a\n      buttons: [{title: A, payload: '/SetSlots(siluman=1)'}]\n", "leads nowhere"),
        ("    - text: a\n      buttons: [{title: A}]\n", "lacks its title or payload"),
        ("    - text: a\n      warna: merah\n", "`warna` means nothing here"),
        ("    []\n", "says nothing"),
        ("    - text: a\n      metadata: {if: 'slots.'}\n", "not understood"),
    ],
)
def test_faults_of_texts(body: str, expected: str) -> None:
    assert [fault for fault in _text(body) if expected in fault], _text(body)


def test_a_text_missing_in_a_language() -> None:
    found = _faults(responses__uji__id="responses:\n  utter_uji:\n    - text: a\n")
    assert any("`utter_uji` is missing in jv, en" in fault for fault in found)


def test_faults_of_names_and_places() -> None:
    assert any(
        "`xx` is no language" in one
        for one in _faults(responses__uji__xx="responses:\n  utter_a:\n    - text: a\n")
    )
    assert any(
        "strange name" in one for one in _faults(responses__uji__id="responses:\n  uji:\n    - text: a\n")
    )
    assert any(
        "written twice" in one
        for one in _faults(responses__uji__id="responses:\n  utter_sapa:\n    - text: a\n")
    )
    assert any(
        "is also in" in one for one in _faults(flows__uji="flows:\n  menu:\n    steps: [{noop: true}]\n")
    )
    without = {path: text for path, text in SOURCES.items() if path != "flows/pola.yml"}
    assert any("the flow `pattern_emergency` is missing" in str(one) for one in check(without))
    assert any("the domain is missing" in str(one) for one in check({}))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("uraian: {type: text,", "uraian: {type: sajak,", "unknown type `sajak`"),
        ("type: from_text", "type: from_bintang", "`from_bintang` is unknown"),
        (
            "ikuti: {type: categorical, values: [ya, lain, tidak]}",
            "ikuti: {type: categorical}",
            "`ikuti` has no values",
        ),
    ],
)
def test_faults_of_the_domain(old: str, new: str, expected: str) -> None:
    assert old in SOURCES["domain.yml"]
    found = check(SOURCES | {"domain.yml": SOURCES["domain.yml"].replace(old, new)})
    assert any(expected in str(fault) for fault in found)


def test_a_topic_without_words() -> None:
    found = check(SOURCES | {"faq.yml": "topics:\n  hampa:\n    keywords: {}\n"})
    assert any("`hampa` has no keywords" in str(fault) for fault in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flows:\n  a: [\n", "this is not YAML"),
        ("flows:\n  a: &x {steps: [{noop: true}]}\n  b: *x\n", "anchors and aliases"),
        ("flows:\n  a: 1\n  a: 2\n", "`a` is given twice"),
        ("- a\n", "the file holds no mapping"),
        ("a: " + "[" * 60 + "]" * 60, "nested deeper than 40"),
        ("a: " + "[" * 5000, "nested deeper than 40"),
        ("a: 1\n--- \nb: 2\n", "a second document begins here"),
        ("flows:\n  ? [a, b]\n  : 1\n", "this key is no plain word"),
        ("a: &x [1]\n", "anchors and aliases"),
        ("x: " + "y" * 1_000_001, "the file has"),
        ("flows: {a: {steps: [{noop: true}], name: \x00}}", "this is not YAML"),
    ],
)
def test_files_that_cannot_be_read(text: str, expected: str) -> None:
    found = _faults(flows__uji=text)
    assert any(fault.startswith("flows/uji.yml") and expected in fault for fault in found), found


def test_of_a_file_that_cannot_be_read_nothing_is_missed_elsewhere() -> None:
    (fault,) = _faults(flows__lapor=SOURCES["flows/lapor.yml"] + "\tx: 1\n")
    assert fault.startswith("flows/lapor.yml:")
    assert "this is not YAML" in fault


def test_a_bundle_with_faults_is_not_made() -> None:
    with pytest.raises(FlowFaults, match="this is not YAML") as caught:
        Bundle.from_sources(SOURCES | {"flows/uji.yml": "a: ["})
    assert caught.value.faults[0].file == "flows/uji.yml"


def test_the_hash_is_of_the_content_alone() -> None:
    whole = Bundle.from_sources(SOURCES)
    turned = Bundle.from_sources(dict(reversed(SOURCES.items())))
    changed = Bundle.from_sources(SOURCES | {"faq.yml": SOURCES["faq.yml"] + "\n# catatan\n"})
    assert whole.hash == turned.hash != changed.hash
    assert Bundle.from_sources(whole.sources).hash == whole.hash


def test_after_an_edit_to_one_of_five_hundred_flows_the_others_are_not_read_again(monkeypatch) -> None:
    def flow(number: int, name: str = "Uji") -> str:
        return (
            f"flows:\n  uji{number}:\n    name: {name}\n    steps:\n      - collect: nilai\n"
            f"      - action: utter_menu\n        next:\n          - if: slots.pesan.length > {number}\n"
            "            then:\n              - action: utter_sapa\n          - else: END\n"
        )

    read = []
    reading = source._read
    monkeypatch.setattr(source, "_read", lambda file, text: read.append(file) or reading(file, text))
    many = {f"flows__uji{number}": flow(number) for number in range(500)}
    assert _faults(**many) == []
    read.clear()
    many["flows__uji7"] = flow(7, "Lain")
    assert _faults(**many) == []
    assert read == ["flows/uji7.yml"], "what did not change is not read again"
