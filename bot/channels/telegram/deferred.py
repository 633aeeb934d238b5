"""The door to aiogram, opened when something first needs it, and its types built when they are first used.

Nearly everything goes without it: a start that waited for it would wait a third of a second longer, and a
process that never meets anything rare would hold 17 MB for nothing.

As it is imported, aiogram has pydantic build each of its hundreds of types with all those it refers to: 2.4
seconds of processor time and 110 MB, for the ten or so that a city ever meets.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from bot.channels.telegram.rare import Rare

REBUILD = "model_rebuild"
WHOLE: Any = BaseModel.__dict__[REBUILD]
Names = dict[str, Any]


class Deferred:
    """What is rare for one bot, made when it is first asked for."""

    def __init__(self, token: str, api: str, seconds: float) -> None:
        self._made_of = (token, api, seconds)
        self._rare: Rare | None = None
        self._one_at_a_time = asyncio.Lock()

    async def rare(self) -> "Rare":
        """It, imported beside the others' work."""
        async with self._one_at_a_time:
            if self._rare is None:
                self._rare = (await asyncio.to_thread(_kind))(*self._made_of)
        return self._rare

    async def close(self) -> None:
        """Close its connections, if it was ever asked for."""
        if self._rare is not None:
            await self._rare.close()


def _kind() -> "type[Rare]":
    import_aiogram()
    from bot.channels.telegram.rare import Rare  # noqa: PLC0415 the door is here

    return Rare


def import_aiogram() -> None:
    """Import it so; where it is imported already, it stays as it is."""
    if "aiogram" in sys.modules:
        return
    with _put_off() as names:
        from aiogram.methods import Response, TelegramMethod  # noqa: PLC0415 this is the moment
        from aiogram.types import TelegramObject  # noqa: PLC0415
    for base in (TelegramObject, TelegramMethod, Response) if names else ():
        setattr(base, REBUILD, _building_with(names))


@contextmanager
def _put_off() -> Iterator[Names]:
    """Whoever asks for a type to be built meanwhile, with names to build it with, leaves the names here."""
    names: Names = {}

    def note(cls: Any, /, **wishes: Any) -> bool | None:
        if wishes.get("_types_namespace") is None:
            return bool(WHOLE.__func__(cls, **wishes))
        names.update(wishes["_types_namespace"])
        return None

    setattr(BaseModel, REBUILD, classmethod(note))
    try:
        yield names
    finally:
        setattr(BaseModel, REBUILD, WHOLE)


def _building_with(names: Names) -> object:
    """What pydantic calls when a type is used that is not built yet."""

    def build(cls: Any, /, *, force: bool = False, raise_errors: bool = True, **_: Any) -> Any:
        return WHOLE.__func__(cls, force=force, raise_errors=raise_errors, _types_namespace=names)

    return classmethod(build)
