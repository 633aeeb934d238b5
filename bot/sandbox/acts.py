"""What a person can be asked to do through the control API, one small function each."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import groups, people, views
from bot.sandbox.api import Request
from bot.sandbox.errors import bad_request
from bot.sandbox.files import Upload
from bot.sandbox.methods.sending import poll as new_poll
from bot.sandbox.model import Bot, Json, Person, Room
from bot.sandbox.people import Place
from bot.sandbox.samples import empty_film, silent_voice
from bot.sandbox.world import World

Act = Callable[[World, Person, Request], Awaitable[Any]]
ACTS: dict[str, Act] = {}
MEDIA_FIELDS = frozenset({"photo", "document", "video", "voice", "audio", "sticker"})


def act(function: Act) -> Act:
    """Register an act under its function's name."""
    ACTS[function.__name__] = function
    return function


def _bot(world: World, asked: Request) -> Bot:
    wanted = str(asked.params.get("bot", "")).removeprefix("@").lower()
    for found in world.bots.values():
        if wanted in {str(found.id), found.account.username.lower()}:
            return found
    raise bad_request("no such bot")


def _room(world: World, person: Person, asked: Request) -> Room:
    if "room" not in asked.params:
        return world.private(_bot(world, asked), person)
    found = world.rooms.get(str(asked.params["room"]))
    if found is None:
        raise bad_request("no such room")
    return found


def _number(asked: Request, name: str) -> int | None:
    value = asked.params.get(name)
    return None if value in {None, ""} else int(value)


