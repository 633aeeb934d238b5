"""Bytes lie once under their hash, whoever sent them: one person's erasure takes nobody else's.

Neither side locks anything. Who keeps bytes puts them away, names them in the database, and looks once more
whether they are there; who lets go strikes the name, drops them, and looks once more whether they were named.
Whatever falls between the two looks is seen by one of them.
"""

from collections.abc import Callable, Mapping

from bot.services.core import Core
from storage.doors.database import Connection
from storage.files.vault import AlteredError

Named = Callable[[Connection], bool]


async def ensure(core: Core, contents: Mapping[str, bytes]) -> None:
    """Put back, by their hashes, what was let go while it was being named; raises OSError."""
    for digest in await core.files.missing(list(contents)):
        await core.files.put(contents[digest])


async def let_go(core: Core, digest: str, named: Named) -> None:
    """Drop bytes that nothing names, unless somebody does by the time they are gone; raises OSError."""
    content = await _content(core, digest)
    await core.files.drop(digest)
    while content is not None and await core.database.read(named):
        await core.files.put(content)
        if await core.database.read(named):
            return
        await core.files.drop(digest)


async def _content(core: Core, digest: str) -> bytes | None:
    """The bytes as they lie there; None where there are none, or others, which nobody wants back."""
    try:
        return await core.files.get(digest)
    except (FileNotFoundError, AlteredError):
        return None
