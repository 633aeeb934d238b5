"""A message changed after it became part of a filed report: the report's desk gets the new words."""

from dialogs.events import TicketActionRequested
from dialogs.hearing import emergency
from dialogs.work import Work


def hear(work: Work) -> bool:
    """Pass the new words on, leaving the talk where it stands; a danger they tell of comes first."""
    found = work.context.edited
    if found is None:
        return False
    data = {"text": work.message.text, "instead_of": found.before}
    work.events.append(TicketActionRequested(found.ticket, "correct", data))
    if emergency.hear(work):
        return True
    work.utter("utter_ralat_diteruskan", {"nomor": found.ticket})
    work.hushed = True
    return True
