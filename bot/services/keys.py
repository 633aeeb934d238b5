"""The keys personal data is sealed with: from the settings, or for a first try made in the data folder."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from storage import sealing
from storage.doors.database import Database, check_alone
from storage.files.vault import Vault, settle
from storage.sealing import Sealed, Standing, Survey
from storage.seals import KeyFormError, Ring, UnknownKeyError, new_key, ring, use

__all__ = [
    "Holder",
    "KeyFormError",
    "NoKeyError",
    "UnfinishedRotationError",
    "UnknownKeyError",
    "look_through",
    "rotate",
    "unlock",
    "unlock_beside",
]

log = structlog.get_logger(__name__)

FILE = "keys"
Tell = Callable[[str], None]


class NoKeyError(Exception):
    """There is no key where there has to be one."""


class UnfinishedRotationError(Exception):
    """Some of the data is sealed with one key and some with another."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Where keys come from: given outright, or, for an embedded database, a file in the data folder."""

    given: str
    folder: Path
    embedded: bool

    @property
    def file(self) -> Path:
        """The file with keys, newest first, that nobody but its owner may read."""
        return self.folder / FILE

    @property
    def makes_one(self) -> bool:
        """Whether the first start makes a key, as there is none and none has to be given."""
        return self.embedded and not self.given and not self.file.exists()

    def ring(self, standing: Standing | None) -> Ring:
        """The keys, with the one that equal values of this database are found under.

        Raises:
            NoKeyError, KeyFormError, UnknownKeyError: there is none, it is none, or not the right one.
        """
        found = Ring.of(self.given or self._kept(standing))
        return found if standing is None else found.finding_with(standing.key)

    def _kept(self, standing: Standing | None) -> str:
        if not self.embedded:
            raise NoKeyError(
                "KENTONGAN_KEYS is not set, and a database server must not be filled without it:"
                " `kentongan keys new` makes a key. Keep it where the database is not. See docs/security.md."
            )
        if self.file.exists():
            return self._read()
        if standing is not None:
            raise NoKeyError(
                f"The data is sealed with the key {standing.key}, and {self.file} is gone. Put it back from a"
                " copy, or set KENTONGAN_KEYS: without the key nothing of it can be read."
            )
        return self._make()

    def _read(self) -> str:
        if self.file.stat().st_mode & 0o077:
            raise NoKeyError(f"Others can read {self.file}: chmod 600 {self.file}")
        return self.file.read_text(encoding="utf-8")

    def _make(self) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        key = new_key()
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".part") as part:
            part.write(key + "\n")
            part.flush()
            os.fsync(part.fileno())
            try:
                os.link(part.name, self.file)  # whole or not at all, and never in the place of another
            except FileExistsError:  # another start was quicker
                return self._read()
        settle(self.folder)
        log.warning(
            "a key for personal data was made; keep a copy elsewhere: without it nothing can be read",
            file=str(self.file),
        )
        return key


async def unlock(database: Database, holder: Holder) -> int:
    """Put the keys in use, and seal what lies there from before there were any; how many rows that were.

    Raises:
        NoKeyError, KeyFormError, UnknownKeyError, UnfinishedRotationError: it cannot be opened, and why.
    """
    standing = await database.read(sealing.standing)
    keys = holder.ring(standing)
    if standing is not None and standing.turning_to:
        raise UnfinishedRotationError(
            f"A rotation to the key {standing.turning_to} was begun and not finished. Go on with it:"
            " kentongan keys rotate"
        )
    use(keys)
    if standing is not None:
        return 0
    changed = await _renew_all(database)
    await database.write(lambda c: sealing.note_sealed(c, keys.finder.id))
    return changed


async def unlock_beside(database: Database) -> None:
    """Open a further database of this process with the keys that are in use for the first.

    Raises:
        UnknownKeyError: it was sealed with a key that is gone.
    """
    standing, finder = await database.read(sealing.standing), ring().finder.id
    if standing != Standing(finder, ""):
        await _renew_all(database)
        await database.write(lambda c: sealing.note_sealed(c, finder))


async def rotate(database: Database, vault: Vault, holder: Holder, tell: Tell) -> None:
    """Seal everything anew with the newest key, row by row and file by file; may be stopped and gone on with.

    Nothing else may be at work on the database meanwhile.

    Raises:
        NoKeyError, KeyFormError, UnknownKeyError: a key is missing.
        storage.doors.database.InUseError: somebody began meanwhile; end them, and go on with it.
        UnsealError: something was altered; `kentongan keys check` says what. What was done holds.
    """
    keys = holder.ring(await database.read(sealing.standing))
    newest = keys.newest.id
    await database.write(lambda c: sealing.note_turning(c, newest))
    await check_alone(database.url, but_us=True)  # who begins from now on reads the note and does not
    use(keys.finding_with(newest))
    rows = await _renew_all(database)
    files = [digest for digest in await database.read(sealing.digests) if await vault.renew(digest)]
    await database.write(lambda c: sealing.note_sealed(c, newest))
    tell(f"{rows} row(s) and {len(files)} file(s) sealed anew with the key {newest}.")


async def look_through(database: Database) -> Survey:
    """Every sealed value tried: how many there are of each key, and which cannot be read."""
    found = Survey()
    for table in sealing.sealed_tables():
        place: Any = None
        while True:
            place = await database.read(lambda c, t=table, p=place: sealing.survey(c, t, p, found))  # type: ignore[misc]
            if place is None:
                break
    return found


async def _renew_all(database: Database) -> int:
    return sum([await _renew(database, table) for table in sealing.sealed_tables()])


async def _renew(database: Database, table: Sealed) -> int:
    total, place = 0, None
    while True:
        changed, place = await database.write(lambda c, p=place: sealing.renew(c, table, p))  # type: ignore[misc]
        total += changed
        if place is None:
            return total
        await asyncio.sleep(0)
