"""The shapes of a dialog an admin writes: flows made of steps, with conditions compiled at load."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Condition = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
"""Whether something holds, given the slots and the context."""

Audience = Literal["citizen", "operator", "admin"]
END = "END"


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on from a step: taken when its condition holds; `when` is None for `else` and plain `next`."""

    to: str
    when: Condition | None = None
    text: str = "else"


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that will not do, and what to say then."""

    when: Condition
    text: str
    utter: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow. `target` is what its kind works on: a slot, an action, a flow.

    `next` is never empty: the loader resolves a missing `next` to the step below, or END.
    """

    id: str
    kind: str
    target: str
    next: tuple[Branch, ...]
    line: int = 0
    utter: str = ""
    ask_before_filling: bool = False
    rejections: tuple[Rejection, ...] = ()
    assigns: tuple[tuple[str, Any], ...] = ()

    @property
    def slot(self) -> str:
        """The slot whose value the step asks for; empty when it asks for none."""
        return self.target if self.kind == "collect" else ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation about one thing.

    `slots` are the flow's own: emptied when it starts; at its end those not in `keeps` are emptied again.
    `assigned` are those its steps set, its own or not. `returns` says whether it is taken up again after
    another flow came between.
    """

    id: str
    name: str
    file: str
    line: int
    steps: Mapping[str, Step]
    first: str
    intents: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    slot_triggers: tuple[str, ...] = ()
    audience: Audience = "citizen"
    description: str = ""
    guard: Condition | None = None
    slots: tuple[str, ...] = ()
    assigned: frozenset[str] = field(default_factory=frozenset)
    keeps: frozenset[str] = field(default_factory=frozenset)
    returns: bool = True
