"""What SMS may cost, and what is laid aside when it has been spent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.channels.base import HeldError
from dialogs.messages import OutboundMessage
from tickets.policies.sms import SmsPolicy

Weight = Literal["urgent", "answer", "news"]
URGENT = ("utter_darurat", "utter_ask_darurat", "utter_tiket_darurat")
NEWS = "utter_kabar_"
UNASKED = frozenset({"utter_pengingat"})


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent so far: rupiah today and this month, segments to this number in the last hour."""

    day: int = 0
    month: int = 0
    hour: int = 0


def weight(message: OutboundMessage, exempt: Collection[str]) -> Weight:
    """How much a message matters: emergencies go whatever it costs, answers unless somebody floods us."""
    name = message.response
    if name.startswith(URGENT):
        return "urgent"
    if name in UNASKED or (name.startswith(NEWS) and name.removeprefix("utter_") not in exempt):
        return "news"
    return "answer"


def check_room(policy: SmsPolicy, spent: Spent, needed: int, kind: Weight, now: datetime) -> None:
    """Make sure `needed` segments may go; `now` is the city's local time.

    Raises:
        HeldError: a cap is reached; it says which and until when.
    """
    if kind == "urgent":
        return
    if policy.number_hour and spent.hour + needed > policy.number_hour:
        raise HeldError(
            "sms_flood",
            f"Nomor ini sudah menerima {policy.number_hour} SMS dalam satu jam.",
            retry_after=3600,
        )
    if kind == "answer":
        return
    cost = needed * policy.price
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    if policy.day_cap and spent.day + cost > policy.day_cap:
        text = f"Anggaran SMS hari ini (Rp{policy.day_cap}) habis."
        raise _spent("sms_day_cap", text, tomorrow - now)
    if policy.month_cap and spent.month + cost > policy.month_cap:
        next_month = (midnight.replace(day=28) + timedelta(days=4)).replace(day=1)
        raise _spent(
            "sms_month_cap", f"Anggaran SMS bulan ini (Rp{policy.month_cap}) habis.", next_month - now
        )


def _spent(code: str, text: str, wait: timedelta) -> HeldError:
    return HeldError(code, text, retry_after=wait.total_seconds())
