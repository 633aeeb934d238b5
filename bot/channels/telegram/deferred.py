"""aiogram with its types built when they are first used.

As it is imported, aiogram has pydantic build each of its hundreds of types with all those it refers to: 2.4
seconds of processor time and 110 MB, for the ten or so that a city ever meets.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

REBUILD = "model_rebuild"
WHOLE: Any = BaseModel.__dict__[REBUILD]
Names = dict[str, Any]


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
