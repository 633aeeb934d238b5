"""What is wrong with a dialog, told so that an admin can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: where it is (line 0 for the whole file), what is wrong, and what to do about it."""

    file: str
    line: int
    flow: str
    step: str
    text: str
    remedy: str

    def __str__(self) -> str:
        """File and line first, as editors like it."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        inside = " ".join(part for part in (self.flow, self.step) if part)
        return f"{where}: {f'[{inside}] ' if inside else ''}{self.text}. {self.remedy}."


class FlowFaults(Exception):  # noqa: N818 - it carries faults, it is not one error
    """A dialog that cannot be loaded, with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
