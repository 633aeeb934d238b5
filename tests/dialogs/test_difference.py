"""What differs between two dialogs, told in lines; and a flow as a picture."""

import re

import pytest

from dialogs.bundle import Bundle
from dialogs.difference import difference
from dialogs.flow import END
from dialogs.graph import mermaid, tree
from dialogs.loader import load_bundle

OLD = load_bundle()


def edited(file: str, old: str, new: str) -> Bundle:
    assert old in OLD.sources[file]
    return Bundle.from_sources({**OLD.sources, file: OLD.sources[file].replace(old, new, 1)})


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("flows/lapor.yml", "name: Lapor\n", "name: Melapor\n", "~ flow lapor"),
        ("flows/lapor.yml", "then: uraian", "then: saring", "~ step lapor.izin: "),
        (
            "flows/lapor.yml",
            "      - id: lokasi\n",
            "      - id: jeda\n        noop: true\n      - id: lokasi\n",
            "+ step lapor.jeda",
        ),
        (
            "domain.yml",
            "  yakin: {type: categorical, values: [ya, tidak]}",
            "  yakin: {type: bool}",
            "~ slot yakin",
        ),
        (
            "domain.yml",
            "  topik: {type: text}",
            "  topik: {type: text}\n  baru: {type: date}",
            '+ slot baru: "date"',
        ),
        ("responses/en.yml", "All right. Anything", "Fine. Anything", "~ text utter_ada_lagi (en)"),
        ("faq.yml", "topics:", "# catatan\ntopics:", "~ file faq.yml"),
    ],
)
def test_a_change_is_told(file: str, old: str, new: str, line: str):
    found = difference(OLD, edited(file, old, new))
    assert any(str(one).startswith(line) for one in found.changes), [str(one) for one in found.changes]
    assert f"--- {file}" in found.lines
    back = difference(edited(file, old, new), OLD)
    signs = {"+": "-", "~": "~"}
    assert any(str(one)[0] == signs[line[0]] and one.name in line for one in back.changes)


def test_only_what_changed_is_told():
    found = difference(OLD, edited("responses/en.yml", "All right. Anything", "Fine. Anything"))
    (change,) = found.changes
    assert (change.part, change.name, change.language) == ("text", "utter_ada_lagi", "en")
    assert change.shown[0].startswith("All right.")
    assert change.shown[1].startswith("Fine.")


def test_nothing_differs_from_itself():
    found = difference(OLD, Bundle.from_sources(dict(OLD.sources)))
    assert not found
    assert found.changes == ()


def test_a_long_text_is_cut_to_where_it_differs():
    words = "kata " * 60
    old = edited(
        "responses/id.yml", 'utter_ada_lagi:\n    - text: "', f'utter_ada_lagi:\n    - text: "{words}'
    )
    new = edited(
        "responses/id.yml", 'utter_ada_lagi:\n    - text: "', f'utter_ada_lagi:\n    - text: "{words}LAIN '
    )
    (change,) = difference(old, new).changes
    before, after = change.shown
    assert "LAIN" in after
    assert "LAIN" not in before
    assert before.startswith("…")
    assert len(after) < 90


@pytest.mark.parametrize("flow", OLD.flows.values(), ids=lambda flow: flow.id)
def test_every_step_and_way_is_drawn(flow):
    drawn, told = mermaid(flow), tree(flow)
    assert drawn.count("-->") == 1 + sum(len(step.next) for step in flow.steps.values())
    for step in flow.steps.values():
        assert f'"{step.id}: {step.kind}' in drawn
        assert re.search(rf"^ +{re.escape(step.id)} · {step.kind}", told, re.MULTILINE)
        for branch in step.next if len(step.next) > 1 else ():
            assert f"? {branch.text}" in told
    ends = any(branch.to == END for step in flow.steps.values() for branch in step.next)
    assert ("END" in told) == ends
