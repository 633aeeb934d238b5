from dataclasses import replace

import pytest

from tickets.desk import DeskRefusal
from tickets.drawing import dot, mermaid, rows
from tickets.lifecycle import path, permitted, refusal_text
from tickets.policies.lifecycle import REFUSALS
from tickets.ticket import Command

OPERATORS = ["penghubung", "koordinator"]
OPEN = [
    "VERIFIKASI",
    "DISPOSISI",
    "PROSES",
    "PERLU_DATA",
    "MENUNGGU_KONFIRMASI",
    "DITERUSKAN",
    "DIBUKA_KEMBALI",
]

# (action, state) -> where it ends, for all that the field prescribes; None: refused there.
MOVES = [
    ("verify", "VERIFIKASI", "DISPOSISI"),
    ("verify", "PROSES", None),
    ("claim", "DISPOSISI", "PROSES"),
    ("claim", "DIBUKA_KEMBALI", "PROSES"),
    ("claim", "VERIFIKASI", None),
    ("release", "PROSES", "DISPOSISI"),
    ("reply", "DISPOSISI", "PROSES"),
    ("reply", "PROSES", "PROSES"),
    ("reply", "DIBATALKAN", None),
    ("ask_data", "VERIFIKASI", "PERLU_DATA"),
    ("ask_data", "PROSES", "PERLU_DATA"),
    ("ask_data", "SELESAI", None),
    ("forward", "PROSES", "DISPOSISI"),
    ("not_ours", "DISPOSISI", "VERIFIKASI"),
    ("not_ours", "SELESAI", None),
    ("refuse", "PROSES", "ARSIP"),
    ("refuse", "SELESAI", None),
    ("close", "PROSES", "MENUNGGU_KONFIRMASI"),
    ("close", "MENUNGGU_KONFIRMASI", None),
    ("confirm", "MENUNGGU_KONFIRMASI", "SELESAI"),
    ("confirm", "PROSES", None),
    ("deny", "MENUNGGU_KONFIRMASI", "PROSES"),
    ("deny", "SELESAI", None),
    ("rate", "SELESAI", "SELESAI"),
    ("rate", "PROSES", None),
    ("reopen", "SELESAI", "DIBUKA_KEMBALI"),
    ("reopen", "ARSIP", "DIBUKA_KEMBALI"),
    ("reopen", "PROSES", None),
    ("reopen", "DIBATALKAN", None),
    ("appeal", "ARSIP", "DITAHAN"),
    ("appeal", "DITAHAN", "DITAHAN"),
    ("appeal", "DUPLIKAT", "DIBUKA_KEMBALI"),
    ("merge", "PROSES", "DUPLIKAT"),
    ("split", "DUPLIKAT", "VERIFIKASI"),
    ("moderate_pass", "DITAHAN", "VERIFIKASI"),
    ("moderate_ask", "DITAHAN", "PERLU_DATA"),
    ("moderate_refuse", "DITAHAN", "ARSIP"),
    ("moderate_pass", "VERIFIKASI", None),
    ("propose_refusal", "DISPOSISI", "DITAHAN"),
    ("propose_refusal", "SELESAI", None),
    ("moderate_confirm", "DITAHAN", "ARSIP"),
    ("moderate_lapse", "DITAHAN", "VERIFIKASI"),
    ("auto_close", "MENUNGGU_KONFIRMASI", "SELESAI"),
    ("auto_close", "PROSES", None),
    ("cancel", "SELESAI", None),
    ("cancel", "DITAHAN", "DIBATALKAN"),
    *(("cancel", state, "DIBATALKAN") for state in OPEN),
    ("message", "DIBATALKAN", None),
    ("follow", "DITAHAN", None),
]


@pytest.fixture
def ticket(story):
    return story().ticket


@pytest.mark.parametrize(("action", "state", "end"), MOVES)
def test_state_and_action_give_the_next_state(policies, ticket, action, state, end):
    steps = path(policies.lifecycle.actions[action], replace(ticket, status=state))
    assert (steps[-1] if steps else None) == end


def test_going_back_goes_to_where_the_question_was_asked(policies, ticket):
    asked = replace(ticket, status="PERLU_DATA", previous_status="DITAHAN")
    assert path(policies.lifecycle.actions["give_data"], asked) == ("DITAHAN",)


# action: who of the fixture's actors may, on a ticket lying with Dishub
WHO = {
    "verify": {"koordinator", "sistem"},
    "redispose": {"koordinator"},
    "claim": {"penghubung", "petugas", "koordinator"},
    "reply": {"penghubung", "petugas", "koordinator"},
    "not_ours": {"penghubung", "petugas"},
    "forward": {"penghubung", "koordinator"},
    "refuse": {"penghubung", "koordinator"},
    "close": {"penghubung", "petugas", "koordinator"},
    "note": {"penghubung", "petugas", "koordinator"},
    "give_data": {"pelapor"},
    "confirm": {"pelapor"},
    "deny": {"pelapor"},
    "rate": {"pelapor"},
    "reopen": {"pelapor"},
    "appeal": {"pelapor"},
    "cancel": {"pelapor"},
    "make_anonymous": {"pelapor"},
    "make_confidential": {"pelapor", "koordinator"},
    "message": {"pelapor", "warga"},
    "follow": {"pelapor", "warga"},
    "moderate_pass": {"koordinator"},
    "moderate_confirm": {"koordinator"},
    "moderate_lapse": {"sistem"},
    "due": {"sistem"},
    "auto_close": {"sistem"},
    "delivered": {"sistem"},
    "escalate": {"sistem", "koordinator", "pimpinan"},
}


