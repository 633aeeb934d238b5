"""A report's number, typed anywhere: its status is shown, then the talk goes on."""

import re

from dialogs.hearing.routes import start
from dialogs.patterns import pattern
from dialogs.work import Work

SLOT = "tiket"


def hear(work: Work) -> bool:
    """Answer an open question for a number; otherwise start what is asked about it, or show its status."""
    number = find_number(work.message.text, work.bundle.settings.report_number)
    if not number or work.message.button:
        return False
    step = work.open
    if step is not None and step.target == SLOT:
        work.set(SLOT, number)
        return True
    return start(work, _flow(work), {SLOT: number})


def find_number(text: str, shape: str) -> str:
    """The first report number in a text, written the one right way; empty when there is none."""
    found = pattern(shape).find(text)
    return "-".join(re.findall(r"[0-9A-Z]+", found[0].upper())) if found else ""


def _flow(work: Work) -> str:
    """The flow the words ask for if it is about a report, else the status."""
    intent = work.meaning.intent
    asked = work.bundle.by_intent.get(intent.name, "")
    sure = intent.confidence >= work.bundle.settings.sure_intent
    if sure and asked and SLOT in work.bundle.flows[asked].slots and asked != "lapor":
        return asked
    return "status"
