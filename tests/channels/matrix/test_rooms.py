"""Who is in a room is asked once, and remembered of no more rooms than there is place for."""

from types import SimpleNamespace

from bot.channels.matrix import channel
from bot.channels.matrix.channel import House, MatrixChannel

ROOM = 3


async def test_rooms_are_counted_once_and_only_so_many_are_remembered(monkeypatch, tmp_path):
    monkeypatch.setattr(channel, "COUNTED", ROOM)
    asked = []

    async def members(room):
        asked.append(room)
        return {"@bot", "@siti", "@budi"} if room == "!rame" else {"@bot", "@siti"}

    client = SimpleNamespace(members=members)
    matrix = MatrixChannel(client, House(None, None, None, None), tmp_path / "heard")
    matrix._me = "@bot"
    assert [await matrix._crowded(room) for room in ("!rame", "!sepi", "!rame")] == [True, False, True]
    assert asked == ["!rame", "!sepi"]
    for place in range(4 * ROOM):
        assert not await matrix._crowded(f"!{place}")
        assert len(matrix._crowds) <= ROOM
    assert await matrix._crowded("!rame")
