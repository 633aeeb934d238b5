"""Looking after a filed report: its status, and what its reporter does to it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from dialogs.actions.base import DeskAction, Events, about, event
from dialogs.actions.ports import CityDesk
from dialogs.dates import in_words

MOST = 8
LAST = 4

DIGIT = re.compile(r"\d")
"""What every report number has, and hardly any word."""


class ActionOwnTickets(DeskAction):
    """Looks up the person's own reports; a single one is meant without asking."""

    title = "action_own_tickets"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets `tiket_saya`, the list of them in words, and `tiket` when there is just one."""
        wanted = str(tracker.slots.get("tindakan") or "")
        found = await self.desk.tickets(about(tracker)["contact"])
        own = [one for one in found if not wanted or wanted in one.get("actions", ())][:MOST]
        kept = [{"number": one["number"], "title": one["title"]} for one in own]
        single = own[0]["number"] if len(own) == 1 and not tracker.slots.get("tiket") else None
        sets = [SlotSet("tiket_saya", kept), SlotSet("daftar_tiket", listed(own))]
        return [*sets, SlotSet("tiket", single)] if single else sets


class ActionTicketStatus(DeskAction):
    """Tells how a report stands: all of it to its reporter, to others only what is public."""

    title = "action_ticket_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Says the status; sets `tiket_aksi`, what this person may do now."""
        number, who = str(tracker.slots.get("tiket") or ""), about(tracker)
        ticket = await self.desk.ticket(number, who["contact"])
        if ticket is None:
            name = "utter_status_tidak_ada" if DIGIT.search(number) else "utter_bukan_nomor"
            dispatcher.utter_message(response=name, nomor=number)
            return [SlotSet("tiket_aksi", [])]
        response = "utter_status_laporan" if ticket["own"] else "utter_status_publik"
        dispatcher.utter_message(response=response, **in_status_words(ticket, who["language"]))
        return [SlotSet("tiket_aksi", list(ticket.get("actions") or ()))]


class ActionMayStill(DeskAction):
    """Looks whether what a person wants done to a report can be done now, before they are asked for more."""

    title = "action_may_still"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """When it can, sets `tiket` as properly written; else says how the report stands, and empties it.

        Sets `tiket_keadaan`, the state of one's own report, and `tiket_tertutup`, what of it is hidden.
        """
        number, who = str(tracker.slots.get("tiket") or ""), about(tracker)
        ticket = await self.desk.ticket(number, who["contact"])
        if ticket is None:
            dispatcher.utter_message(response="utter_status_tidak_ada", nomor=number)
            return [SlotSet("tiket", None)]
        if tracker.slots.get("tindakan") in ticket["actions"]:
            return [SlotSet("tiket", ticket["number"])]
        words = in_status_words(ticket, who["language"])
        dispatcher.utter_message(response="utter_tidak_perlu_lagi", **words)
        state = ticket.get("status") if ticket["own"] else None
        hidden = SlotSet("tiket_tertutup", list(ticket.get("hidden") or ()))
        return [SlotSet("tiket", None), SlotSet("tiket_keadaan", state), hidden]


class ActionMayFollow(DeskAction):
    """Looks what this person may do with a report, before anything is promised."""

    title = "action_may_follow"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets `tiket_aksi`, and `tiket` as the number is properly written.

        Words for a merged report are for the one it was merged into: then that is `tiket`, and `joined` among
        the actions; `over` where it is one's own and takes no words any more. `tiket_keadaan` is its state.
        """
        number, who = str(tracker.slots.get("tiket") or ""), about(tracker)
        ticket = await self.desk.ticket(number, who["contact"])
        if ticket is None:
            return [SlotSet("tiket_aksi", [])]
        ticket, actions = await self._where_words_go(ticket, who["contact"])
        state = ticket.get("status") if ticket["own"] else None
        found = {"tiket": ticket["number"], "tiket_aksi": actions, "tiket_keadaan": state}
        return [SlotSet(name, value) for name, value in found.items()]

    async def _where_words_go(
        self, ticket: Mapping[str, Any], contact: str
    ) -> tuple[Mapping[str, Any], list[str]]:
        """The report that takes words meant for this one, and what may be done with it."""
        actions = list(ticket.get("actions") or ())
        into = await self.desk.ticket(ticket["into"], contact) if ticket.get("into") else None
        if into is not None and {"message", "unfollow"} & set(into["actions"]):
            return into, [*into["actions"], "joined"]
        over = ticket.get("own") and not {"message", "give_data"} & set(actions)
        return ticket, [*actions, "over"] if over else actions


class TicketAction(DeskAction):
    """Does one thing to the report in `tiket`, in the reporter's name."""

    def __init__(self, desk: CityDesk, verb: str) -> None:
        super().__init__(desk)
        self.verb = verb
        self.title = f"action_ticket_{verb}"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Requests it, with the words, reason, rating and files told so far."""
        slots = tracker.slots
        rating = slots.get("nilai")
        data = {
            "text": slots.get("pesan") or "",
            "reason": slots.get("alasan") or "",
            "value": int(rating) if rating else None,
        }
        return [
            event(
                "ticket_action",
                number=slots["tiket"],
                action=self.verb,
                data={name: value for name, value in data.items() if value},
                evidence=slots.get("lampiran") or [],
            )
        ]


def listed(tickets: Sequence[Mapping[str, Any]]) -> str:
    """Reports as lines: number, title, how they stand."""
    return "\n".join(f"{one['number']}: {one['title']} ({one['status_text']})" for one in tickets)


def in_status_words(ticket: Mapping[str, Any], language: str) -> dict[str, str]:
    """A report's standing as values for its text."""
    history = [
        f"{in_words(str(line['at']), language)}: {line['text']}" for line in ticket.get("history", ())[-LAST:]
    ]
    return {
        "nomor": str(ticket["number"]),
        "judul": str(ticket.get("title") or ""),
        "keadaan": str(ticket.get("status_text") or ticket.get("status") or ""),
        "dinas": str(ticket.get("agency") or ""),
        "tenggat": in_words(str(ticket.get("due") or ""), language),
        "riwayat": "\n".join(history),
    }
