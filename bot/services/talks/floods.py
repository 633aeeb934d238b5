"""One text from many people is one matter: later copies join the first report, and each is a voice."""

from dataclasses import dataclass

from bot.services.core import Core
from bot.services.lanes import Keys, keys_of
from bot.services.reports import news
from bot.services.reports.ticketing import Act, DeskRefusal, Filing, UnknownTicketError, apply
from bot.services.sending.desks import to_coordinator
from storage.desk import staff
from storage.doors.database import Connection
from storage.doors.inquiries import Inquiry, nothing_to_ask
from storage.reports.cases import Home
from storage.talks import outbox, restraint
from storage.talks.restraint import Filed
from tickets.sameness import fingerprint
from tickets.ticket import Actor, Command

GROUPING = Actor("system", "flood")
TOLD_AGAIN = 10
"""Beyond the first notice, moderators hear of a flood whenever it has so many more voices."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A new report beside those of the same words before it."""

    filed: Filed
    same: tuple[Filed, ...]


def earlier(core: Core, filing: Filing, home: Home) -> Inquiry[Earlier | None]:
    """A report that is about to be filed beside those of the same words; None where they do not count."""
    filed = _filed(core, filing, home)
    if not filed.print or filing.report.classification == "wbs":
        return nothing_to_ask(None)
    same = restraint.same_text(filed, filed.at - core.policies.limits.flood.window)
    return Inquiry(same.look, same.values, lambda rows: Earlier(filed, same.read(rows)))


def gather(connection: Connection, core: Core, found: Earlier | None) -> Keys:
    """Join a new report to the others of the same words, once enough people have sent them."""
    if found is None:
        return ()
    flood, filed = core.policies.limits.flood, found.filed
    restraint.note_text(connection, filed)
    people = {one.contact for one in found.same} | {filed.contact}
    if len(people) < flood.people:
        return ()
    first, *others = [*found.same, filed]
    late = [filed] if len(people) > flood.people else others
    joining = (one for one in late if one.contact != first.contact)
    wake = [key for one in joining for key in _join(connection, core, one, first)]
    another = filed.contact not in {one.contact for one in found.same}
    return (*wake, *(_tell(connection, core, first, len(people)) if another else ()))


def _filed(core: Core, filing: Filing, home: Home) -> Filed:
    report = filing.report
    mark = fingerprint(report.narrative, core.policies.limits.flood.least_words)
    return Filed(filing.number, mark, home.contact, report.place.kode, core.clock())


def _join(connection: Connection, core: Core, one: Filed, first: Filed) -> Keys:
    """Make one report part of the first; one that moved on meanwhile is left as it is."""
    try:
        return apply(connection, core, one.number, Act(Command("group", GROUPING, target=first.number))).wake
    except (DeskRefusal, UnknownTicketError):
        return ()


def _tell(connection: Connection, core: Core, first: Filed, people: int) -> Keys:
    flood = core.policies.limits.flood
    if people != flood.people and people % TOLD_AGAIN:
        return ()
    values = {
        "nomor": first.number,
        "jumlah": str(people),
        "menit": f"{flood.window.total_seconds() / 60:g}",
    }
    going = to_coordinator(connection, core, "petugas_banjir", values)
    going += [news.card(first.number, card.chat) for card in staff.cards_of(connection, first.number)]
    outbox.add(connection, going, core.clock())
    return keys_of(going)
