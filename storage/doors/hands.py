"""What tells which process has what in hand."""

from typing import Protocol


class Hands(Protocol):
    """What one process has in hand no other has."""

    async def take(self, name: str) -> bool:
        """Take it unless another process has it."""

    def free(self, name: str) -> None:
        """Let go of it."""