@pytest.mark.parametrize("action", WHO)
def test_who_may_do_it(policies, ticket, actors, action):
    rule = policies.lifecycle.actions[action]
    assert {name for name, actor in actors.items() if permitted(rule, ticket, actor)} == WHO[action]


def test_a_wbs_ticket_is_in_the_hands_of_the_wbs_handler_alone(policies, story, actors):
    ticket = story(classification="wbs").ticket
    assert (ticket.agency, ticket.flags) == ("inspektorat", {"WBS", "RAHASIA"})
    inspector = replace(actors["penghubung"], agency="inspektorat")
    for action in ("claim", "reply", "close", "redispose", "moderate_pass", "note"):
        rule = policies.lifecycle.actions[action]
        may = {name for name, actor in actors.items() if permitted(rule, ticket, actor)}
        assert may == {"wbs"}, action
        assert not permitted(rule, ticket, inspector)


def test_on_other_tickets_the_wbs_handler_is_a_liaison_of_the_inspectorate(policies, story, actors):
    rule = policies.lifecycle.actions["claim"]
    assert permitted(rule, story(category="aparatur").ticket, actors["wbs"])
    assert not permitted(rule, story().ticket, actors["wbs"])


@pytest.mark.parametrize("language", ["id", "jv", "en"])
@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_has_a_sentence_whose_gaps_can_be_filled(policies, language, code):
    values = {
        "action": "x", "rule": "close", "state": "PROSES", "oleh": "Tri", "reason": "x", "choices": "y",
        "target": "PU", "hops": 3, "days": 30, "times": 2, "nilai": 4, "tenggat": "2026-11-20",
        "sebab": "rusak", "nomor": "SLM-26-7K3QX", "parent": "S",
    }  # fmt: skip
    text = refusal_text(DeskRefusal(code, **values), policies, language)
    assert text
    assert "{" not in text


def test_every_action_ends_somewhere_known_from_every_state(policies):
    for name, rule in policies.lifecycle.actions.items():
        for state in rule.moves:
            assert policies.lifecycle.targets(name, state), (name, state)


def test_the_drawing_shows_every_move_that_leads_elsewhere(policies):
    lifecycle = policies.lifecycle
    drawn = mermaid(lifecycle).splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert "    [*] --> BARU" in drawn
    assert "    PROSES --> DITINDAKLANJUTI: close" in drawn
    assert "    SELESAI --> DIBUKA_KEMBALI: reopen, appeal" in drawn or any(
        line.startswith("    SELESAI --> DIBUKA_KEMBALI: reopen") for line in drawn
    )
    told = " ".join(drawn)
    for state in lifecycle.states:
        assert state in told
    moving = {name for name, rule in lifecycle.actions.items() if any(len(m) for m in rule.moves.values())}
    staying = {name for name in moving if set(lifecycle.actions[name].moves.values()) == {("tetap",)}}
    assert all(f"{name}" in told for name in moving - staying)
    assert not any(
        line.split(" --> ")[0].strip() == line.split(" --> ")[-1].split(":")[0] for line in drawn[1:]
    )


def test_the_drawing_for_graphviz_survives_quotes(policies):
    drawn = dot(policies.lifecycle)
    assert drawn.startswith("digraph lifecycle {")
    assert drawn.count("{") == drawn.count("}") == 1
    assert all(line.count('"') % 2 == 0 for line in drawn.splitlines())
    assert 'PROSES -> DITINDAKLANJUTI [label="Selesai"]' in drawn


def test_the_table_lists_every_move_once(policies):
    listed = list(rows(policies.lifecycle))
    assert len(listed) == sum(len(rule.moves) for rule in policies.lifecycle.actions.values())
    assert len({row[:2] for row in listed}) == len(listed)


def test_buttons_are_exactly_what_the_desk_would_do(desk, story, actors, friday, policies):
    complete = {"text": "isi", "reason": "spam", "proof": ("foto",), "value": 4}
    targets = {"forward": "dlh", "redispose": "sampah", "merge": "SLM-26-7XW2T", "hand_over": "op-2"}
    for state in policies.lifecycle.states:
        ticket = replace(story().ticket, status=state, number="SLM-26-OTHER", previous_status="PROSES")
        for actor in actors.values():
            buttons = set(desk.allowed(ticket, actor, friday))
            for name, rule in policies.lifecycle.actions.items():
                words = {**complete, "text": "344433343"} if name == "survey" else complete
                command = Command(name, actor, target=targets.get(name, ""), **words)
                assert rule.button is False or (name in buttons) is accepted(desk, ticket, command, friday), (
                    state,
                    name,
                    actor,
                )


def accepted(desk, ticket, command, now):
    try:
        desk.act(ticket, command, now, replace(ticket, number=command.target, status="PROSES"))
    except DeskRefusal:
        return False
    return True
