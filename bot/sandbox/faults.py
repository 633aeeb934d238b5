"""Troubles a test asks for: what a network and a busy Telegram do now and then."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.errors import ApiError, DropConnection, too_many_requests

Kind = Literal["flood", "error", "timeout_after", "drop", "drop_after"]


@dataclass(slots=True)
class Fault:
    """The next `times` matching calls go wrong.

    `flood` answers 429 with `retry_after`; `error` answers `code` and `description`; `drop` closes the
    connection before anything happened; `drop_after` does what was asked and then closes it; `timeout_after`
    does what was asked and keeps silent for `seconds`.
    """

    kind: Kind
    times: int = 1
    method: str | None = None
    chat_id: int | None = None
    bot_id: int | None = None
    retry_after: int = 1
    code: int = 500
    description: str = "Internal Server Error"
    seconds: float = 60.0

    def matches(self, bot_id: int, method: str, params: dict[str, Any]) -> bool:
        """Whether this call is one that should go wrong."""
        return (
            self.times > 0
            and self.method in {None, method}
            and self.bot_id in {None, bot_id}
            and (self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id))
        )

    def before(self) -> None:
        """Raise what happens instead of the call, if it is that kind."""
        if self.kind == "flood":
            raise too_many_requests(self.retry_after)
        if self.kind == "error":
            raise ApiError(self.code, self.description)
        if self.kind == "drop":
            raise DropConnection

    def after(self) -> None:
        """Raise what happens once the call has been carried out, if it is that kind."""
        if self.kind == "drop_after":
            raise DropConnection
        if self.kind == "timeout_after":
            raise DropConnection(self.seconds)


@dataclass(slots=True)
class Faults:
    """The troubles still to come."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, bot_id: int, method: str, params: dict[str, Any]) -> Fault | None:
        """Use up one time of the first fault that matches."""
        for fault in self.waiting:
            if fault.matches(bot_id, method, params):
                fault.times -= 1
                self.waiting = [left for left in self.waiting if left.times > 0]
                return fault
        return None
