"""Photos and other files: an album is one answer, a late photo joins it, a caption is read as words."""

from datetime import timedelta

from dialogs.events import TicketActionRequested
from dialogs.flow import Flow
from dialogs.slots import place_of, with_evidence
from dialogs.work import Work

ROUNDED = timedelta(seconds=1)
"""Messengers tell when something was sent to the second."""


def hear(work: Work) -> bool:
    """Keep the files where they belong; true when the message says nothing more than that."""
    if not work.message.attachments:
        return False
    if _late(work):
        return True
    slot = _evidence_slot(work)
    if not slot:
        return False
    answering = work.open is not None and work.open.target == slot
    work.set(slot, with_evidence(work.message, work.slots.get(slot)))
    work.change(album=work.message.group, album_for="")
    if not answering:
        work.utter(_thanks(work), {"jumlah": str(len(work.message.attachments))})
    return answering or not work.message.text.strip()


def hear_pin(work: Work) -> bool:
    """A pin sent while something else is asked: the place of what is being talked about."""
    if work.message.location is None or not work.stack:
        return False
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    slot = _slot_of_type(work, "location")
    if not slot or (spec is not None and spec.type == "location"):
        return False
    response = "utter_lokasi_dicatat" if work.slots.get(slot) is None else "utter_dikoreksi"
    work.set(slot, place_of(work.message, work.meaning, 0))
    work.utter(response, {"koreksi": work.shown(slot)})
    return True


def _late(work: Work) -> bool:
    """A photo of an album whose first photos were already taken: added with one short line."""
    group = work.message.group
    if overtaken := _overtaken(work):
        work.change(album=group, album_for=overtaken)
    elif not group or group != work.now("album"):
        return False
    number, slot = work.now("album_for"), _evidence_slot(work)
    if number:
        data = {"text": work.message.text or work.shown_files(work.message), "late": True}
        work.events.append(TicketActionRequested(number, "message", data, work.message.attachments))
        work.utter("utter_foto_ke_laporan", {"nomor": number})
    elif slot:
        work.set(slot, with_evidence(work.message, work.slots.get(slot)))
        work.utter("utter_foto_ditambah", {"jumlah": str(len(work.slots[slot]))})
    work.hushed = bool(number or slot)
    return work.hushed


def _overtaken(work: Work) -> str:
    """The report that was sent off before this came, though this was sent first; empty if none was."""
    filed_at, said = work.now("filed_at"), work.message.text.strip()
    late = filed_at is not None and work.message.sent_at + ROUNDED < filed_at
    return str(work.now("tickets")[-1]) if late and not work.stack and not said else ""


def _evidence_slot(work: Work) -> str:
    """The evidence slot nearest the top of the stack; the open question's own first."""
    step = work.open
    if step is not None and _is_of(work, step.target, "evidence"):
        return step.target
    return _slot_of_type(work, "evidence")


def _slot_of_type(work: Work, kind: str) -> str:
    flows: list[Flow] = [work.bundle.flows[frame.flow] for frame in reversed(work.stack)]
    return next((name for flow in flows for name in flow.slots if _is_of(work, name, kind)), "")


def _is_of(work: Work, name: str, kind: str) -> bool:
    spec = work.bundle.slots.get(name)
    return spec is not None and spec.type == kind


def _thanks(work: Work) -> str:
    kinds = {attachment.kind for attachment in work.message.attachments}
    return "utter_suara_disimpan" if kinds <= {"voice", "audio"} else "utter_bukti_disimpan"
