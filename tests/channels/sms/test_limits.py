"""What SMS may cost, and what goes whatever it costs."""

from datetime import UTC, datetime

import pytest

from bot.channels.base import HeldError
from bot.channels.sms.limits import Spent, check_room, weight
from dialogs.messages import OutboundMessage
from tickets.policies import load_policies

NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
POLICY = load_policies().sms


@pytest.mark.parametrize(
    ("cap", "code", "kind"),
    [
        ("day_cap", "sms_day_cap", "news"),
        ("month_cap", "sms_month_cap", "news"),
        ("number_hour", "sms_flood", "answer"),
    ],
)
def test_a_cap_is_reached_to_the_last_rupiah_and_never_passed(cap, code, kind):
    most = getattr(POLICY, cap)
    needed = 3 if cap == "number_hour" else 3 * POLICY.price
    field = {"day_cap": "day", "month_cap": "month", "number_hour": "hour"}[cap]
    check_room(POLICY, Spent(**{field: most - needed}), 3, kind, NOW)
    with pytest.raises(HeldError) as held:
        check_room(POLICY, Spent(**{field: most - needed + 1}), 3, kind, NOW)
    assert held.value.code == code
    check_room(POLICY, Spent(**{field: most}), 3, "urgent", NOW)


def test_rooms_and_weights():
    urgent, answer, news = (
        weight(OutboundMessage("", response=name), POLICY.exempt)
        for name in ("utter_darurat", "utter_ask_lokasi", "utter_kabar_diproses")
    )
    assert (urgent, answer, news) == ("urgent", "answer", "news")
    assert weight(OutboundMessage("", response="utter_kabar_balasan"), POLICY.exempt) == "answer"
    december = NOW.replace(month=12, day=31)
    full = Spent(day=POLICY.day_cap, month=POLICY.month_cap)
    check_room(POLICY, full, 3, "answer", december)
    check_room(POLICY, Spent(hour=9999), 3, "urgent", december)
    with pytest.raises(HeldError, match="hari ini") as held:
        check_room(POLICY, full, 1, "news", december)
    assert held.value.retry_after == (20 * 60 + 56) * 60
    with pytest.raises(HeldError, match="bulan ini") as held:
        check_room(POLICY, Spent(month=POLICY.month_cap), 1, "news", NOW)
    assert held.value.retry_after == (8 * 24 * 60 + 20 * 60 + 56) * 60
    with pytest.raises(HeldError, match="satu jam"):
        check_room(POLICY, Spent(hour=POLICY.number_hour), 1, "answer", NOW)
