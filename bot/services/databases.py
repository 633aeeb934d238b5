"""The database of an installation opened: brought up to date, its keys in use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.services.keys import Holder, unlock
from bot.settings import Settings
from storage.doors.database import Database, check_alone, check_supported, check_usable, compact, is_embedded
from storage.migrations import upgrade


@asynccontextmanager
async def at_rest(settings: Settings) -> AsyncIterator[Database]:
    """The database before its keys are in use, while nothing else is at work on it.

    Raises:
        storage.doors.database.InUseError: another process has it open.
    """
    check_supported(settings.database)
    await asyncio.to_thread(upgrade, settings.database)
    await check_alone(settings.database)
    async with Database(settings.database) as database:
        yield database


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, made if there is none and brought up to date.

    Raises:
        storage.doors.database.UnsupportedDatabaseError: the settings name another kind of database.
        storage.doors.server.ServerRefusedError: they name a server that cannot be used as it is.
        NoKeyError, UnknownKeyError, UnfinishedRotationError: what is kept there cannot be unsealed.
    """
    check_supported(settings.database)
    settings.make_data_dir()
    await check_usable(settings.database)
    await asyncio.to_thread(upgrade, settings.database)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.database))
        if await unlock(database, holder_of(settings)) and is_embedded(settings.database):
            await stack.aclose()  # of what lay in plain from before no trace is left behind
            await asyncio.to_thread(compact, settings.database)
            database = await stack.enter_async_context(Database(settings.database))
        yield database


def holder_of(settings: Settings) -> Holder:
    """Where the keys of an installation come from."""
    given = settings.keys.get_secret_value() if settings.keys else ""
    return Holder(given, settings.data_dir, embedded=is_embedded(settings.database))
