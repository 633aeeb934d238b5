"""Compare: a ticket's file is looked for among all earlier ones and bound into the ticket's chain."""

from collections.abc import Iterable

from bot.services import news
from bot.services.core import OPERATOR, Core
from storage import evidence, outbox, staff
from storage.database import Connection
from storage.media import File
from tickets.evidence.sightings import Sighting
from tickets.policies.evidence import EvidencePolicy

Keys = tuple[tuple[str, str], ...]


async def sightings(core: Core, file: File, number: str) -> tuple[Sighting, ...]:
    """Where a file's picture (or its very bytes) was seen before, as far as that tells something here."""
    policy = core.policies.evidence
    if file.state != "kept":
        return ()
    found = await core.database.read(lambda c: _found(c, file, policy))
    return telling(found, file, number)


def _found(connection: Connection, file: File, policy: EvidencePolicy) -> tuple[Sighting, ...]:
    if file.print is not None:
        return evidence.seen_before(connection, file.print, policy.same, policy.similar)
    if file.facts.width:  # a picture without detail is like all others of its kind, even byte for byte
        return ()
    return evidence.same_bytes(connection, file.sha256)


def telling(found: Iterable[Sighting], file: File, number: str) -> tuple[Sighting, ...]:
    """Without the file itself, and without what a citizen sent twice for the same report."""
    officers = file.channel == OPERATOR
    return tuple(one for one in found if one.media != file.id and (officers or one.number != number))


def worth_telling(file: File, seen: Iterable[Sighting]) -> bool:
    """Whether the card may have something to say about a file."""
    facts = file.facts
    marked = facts.taken_at or facts.lat is not None or facts.software or facts.generated or facts.animated
    return bool(marked or tuple(seen) or file.state == "refused")


async def settle(core: Core, file: File) -> Keys:
    """Bind a file into its ticket's chain, with where it was seen before; the desks whose cards change."""
    seen = await sightings(core, file, file.number)
    now = core.clock()

    def work(connection: Connection) -> Keys:
        evidence.settle(connection, file, seen, now)
        if not worth_telling(file, seen):
            return ()
        cards = [news.card(file.number, card.chat) for card in staff.cards_of(connection, file.number)]
        outbox.add(connection, cards, now)
        return tuple((one.channel, one.address) for one in cards)

    return await core.database.write(work)
