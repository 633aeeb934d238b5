"""Pairs of reports people labelled: the same thing, or only alike. The second half was written unseen."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tickets.duplicates import Candidate, near
from tickets.ticket import ReportPlace

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("duplicate_pairs.jsonl").read_text(encoding="utf-8").splitlines()
]
KODE = "34.04.07.2003"
METRE = 1 / 111_195  # degrees of latitude


def candidates(pair, now):
    """Both reports of a pair, the second as one filed the day before."""
    metres = pair["metres"]
    points = [(None, None)] * 2 if metres is None else [(-7.75, 110.4), (-7.75 + metres * METRE, 110.4)]
    return [
        Candidate(
            number=f"n{at}",
            place=ReportPlace(text=pair["names"][at], kode=KODE, lat=points[at][0], lon=points[at][1]),
            subcategory=pair["subs"][at],
            words=pair["ab"[at]],
            opened_at=now - timedelta(days=at),
        )
        for at in (0, 1)
    ]


def found(pair, now, policy):
    new, old = candidates(pair, now)
    if pair.get("category") in policy.personal:
        return False
    return bool(near(new, [old], now, policy))


def measured(pairs, now, policy):
    verdicts = [(found(pair, now, policy), pair["same"]) for pair in pairs]
    right = sum(said and true for said, true in verdicts)
    said, true = sum(one for one, _ in verdicts), sum(one for _, one in verdicts)
    return right / said, right / true


@pytest.mark.parametrize(("part", "precision", "recall"), [("tuned", 0.9, 0.9), ("unseen", 0.85, 0.75)])
def test_what_is_the_same_is_found_and_little_else(friday, policies, part, precision, recall):
    pairs = [pair for pair in PAIRS if pair["part"] == part]
    assert len(pairs) >= 40
    got = measured(pairs, friday, policies.duplicates)
    assert got[0] >= precision, got
    assert got[1] >= recall, got


def test_it_does_not_matter_which_came_first(friday, policies):
    for pair in PAIRS:
        turned = {key: pair[key][::-1] if isinstance(pair[key], list) else pair[key] for key in pair}
        turned |= {"a": pair["b"], "b": pair["a"]}
        assert found(pair, friday, policies.duplicates) == found(turned, friday, policies.duplicates), pair
