"""Verify: does a ticket's evidence still stand as it came in?"""

from collections.abc import AsyncIterator

from storage.doors.database import Database
from storage.files.vault import AlteredError, Vault
from storage.reports import chain, evidence
from storage.reports.chain import Break


async def evidence_breaks(database: Database, number: str, vault: Vault | None = None) -> tuple[Break, ...]:
    """Where a ticket's chain over its files does not hold; with a vault, originals gone or altered as well.

    Raises:
        OSError: the vault is out of reach.
    """
    broken = await database.read(lambda c: evidence.broken_link(c, number))
    found = [] if broken is None else [Break(number, broken, "the chain over its files does not hold")]
    if vault is not None:
        found += [one async for one in _originals(database, number, vault)]
    return tuple(found)


async def _originals(database: Database, number: str, vault: Vault) -> AsyncIterator[Break]:
    gone = await database.read(lambda c: chain.files_let_go(c, number))
    for link in await database.read(lambda c: evidence.links_of(c, number)):
        if link.entry.get("media") in gone:
            continue
        try:
            await vault.get(link.entry.get("sha256", ""))
        except FileNotFoundError:
            yield Break(number, link.seq, "the original of this file is gone")
        except AlteredError:
            yield Break(number, link.seq, "the original of this file was altered")
