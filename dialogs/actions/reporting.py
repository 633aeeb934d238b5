"""Screening a report, looking for the same one nearby, and filing it."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from dialogs.actions.base import DeskAction, Events, about, event, slots_of
from dialogs.dates import in_words

OF_A_MATTER = (
    "uraian",
    "klasifikasi",
    "kategori",
    "subkategori",
    "usulan_kategori",
    "lokasi",
    "usulan_lokasi",
    "waktu",
)
"""The slots that one thing told of fills."""


class ActionScreen(DeskAction):
    """Has the report's words screened; a verdict that keeps it private makes it confidential."""

    title = "action_screen"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets `saringan`, `saran`, and which rules have asked by now."""
        return screened(await self.desk.screen(tracker.slots.get("uraian") or "", slots_of(tracker)), tracker)


class ActionNearby(DeskAction):
    """Looks for a report of the same thing."""

    title = "action_nearby"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets what may be told of the likeliest one not turned down; empties it when there is none."""
        slots, who = slots_of(tracker), about(tracker)
        turned_down = _turned_down(slots)
        found = [
            one for one in await self.desk.nearby(slots, who["contact"]) if one["number"] not in turned_down
        ]
        first = found[0] if found and slots.get("ikuti") != "tidak" else {}
        return [
            SlotSet("serupa_ditolak", turned_down or None),
            SlotSet("ikuti", None if first else slots.get("ikuti")),
            SlotSet("serupa_nomor", first.get("number")),
            SlotSet("serupa_judul", first.get("title")),
            SlotSet("serupa_jumlah", str(first["followers"]) if first else None),
            SlotSet("serupa_milik", bool(first.get("own")) or None),
            SlotSet("serupa_jarak", first.get("distance") or None),
            SlotSet("serupa_kapan", in_words(str(first.get("opened") or ""), who["language"]) or None),
            SlotSet("serupa_keadaan", first.get("status_text")),
        ]


def _turned_down(slots: Mapping[str, Any]) -> list[str]:
    """The reports of which the person said that theirs is another matter."""
    before, shown = list(slots.get("serupa_ditolak") or []), slots.get("serupa_nomor")
    return [*before, shown] if slots.get("ikuti") == "lain" and shown else before


class ActionSubmitReport(DeskAction):
    """Files the report under a new number and tells where it goes."""

    title = "action_submit_report"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Requests the ticket; sets `tiket`, `dinas`, `tenggat`."""
        slots = slots_of(tracker)
        if slots.get("saringan"):
            return await self.file(slots, [], slots.get("bukti") or [])
        verdict = await self.desk.screen(slots.get("uraian") or "", slots)
        sets = screened(verdict, tracker)
        return await self.file(slots | {"saringan": dict(verdict)}, sets, slots.get("bukti") or [])

    async def file(self, slots: dict[str, Any], sets: Events, files: list[dict[str, Any]]) -> Events:
        """The events that file a report made of these slots."""
        number = await self.desk.new_number()
        receipt = await self.desk.receipt(slots)
        filed = {name: value for name, value in slots.items() if name not in {"bahasa", "kontak"}}
        return [
            *sets,
            SlotSet("tiket", number),
            SlotSet("dinas", receipt.get("agency") or ""),
            SlotSet("tenggat", in_words(str(receipt.get("due") or ""), slots["bahasa"])),
            event("ticket_requested", number=number, slots=filed | {"tiket": number}, evidence=files),
        ]


class ActionNextMatter(DeskAction):
    """Takes the next thing told of beside the report just filed, for a report of its own."""

    title = "action_next_matter"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets the slots it fills; told without a place, it is where the report is; the rest is left."""
        first, *left = tracker.slots.get("hal_lain") or [{}]
        told = {name: first.get(name) for name in OF_A_MATTER}
        told["lokasi"] = told["lokasi"] or (None if told["usulan_lokasi"] else tracker.slots.get("lokasi"))
        told["klasifikasi"] = told["klasifikasi"] or "pengaduan"
        return [SlotSet("hal_lain", left or None), *(SlotSet(name, told[name]) for name in OF_A_MATTER)]


class ActionSubmitEmergency(ActionSubmitReport):
    """Files what somebody in danger wrote, flagged, with nothing more asked."""

    title = "action_submit_emergency"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """As for a report, from the emergency's own slots, so that a draft stays as it is."""
        slots = tracker.slots
        report: dict[str, Any] = {
            "uraian": slots.get("darurat_teks"),
            "klasifikasi": "pengaduan",
            "kategori": slots.get("darurat_kategori"),
            "lokasi": slots.get("darurat_lokasi") or None,
            "darurat": slots.get("darurat_jenis"),
            "rahasia": bool(slots.get("darurat_rahasia")),
            "anonim": bool(slots.get("darurat_anonim")),
            "bukti": [],
            "saringan": None,
            "bahasa": about(tracker)["language"],
        }
        verdict = await self.desk.screen(report["uraian"] or "", report)
        return await self.file(report | {"saringan": dict(verdict)}, [], [])


def screened(result: Mapping[str, Any], tracker: Tracker) -> Events:
    """The slots a screening sets."""
    before = list(tracker.slots.get("saringan_diminta") or [])
    rules = [str(rule.get("id") if isinstance(rule, Mapping) else rule) for rule in result.get("rules", ())]
    asked = [*before, *rules] if result["verdict"] == "ask" else before
    events = [
        SlotSet("saringan", dict(result)),
        SlotSet("saran", result.get("advice") or ""),
        SlotSet("lanjut", result.get("next") or ""),
        SlotSet("peduli", result.get("care") or ""),
        SlotSet("saringan_diminta", list(dict.fromkeys(asked)) or None),
    ]
    if result["verdict"] == "pass_private":
        events.append(SlotSet("rahasia", value=True))
    told = (tracker.slots.get("saringan") or {}).get("alarm")
    alarm = result.get("alarm")
    return (
        [*events, event("alarm", signal=alarm, text=result["masked"])] if alarm and alarm != told else events
    )
