"""While a person has taken over, the bot passes words on and keeps silent."""

from dialogs.events import HandoffEnded, HandoffStarted, TicketActionRequested
from dialogs.hearing.filling import words
from dialogs.slots import fold
from dialogs.work import Work

MOST_WORDS = 3


def hear(work: Work) -> bool:
    """Pass the words on, acknowledged once; a word for the bot ends the handoff."""
    if not work.now("handoff"):
        return False
    if _calls_bot(work):
        work.events.append(HandoffEnded())
        work.change(handoff=False, acknowledged=False)
        work.utter("utter_bot_kembali")
        return True
    _pass_on(work)
    if not work.now("acknowledged"):
        work.utter("utter_diteruskan_petugas")
        work.change(acknowledged=True)
    work.hushed = True
    return True


def _pass_on(work: Work) -> None:
    """To the report the person writes about, or the last one; without one, to whoever has taken over."""
    message, numbers = work.message, work.now("tickets")
    number = work.context.ticket or (numbers[-1] if numbers else "")
    if number:
        data = {"text": message.text or work.shown_files(message)}
        work.events.append(TicketActionRequested(number, "message", data, message.attachments))
    else:
        work.events.append(HandoffStarted(message.text or work.shown_files(message)))


def _calls_bot(work: Work) -> bool:
    said = work.message.button or work.message.text
    return words(work) <= MOST_WORDS and work.bundle.settings.controls.get(fold(said)) == "bot"
