"""What is wrong with a data file, said so that its editor can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (file, key path, line from 1, 0 is all), what is wrong, and how to mend it."""

    file: str
    key: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        where += f": {self.key}" if self.key else ""
        return f"{where}: {self.message} {self.remedy}"


class PolicyFaults(Exception):  # noqa: N818 (many faults, not one error)
    """The policy files cannot be used; `faults` lists everything wrong with them at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
