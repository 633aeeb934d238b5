"""Whatever anybody does in whatever order, the promises of the field hold."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tickets.desk import Desk, DeskRefusal
from tickets.lifecycle import refusal_text
from tickets.numbers import make_number
from tickets.policies import load_policies
from tickets.policies.lifecycle import ACTIONS
from tickets.ticket import Actor, Change, Command, Finding, Report, ReportPlace, ScreeningResult

POLICIES = load_policies()
DESK = Desk(POLICIES)
START = datetime(2026, 9, 7, 9, 0, tzinfo=POLICIES.city.timezone)
FINDINGS = {"hold": "ancaman", "refuse": "spam", "ask": "kabar_angin", "pass_private": "keselamatan_anak"}
ACCUSED = Finding("tuduhan", "accusation", ((0, 5),), "saran")
OTHER = make_number("SLM", 2026, random.Random(1))
ACTORS = [
    Actor("citizen", "pelapor"),
    Actor("citizen", "orang lain"),
    Actor("system"),
    Actor("operator", "k", "koordinator", "koordinator"),
    Actor("operator", "l", "koordinator", "koordinator"),
    Actor("operator", "w", "inspektorat", "wbs"),
    *(
        Actor("operator", f"{unit}-{n}", unit, "penghubung")
        for unit in ("dishub", "pu", "dlh")
        for n in (1, 2)
    ),
]

commands = st.builds(
    Command,
    st.sampled_from(ACTIONS),
    st.sampled_from(ACTORS),
    text=st.sampled_from(["", "isi pesan"]),
    reason=st.sampled_from(["", "tidak_terbukti", "kata sendiri"]),
    target=st.sampled_from(["", "pu", "dlh", "dishub", "pln", "sampah", OTHER]),
    proof=st.sampled_from([(), ("foto",)]),
    value=st.sampled_from([None, 1, 5, 9]),
)  # fmt: skip

TARGETS = {"forward": "dlh", "redispose": "sampah", "merge": OTHER, "verify": "pu"}
FILLED = Command("", ACTORS[0], text="isi", reason="tidak_terbukti", proof=("foto",), value=5)


class DeskMachine(RuleBasedStateMachine):
    @initialize(
        verdict=st.sampled_from(["pass", "pass", "pass_private", "ask", "hold", "refuse"]),
        category=st.sampled_from(["lampu_jalan", "listrik", "lainnya", "aparatur"]),
        classification=st.sampled_from(["pengaduan", "pengaduan", "informasi", "wbs"]),
        accused=st.booleans(),
    )
    def opened(self, verdict, category, classification, accused):
        found = (Finding(FINDINGS[verdict], "…", ((0, 5),), "saran"),) if verdict in FINDINGS else ()
        found += (ACCUSED,) if accused else ()
        story = "lampu mati di depan pasar"
        screening = ScreeningResult(verdict, found, story)
        report = Report(story, classification, category, "", ReportPlace(), screening)
        self.now = START
        self.history = []
        self.commands = []
        self.took(DESK.open(report, "SLM-26-7XW2T", "pelapor", START))
        passed = ScreeningResult("pass", (), story)
        self.other = DESK.open(replace(report, screening=passed), OTHER, "orang lain", START).ticket

    @rule(command=commands)
    def somebody_does_something(self, command):
        self.attempt(command)

    @rule(actor=st.sampled_from(ACTORS), data=st.data())
    def somebody_presses_a_button(self, actor, data):
        buttons = DESK.allowed(self.ticket, actor, self.now)
        if buttons:
            action = data.draw(st.sampled_from(buttons))
            self.attempt(replace(FILLED, action=action, actor=actor, target=TARGETS.get(action, "")))

    @rule(actor=st.sampled_from(ACTORS))
    def what_is_not_offered_is_refused(self, actor):
        offered = DESK.allowed(self.ticket, actor, self.now)
        for name, one in POLICIES.lifecycle.actions.items():
            if one.button and name not in offered:
                command = replace(FILLED, action=name, actor=actor, target=TARGETS.get(name, ""))
                with pytest.raises(DeskRefusal):
                    DESK.act(self.ticket, command, self.now, self.other)

    @rule(action=st.sampled_from(["claim", "reply", "ask_data", "close", "merge"]), number=st.integers(1, 2))
    def the_agency_works(self, action, number):
        role = "wbs" if "WBS" in self.ticket.flags else "penghubung"
        staff = Actor("operator", f"{self.ticket.agency}-{number}", self.ticket.agency, role)
        self.attempt(replace(FILLED, action=action, actor=staff, target=TARGETS.get(action, "")))

    @rule(action=st.sampled_from(["give_data", "confirm", "deny", "rate", "reopen", "appeal"]))
    def the_reporter_answers(self, action):
        self.attempt(replace(FILLED, action=action, actor=ACTORS[0]))

    @rule(action=st.sampled_from(["moderate_pass", "moderate_refuse", "moderate_ask"]), by=st.integers(3, 4))
    def somebody_moderates(self, action, by):
        self.attempt(replace(FILLED, action=action, actor=ACTORS[by]))

    @rule()
    def the_question_arrives(self):
        self.attempt(Command("delivered", Actor("system")))

    @rule(days=st.integers(0, 12), hours=st.integers(0, 23))
    def time_passes(self, days, hours):
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def the_clock_strikes(self):
        if self.ticket.due_at is not None:
            self.now = max(self.now, self.ticket.due_at)
            for action in ("due", "auto_close", "escalate", "moderate_lapse"):
                self.attempt(Command(action, Actor("system")))

    def attempt(self, command):
        before = self.ticket
        try:
            beside = self.other if command.target == OTHER else None
            change = DESK.act(self.ticket, command, self.now, beside)
        except DeskRefusal as refusal:
            refusal_text(refusal, POLICIES)
        else:
            self.commands.append(command)
            self.took(change)
            done = change.events[0].action
            if before.appealed and done.startswith(("moderate_", "propose_")):
                assert command.actor.id not in before.decided_by
            if done == "close_unheard":
                assert before.due_kind == "unreached"
                assert self.now >= before.due_at
            if done == "moderate_confirm":
                assert before.proposal.by != command.actor.id
                assert change.ticket.decided_by == (before.proposal.by, command.actor.id)
            assert change.ticket.version == before.version + 1

    def took(self, change: Change):
        self.ticket = change.ticket
        self.last = change
        self.history += change.events

    @invariant()
    def the_history_is_one_unbroken_line_to_the_present(self):
        assert self.history[0].before is None
        for earlier, later in pairwise(self.history):
            assert later.before == earlier.after
            assert later.at >= earlier.at
        assert self.history[-1].after == self.ticket.status

    @invariant()
    def done_only_by_the_citizens_word_or_its_time_or_unheard_and_with_proof(self):
        entered = [event for event in self.history if event.after == "SELESAI" and event.before != "SELESAI"]
        assert all(event.action in ("confirm", "auto_close", "close_unheard") for event in entered)
        closings = [event for event in self.history if event.action == "close" and event.data]
        assert not entered or closings or self.ticket.report.classification == "informasi"
        if self.ticket.report.classification != "informasi":
            assert all(event.data.get("proof") for event in closings)

    @invariant()
    def every_refusal_tells_reason_and_help_and_can_be_appealed(self):
        refused = [
            notice for notice in self.last.notices if notice.name in {"kabar_ditolak", "kabar_banding_tolak"}
        ]
        assert all(notice.values["alasan"] and notice.values["bantuan"] for notice in refused)
        if refused and self.ticket.reopened < POLICIES.lifecycle.limits.reopen_times:
            assert "appeal" in DESK.allowed(self.ticket, ACTORS[0], self.last.events[-1].at)

    @invariant()
    def an_accusation_is_refused_by_two(self):
        if any(found.signal == "accusation" for found in self.ticket.report.screening.findings):
            refusing = {"refuse", "moderate_refuse"}
            assert not any(event.action in refusing for event in self.history)

    @invariant()
    def nobody_is_left_standing(self):
        state = POLICIES.lifecycle.states[self.ticket.status]
        if state.final:
            assert self.ticket.closed_at is not None
            assert self.ticket.due_at is None
            return
        assert self.ticket.closed_at is None
        assert any(DESK.allowed(self.ticket, actor, self.now) for actor in ACTORS)
        assert "cancel" in DESK.allowed(self.ticket, ACTORS[0], self.now)

    @invariant()
    def the_clock_runs_where_it_should_and_stands_where_it_should(self):
        state = POLICIES.lifecycle.states[self.ticket.status]
        if state.deadline:
            assert self.ticket.due_at is not None
            assert DESK.clock.calendar.is_workday(self.ticket.due_at.date())
        if state.clock_stops:
            assert self.ticket.due_at is None
            assert self.ticket.paused_at is not None
        else:
            assert self.ticket.paused_at is None

    @invariant()
    def it_lies_with_one_known_agency_and_what_is_wbs_with_its_handler(self):
        assert self.ticket.agency in POLICIES.agencies
        if self.ticket.status == "DITERUSKAN":
            assert POLICIES.agencies[self.ticket.agency].external
        if "WBS" in self.ticket.flags:
            assert {e.actor.role for e in self.history if e.actor.kind == "operator"} <= {"wbs"}
            assert not any(notice.audience == "moderators" for notice in self.last.notices)

    @invariant()
    def merged_exactly_while_it_has_a_parent_and_never_anything_private(self):
        assert (self.ticket.status == "DUPLIKAT") == bool(self.ticket.parent)
        if self.history[-1].action == "merge":
            assert not self.ticket.flags & {"WBS", "RAHASIA"}

    @invariant()
    def limits_hold(self):
        assert self.ticket.splits <= POLICIES.lifecycle.limits.split_times
        assert self.ticket.reopened <= POLICIES.lifecycle.limits.reopen_times
        assert self.ticket.rating in (None, 1, 5)
        if self.ticket.status == "DISPOSISI":
            assert not self.ticket.claimed_by


DeskMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


@pytest.mark.timeout(300)
class TestDesk(DeskMachine.TestCase):
    pass
