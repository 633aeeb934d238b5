"""What a process had in hand a moment ago stays with it until another asks: who wrote once writes again.

To ask the server who has an address in hand, and to tell it of letting go, is three messages a turn. Here a
process asks once and keeps what it took for a second. Another that wants what rests here says so, and has it
at once; then nothing rests here for a while: people are served now by this process, now by that.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from storage.doors.bell import Bell, number_of

WANTED, GIVEN = "wanted ", "given "
REST_SECONDS = 1.0
"""A process of an earlier version does not say what it wants: it waits as long as this."""
SHY_SECONDS = 10.0
GIVING_SECONDS = 0.1
"""How long to wait for what another lets go of; it may be at work on it."""
MOST = 500
"""A server as it is delivered keeps 6,400 locks for all processes together."""


class Resting:
    """Takes things in hand for lanes, each of them for one at a time."""

    def __init__(self, bell: Bell, clock: Callable[[], float] = time.monotonic) -> None:
        self._bell = bell
        self._clock = clock
        self._names: dict[str, str] = {}  # of what is in hand, at work or at rest, by the number in a word
        self._resting: OrderedDict[str, float] = OrderedDict()
        self._wanted: set[str] = set()
        self._hopes: dict[str, asyncio.Event] = {}
        self._shy_until = float("-inf")
        self._next_look: asyncio.TimerHandle | None = None
        bell.listen(self._heard)

    async def take(self, name: str) -> bool:
        """Take something in hand unless another process is at work on it.

        Raises:
            storage.doors.away.DatabaseAwayError: nobody can tell.
        """
        number = str(number_of(name))
        rested = self._resting.pop(number, None) is not None and self._bell.holds(name)
        if not rested:
            self._names.pop(number, None)
            if not await self._bell.take(name) and not await self._given(name, number):
                return False
            self._names[number] = name
        return True

    def free(self, name: str) -> None:
        """Let go of it: at once if another process wants it, else after a moment."""
        number, now = str(number_of(name)), self._clock()
        if number in self._wanted or now < self._shy_until:
            self._give(number)
            return
        self._resting[number] = now
        self._give_old(now)

    async def _given(self, name: str, number: str) -> bool:
        """Say that it is wanted, and take it if another process lets go of it then."""
        given = self._hopes[number] = asyncio.Event()
        self._bell.ring(WANTED + number)
        try:
            async with asyncio.timeout(GIVING_SECONDS):
                await given.wait()
        except TimeoutError:
            return False
        finally:
            del self._hopes[number]
        return await self._bell.take(name)

    def _heard(self, word: str) -> None:
        if word.startswith(WANTED):
            self._asked_for(word.removeprefix(WANTED))
        elif word.startswith(GIVEN) and word.removeprefix(GIVEN) in self._hopes:
            self._hopes[word.removeprefix(GIVEN)].set()

    def _asked_for(self, number: str) -> None:
        if number not in self._names:
            return
        self._shy_until = self._clock() + SHY_SECONDS
        self._wanted.add(number)
        if self._resting.pop(number, None) is not None:
            self._give(number)

    def _give(self, number: str) -> None:
        self._bell.free(self._names.pop(number))
        if number in self._wanted:
            self._wanted.discard(number)
            self._bell.ring(GIVEN + number)

    def _give_old(self, now: float) -> None:
        while self._resting and (
            len(self._resting) > MOST or next(iter(self._resting.values())) + REST_SECONDS <= now
        ):
            self._give(self._resting.popitem(last=False)[0])
        if self._resting and self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(REST_SECONDS, self._look)

    def _look(self) -> None:
        self._next_look = None
        self._give_old(self._clock())
