import pytest

from tickets.overturns import by_rule, decisions
from tickets.ticket import Actor, Finding, ScreeningResult

THREAT = Finding("ancaman", "threat", ((0, 5),), "Ada yang membacanya dulu.")
HELD = ScreeningResult("hold", (THREAT,), "lampu …")
ACCUSED = ScreeningResult("hold", (Finding("tuduhan", "accusation", ((0, 5),), "…"), THREAT), "lampu …")
REASON = {"reason": "ujaran_berbahaya"}


@pytest.fixture
def begin(story):
    def opened(screening):
        told = story(screening=screening)
        told.actors = told.actors | {"rekan": Actor("operator", "op-8", "koordinator", "koordinator")}
        return told

    return opened


def decided(told):
    history = [event for change in told.changes for event in change.events]
    return list(decisions(told.ticket, history))


def test_letting_pass_what_screening_held_overturns_screening(begin):
    told = begin(HELD)
    told.does("koordinator", "moderate_pass")
    (one,) = decided(told)
    assert (one.outcome, one.overturned, one.by) == ("passed", "screening", "op-4")
    assert (one.rules, one.words, one.verdict) == (("ancaman",), ("lampu",), "hold")


def test_an_appeal_that_is_granted_overturns_a_person(begin):
    told = begin(HELD)
    told.does("koordinator", "moderate_refuse", **REASON)
    told.does("pelapor", "appeal")
    told.does("rekan", "moderate_pass")
    assert [(one.outcome, one.overturned) for one in decided(told)] == [("refused", ""), ("passed", "person")]


def test_a_proposal_is_no_decision_and_a_lapse_is_the_clocks(begin):
    told = begin(ACCUSED)
    told.does("koordinator", "moderate_refuse", **REASON)
    assert decided(told) == []
    told.until(told.ticket.due_at)
    told.does("sistem", "moderate_lapse")
    (one,) = decided(told)
    assert (one.by, one.overturned) == ("", "screening")


def test_rules_are_counted_the_most_overturned_first(begin):
    passed, refused = begin(HELD), begin(ACCUSED)
    passed.does("koordinator", "moderate_pass")
    refused.does("koordinator", "moderate_refuse", **REASON)
    refused.does("rekan", "moderate_confirm")
    counts = by_rule([*decided(passed), *decided(refused)])
    assert [(one.rule, one.passed, one.decided) for one in counts] == [("ancaman", 1, 2), ("tuduhan", 0, 1)]
    assert counts[0].share == 0.5
