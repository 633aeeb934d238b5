"""A report's number, typed anywhere: its status is shown, then the talk goes on."""

import re

from dialogs.hearing.routes import start
from dialogs.patterns import pattern
from dialogs.slots import with_evidence
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
    if _says_more(work, number) and _several(work):
        work.start("tulis_pesan", "over", {"pesan": work.message.text.strip()})
        return True
    if _says_more(work, number):
        given = {SLOT: number, "pesan": work.message.text.strip()}
        if work.message.attachments:
            given["lampiran"] = with_evidence(work.message, None)
        return start(work, "pesan_tiket", given)
    return start(work, _flow(work), {SLOT: number})


def _says_more(work: Work, number: str) -> bool:
    """Whether somebody tells something about a report rather than asking how it stands."""
    text, asked = work.message.text.strip(), work.bundle.by_intent.get(work.meaning.intent.name, "")
    told = len(text.split()) - len(number.split())
    enough = told >= work.bundle.settings.opening_words or bool(work.message.attachments)
    sure = work.meaning.intent.confidence >= work.bundle.settings.sure_intent
    wants = sure and asked not in ("", "lapor")
    answers = number in (*work.context.questions, *work.context.confirming)
    free = not work.stack or (number in work.now("tickets") and not _narrating(work))
    return free and enough and (answers or not wants) and not text.endswith("?")


def _narrating(work: Work) -> bool:
    """Whether the open question takes any words: a number may stand among them."""
    spec = work.bundle.slots.get(work.open.target) if work.open else None
    return spec is not None and spec.type in {"text", "any"}


def _several(work: Work) -> bool:
    """Whether a message names more than one report."""
    text, shape = work.message.text, work.bundle.settings.report_number
    first = pattern(shape).find(text)
    return first is not None and find_number(text.replace(first[0], ""), shape) != ""


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
