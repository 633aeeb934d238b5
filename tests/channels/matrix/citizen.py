"""A citizen with an unmodified Matrix client (matrix-nio), in a process of its own.

Reads one JSON command a line and answers with one JSON line: {"write": text}, {"photo": path},
{"pin": [lat, lon]}, {"edit": [event, text]}, {"until": text}, which waits for words of the bot's.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import nio


class Citizen:
    """One person in a room with the bot."""

    def __init__(self, client: nio.AsyncClient, bot: str) -> None:
        self.client = client
        self.bot = bot
        self.room = ""
        self.heard: list[dict] = []

    async def begin(self) -> dict:
        await self.client.login("sangat-rahasia")
        self.room = (await self.client.room_create(is_direct=True, invite=[self.bot])).room_id
        self.client.add_event_callback(self.note, (nio.RoomMessageText, nio.RoomMessageMedia))
        await self.client.sync(timeout=0)
        return {"room": self.room}

    def note(self, _room: nio.MatrixRoom, event: nio.Event) -> None:
        if event.sender == self.bot:
            self.heard.append({"id": event.event_id, "body": event.body})

    async def write(self, text: str) -> dict:
        return await self.send({"msgtype": "m.text", "body": text})

    async def photo(self, path: str) -> dict:
        size = Path(path).stat().st_size  # noqa: ASYNC240 a process of its own
        with Path(path).open("rb") as file:  # noqa: ASYNC230
            kept, _ = await self.client.upload(
                file, content_type="image/jpeg", filename="foto.jpg", filesize=size
            )
        info = {"mimetype": "image/jpeg"}
        return await self.send(
            {"msgtype": "m.image", "body": "foto.jpg", "url": kept.content_uri, "info": info}
        )

    async def pin(self, at: list[float]) -> dict:
        return await self.send(
            {"msgtype": "m.location", "body": "di sini", "geo_uri": f"geo:{at[0]},{at[1]}"}
        )

    async def edit(self, what: list[str]) -> dict:
        new = {"msgtype": "m.text", "body": what[1]}
        relation = {"rel_type": "m.replace", "event_id": what[0]}
        return await self.send({**new, "m.new_content": new, "m.relates_to": relation})

    async def until(self, text: str) -> dict:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            while self.heard:
                one = self.heard.pop(0)
                if text in one["body"]:
                    await self.client.room_read_markers(self.room, one["id"], one["id"])
                    return one
            await self.client.sync(timeout=2000)
        return {"waited": text}

    async def send(self, content: dict) -> dict:
        sent = await self.client.room_send(self.room, "m.room.message", content)
        return {"event": sent.event_id}


async def main(server: str, name: str, bot: str) -> None:
    client = nio.AsyncClient(server, name)
    citizen = Citizen(client, bot)
    told = await citizen.begin()
    while True:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            break
        ((act, value),) = json.loads(line).items()
        told = await getattr(citizen, act)(value)
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
