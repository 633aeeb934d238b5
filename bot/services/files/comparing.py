"""Compare: a ticket's file is looked for among all earlier ones and bound into the ticket's chain."""

from collections.abc import Iterable

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, keys_of
from bot.services.reports import news
from storage.desk import staff
from storage.doors.database import Connection
from storage.reports import evidence
from storage.reports.evidence import StaleChainError
from storage.reports.media import File
from storage.talks import outbox
from tickets.evidence.sightings import Sighting


async def sightings(core: Core, file: File, number: str) -> tuple[Sighting, ...]:
    """Where a file's picture (or its very bytes) was seen before, as far as that tells something here."""
    return telling(await _seen(core, file), file, number) if file.state == "kept" else ()


async def _seen(core: Core, file: File) -> tuple[Sighting, ...]:
    wanted, policy, database = file.print, core.policies.evidence, core.database
    if wanted is not None:
        # A picture that floods in by the hundred is found by its twins, at a glance, without looking further.
        twins = await database.glance(lambda c: evidence.twins(c, wanted, policy.same, policy.similar))
        return twins or await database.read(
            lambda c: evidence.nearest(c, wanted, policy.same, policy.similar)
        )
    if file.facts.width:  # a picture without detail is like all others of its kind, even byte for byte
        return ()
    return await database.read(lambda c: evidence.same_bytes(c, file.sha256))


def telling(found: Iterable[Sighting], file: File, number: str) -> tuple[Sighting, ...]:
    """The sightings worth a word: not of the file itself, nor of what a citizen sent twice for one report."""
    officers = file.channel == OPERATOR
    return tuple(one for one in found if one.media != file.id and (officers or one.number != number))


def worth_telling(file: File, seen: Iterable[Sighting]) -> bool:
    """Whether the card may have something to say about a file."""
    facts = file.facts
    marked = facts.taken_at or facts.lat is not None or facts.software or facts.generated or facts.animated
    return bool(marked or tuple(seen) or file.state == "refused")


async def settle(core: Core, file: File) -> Keys:
    """Bind a file into its ticket's chain, with where it was seen before; the desks whose cards change.

    One that another process was quicker with is left as it is, and looked at again in the next round.
    """
    seen = await sightings(core, file, file.number)
    end = await core.database.glance(lambda c: evidence.chain_end(c, file.number))
    now = core.clock()

    def work(connection: Connection) -> Keys:
        evidence.settle(connection, file, seen, now, end)
        if not worth_telling(file, seen):
            return ()
        cards = [news.card(file.number, card.chat) for card in staff.cards_of(connection, file.number)]
        outbox.add(connection, cards, now)
        return keys_of(cards)

    try:
        return await core.database.write(work)
    except StaleChainError:
        return ()
