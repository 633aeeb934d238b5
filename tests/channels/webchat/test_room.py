"""Room for uploads: in line, never more at once than there is room for, and nobody is kept out for good."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.webchat.room import SHARES, Room

ROOM = 1_000
NEVER = 3_600.0


class House:
    """Who came in, in order, and how much was held at most."""

    def __init__(self, patience: float) -> None:
        self.room = Room(ROOM, patience)
        self.came: list[int] = []
        self.most = self._held = 0

    async def visit(self, number: int, size: int, until: asyncio.Event | None = None) -> None:
        async with self.room.holding(size):
            self.came.append(number)
            self._held += min(size, ROOM // SHARES)
            self.most = max(self.most, self._held)
            try:
                await (until.wait() if until else asyncio.sleep(0))
            finally:
                self._held -= min(size, ROOM // SHARES)


@given(st.lists(st.integers(0, 3 * ROOM), min_size=1, max_size=40))
def test_everybody_gets_in_by_turns_and_the_room_is_never_over_full(sizes):
    async def play() -> House:
        house = House(NEVER)
        await asyncio.gather(*(house.visit(number, size) for number, size in enumerate(sizes)))
        return house

    house = asyncio.run(play())
    assert house.came == list(range(len(sizes)))
    assert house.most <= ROOM


async def test_where_nobody_leaves_one_more_is_let_in():
    house, leave = House(0.001), asyncio.Event()
    guests = [asyncio.create_task(house.visit(number, ROOM, leave)) for number in range(SHARES + 2)]
    while len(house.came) < len(guests):  # noqa: ASYNC110 the clock lets them in
        await asyncio.sleep(0.001)
    leave.set()
    await asyncio.gather(*guests)
    await house.visit(99, ROOM)
    assert house.came == [*range(len(guests)), 99]


async def test_who_gives_up_in_the_line_or_inside_leaves_no_gap():
    house, leave = House(NEVER), asyncio.Event()
    guests = [asyncio.create_task(house.visit(number, ROOM, leave)) for number in range(SHARES + 3)]
    await asyncio.sleep(0)
    for gone in (0, SHARES, SHARES + 1):
        guests[gone].cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert house.came == [*range(SHARES), SHARES + 2]
    leave.set()
    await asyncio.gather(*guests, return_exceptions=True)
    await asyncio.gather(*(house.visit(100 + number, ROOM) for number in range(SHARES)))
    assert house.most <= ROOM
