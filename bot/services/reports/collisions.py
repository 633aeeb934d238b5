"""Before an operator's words go out: is a colleague at work on the report, has the citizen just written?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.services.core import ASKS, OPERATOR, Core
from bot.services.reports.acts import Act
from bot.services.reports.news import CARD
from storage.desk import staff
from storage.doors.database import Connection
from storage.reports import cases
from storage.talks import desk_talk
from storage.talks.desk_talk import Written
from tickets.collisions import Collision, beside, reaches_citizen
from tickets.policies.lifecycle import Limits
from tickets.ticket import Actor, Ticket, TicketEvent

BEGUN = frozenset({"petugas_jawaban_lihat"})
"""Messages that show an operator what they are about to send."""
HEARD = frozenset(
    f"petugas_{one}"
    for one in ("pesan_warga", "data_warga", "ralat_warga", "belum_selesai", "dibuka_kembali")
)
"""Messages that bring the citizen's words to the desk."""


class CollisionError(Exception):
    """Words are held back because somebody else is at work on the same report; nothing was changed."""

    def __init__(self, number: str, act: Act, found: Collision) -> None:
        super().__init__(found.kind)
        self.number = number
        self.act = act
        self.found = found


def look(connection: Connection, core: Core, ticket: Ticket, act: Act) -> None:
    """See whether an operator's act would cross somebody else's.

    Raises:
        CollisionError: it would; nothing was changed.
    """
    found = _found(connection, core, ticket, act) if act.careful else None
    if found is not None:
        raise CollisionError(ticket.number, act, found)


def _found(connection: Connection, core: Core, ticket: Ticket, act: Act) -> Collision | None:
    actor, rule = act.command.actor, core.policies.lifecycle.actions[act.command.action]
    limits, now = core.policies.lifecycle.limits, core.clock()
    since = now - timedelta(minutes=limits.colleague_minutes)
    if actor.kind != "operator" or not reaches_citizen(rule) or since == now:
        return None
    history = cases.history(connection, ticket.number)
    met = beside(ticket, history, actor, core.policies, since)
    if met is not None:
        return met
    written = desk_talk.lately(connection, OPERATOR, ticket.number, since)
    writing = _writing(connection, core, written, history, actor)
    return writing or _heard(written, history, act, (now, limits))


def _writing(
    connection: Connection, core: Core, written: Sequence[Written], history: Sequence[TicketEvent], me: Actor
) -> Collision | None:
    """A colleague who was asked for words to the citizen and has done nothing since."""
    done = {event.actor.id: event.at for event in history}
    for one in written:
        who = _asked(core, one)
        if who in {"", me.id} or done.get(who, one.created_at) > one.created_at:
            continue
        if staff.operator(connection, who):
            return Collision("writing", who, one.created_at)
    return None


def _asked(core: Core, one: Written) -> str:
    """Who is asked here for words the citizen will read; nobody for other messages."""
    if one.response in BEGUN:
        return one.chat
    words, _, who = one.response.removeprefix(ASKS).partition("@")
    rule = core.policies.lifecycle.actions.get(words.partition(":")[0])
    begun = one.response.startswith(ASKS) and rule is not None and reaches_citizen(rule)
    return (who or one.chat) if begun else ""


def _heard(
    written: Sequence[Written], history: Sequence[TicketEvent], act: Act, pace: tuple[datetime, Limits]
) -> Collision | None:
    """The citizen's newest words, if they came to this chat after what is being answered."""
    chat, me = act.origin.partition("/")[0], act.command.actor.id
    news = next((one for one in written if one.chat == chat and one.response in HEARD), None)
    if news is None or not act.command.text or _answers(act.under, news):
        return None
    now, limits = pace
    fresh, long_ago = (now - timedelta(seconds=one) for one in (limits.unread_seconds, limits.card_seconds))
    if any(_on_card(act.under, one, news) and one.sent_at <= long_ago for one in written if one.sent_at):
        return None
    asked = any(act.under in one.refs and one.response.startswith(ASKS) for one in written)
    acted = any(event.actor.id == me and event.at > news.created_at for event in history)
    if acted or not (asked or news.sent_at is None or news.sent_at > fresh):
        return None
    said = next((event for event in reversed(history) if event.actor.kind == "citizen"), None)
    return Collision("heard", "", news.created_at, (said.text or said.reason) if said else "")


def _on_card(under: str, one: Written, news: Written) -> bool:
    """Whether this was the card somebody answers, drawn with these words on it."""
    drawn = one.response == CARD and one.chat == news.chat and one.created_at >= news.created_at
    return drawn and under in one.refs


def _answers(under: str, news: Written) -> bool:
    """Whether somebody answers these words, or what came after them: then they have read them."""
    return under.isdigit() and bool(news.refs) and int(under) >= max(int(ref) for ref in news.refs)