def _message(asked: Request) -> int:
    number = _number(asked, "message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    return number


def _place(world: World, person: Person, asked: Request) -> Place:
    room = _room(world, person, asked)
    return Place(room, _number(asked, "topic_id"), _number(asked, "reply_to"))


@act
async def send(world: World, person: Person, asked: Request) -> list[Json]:
    """Text, or any other message content given as `content`."""
    place = _place(world, person, asked)
    if "content" in asked.params:
        return [people.send(world, person, place, asked.params["content"])]
    return [
        people.send(world, person, place, part)
        for part in people.text_parts(str(asked.params.get("text", "")))
    ]


@act
async def send_files(world: World, person: Person, asked: Request) -> list[Json]:
    """Uploads as form fields named after their kind ("photo", "photo.2", "document", ...)."""
    files = [(_kind(name), upload) for name, upload in asked.files.items()]
    if not files:
        raise bad_request("file must be non-empty")
    return await people.send_files(
        world, person, _place(world, person, asked), files, asked.params.get("caption", "")
    )


def _kind(name: str) -> str:
    kind = name.partition(".")[0]
    if kind not in MEDIA_FIELDS:
        raise bad_request(f"files cannot be sent as {kind}")
    return kind


SAMPLES = {
    "sticker": Upload(
        "sticker.webp",
        "image/webp",
        b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
    ),
    "voice": Upload("suara.ogg", "audio/ogg", silent_voice()),
    "video": Upload("video.mp4", "video/mp4", empty_film()),
}


@act
async def send_sample(world: World, person: Person, asked: Request) -> list[Json]:
    """A sticker, voice note, video, own contact or poll to try a bot with."""
    kind, place = str(asked.params.get("kind")), _place(world, person, asked)
    if kind in SAMPLES:
        return await people.send_files(world, person, place, [(kind, SAMPLES[kind])], "")
    if kind == "contact":
        return [people.send(world, person, place, {"contact": people.own_contact(person)})]
    if kind == "poll":
        content = new_poll(world.number(), "Kapan kerja bakti?", ["Sabtu", "Minggu"], {})
        return [people.send(world, person, place, {"poll": content})]
    raise bad_request("no such sample")


@act
async def send_location(world: World, person: Person, asked: Request) -> list[Json]:
    """A pin, or a named place when `title` is given."""
    point = {name: float(asked.params[name]) for name in ("latitude", "longitude")}
    if not (-90 <= point["latitude"] <= 90 and -180 <= point["longitude"] <= 180):
        raise bad_request("wrong location specified")
    content: Json = {"location": point}
    if title := asked.params.get("title"):
        content["venue"] = {"location": point, "title": title, "address": asked.params.get("address", "")}
    return [people.send(world, person, _place(world, person, asked), content)]


@act
async def forward(world: World, person: Person, asked: Request) -> list[Json]:
    """Forward `message_id` of `from_room` here."""
    source = world.rooms.get(str(asked.params.get("from_room")))
    message = source.messages.get(_message(asked)) if source and person.id in source.people else None
    if message is None:
        raise bad_request("message to forward not found")
    return [people.forward(world, person, _place(world, person, asked), message)]


@act
async def edit(world: World, person: Person, asked: Request) -> Json:
    """Change one's own message."""
    room = _room(world, person, asked)
    return people.edit(world, person, room, _message(asked), str(asked.params.get("text", "")))


@act
async def delete(world: World, person: Person, asked: Request) -> bool:
    """Remove one's own message."""
    people.delete(world, person, _room(world, person, asked), _message(asked))
    return True


@act
async def press(world: World, person: Person, asked: Request) -> str:
    """Press the inline button with this `data`."""
    room = _room(world, person, asked)
    return people.press(world, person, room, _message(asked), str(asked.params.get("data", "")))


@act
async def press_key(world: World, person: Person, asked: Request) -> Json:
    """Press the button with this `text` under the input field."""
    place = _place(world, person, asked)
    rows = (place.room.keyboard or {}).get("keyboard", [])
    for button in (button for row in rows for button in row):
        if button["text"] == asked.params.get("text"):
            return people.press_key(world, person, place, button)
    raise bad_request("no such button under the input field")


@act
async def react(world: World, person: Person, asked: Request) -> bool:
    """Put `emoji` (a list, maybe empty) on a message."""
    people.react(
        world, person, _room(world, person, asked), _message(asked), list(asked.params.get("emoji", []))
    )
    return True


@act
async def vote(world: World, person: Person, asked: Request) -> bool:
    """Vote for `options` of a poll, by number."""
    people.vote(
        world, person, _room(world, person, asked), _message(asked), list(asked.params.get("options", []))
    )
    return True


@act
async def block(world: World, person: Person, asked: Request) -> bool:
    """Block a bot."""
    groups.set_blocked(world, person, _bot(world, asked), blocked=True)
    return True


@act
async def unblock(world: World, person: Person, asked: Request) -> bool:
    """Let a bot write again."""
    groups.set_blocked(world, person, _bot(world, asked), blocked=False)
    return True


@act
async def open_chat(world: World, person: Person, asked: Request) -> Json:
    """Open a bot's chat without writing yet."""
    room = world.private(_bot(world, asked), person)
    world.changed("room", room.key)
    return views.room(world, room)


@act
async def create_group(world: World, person: Person, asked: Request) -> Json:
    """Create a group, as its owner."""
    title = str(asked.params.get("title", "")).strip()
    if not title:
        raise bad_request("chat title is empty")
    room = world.add_group(title, person, forum=asked.params.get("forum") in {True, "true", "1"})
    for topic in asked.params.get("topics", []):
        groups.open_topic(world, person, room, topic)
    return views.room(world, room)


@act
async def set_member(world: World, person: Person, asked: Request) -> bool:
    """Let a `bot` or another person (`member`) have a `status` in a group."""
    room, status = _room(world, person, asked), str(asked.params.get("status", "member"))
    if status not in groups.STATUSES:
        raise bad_request("no such status")
    if "bot" in asked.params:
        groups.set_bot(world, person, room, _bot(world, asked), status)
    else:
        groups.set_person(world, person, room, world.person(_number(asked, "member") or person.id), status)
    return True


@act
async def open_topic(world: World, person: Person, asked: Request) -> int:
    """Open a topic in a forum."""
    return groups.open_topic(world, person, _room(world, person, asked), str(asked.params.get("name", ""))).id


@act
async def turn_topic(world: World, person: Person, asked: Request) -> bool:
    """Close a topic (`closed` true) or open it again."""
    number = _number(asked, "topic_id") or 0
    groups.turn_topic(
        world, person, _room(world, person, asked), number, closed=bool(asked.params.get("closed"))
    )
    return True
