"""The one table from method names to what they do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import Upload
from bot.sandbox.model import Bot, Json
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One method call of a bot, its parameters already typed."""

    world: World
    bot: Bot
    method: str
    params: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or the default."""
        return self.params.get(name, default)


Registered = TypeVar("Registered", bound=Callable[..., Any])
Handler = Callable[[Call], Any]
AsyncHandler = Callable[[Call], Awaitable[Any]]

HANDLERS: dict[str, Handler | AsyncHandler] = {}


def handles(*names: str) -> Callable[[Registered], Registered]:
    """Register the function that carries out these Bot API methods."""

    def register(handler: Registered) -> Registered:
        HANDLERS.update({name.lower(): handler for name in names})
        return handler

    return register


def not_simulated(name: str) -> ApiError:
    """The honest answer to a method Telegram has and the sandbox does not."""
    return bad_request(f"method {name} exists in the Bot API, but this sandbox does not simulate it")


def person_json(call: Call, number: int) -> Json:
    """The `User` behind a number.

    Raises:
        ApiError: 400 when nobody has it.
    """
    if number in call.world.bots:
        return call.world.bots[number].user()
    return call.world.person(number).user()
