"""What people do in the practice place, as their messenger app would do it for them."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.entities import trimmed, utf16_length, with_automatic
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import Upload
from bot.sandbox.methods.common import CAPTION_UNITS, TEXT_UNITS, without_reply
from bot.sandbox.methods.media import check_album, stored_content
from bot.sandbox.methods.sending import origin
from bot.sandbox.model import PRESENT, Json, Person, Room
from bot.sandbox.world import Press, World


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: a room, maybe one of its topics, maybe in answer to a message."""

    room: Room
    topic_id: int | None = None
    reply_to: int | None = None


def refuse(reason: str) -> ApiError:
    """What the app would not let a person do."""
    return bad_request(reason)


def send(world: World, person: Person, place: Place, content: Json) -> Json:
    """Put a person's message into a room and queue it for the bots there.

    Raises:
        ApiError: 400 when the person cannot write there.
    """
    room = place.room
    _check_writable(person, place)
    topic = room.topics.get(place.topic_id or 0)
    whole = _reply(room, place) | content
    message = world.post(room, person.user(), whole, topic=topic)
    _thread_of_reply(room, message)
    if room.is_private:
        room.started = True
    _put_keyboard_away(room)
    world.tell_bots(room, "message", message)
    return message


def _check_writable(person: Person, place: Place) -> None:
    room = place.room
    if room.people.get(person.id) not in PRESENT:
        raise refuse(f"{person.first_name} is not in this chat")
    if room.blocked:
        raise refuse("unblock the bot first")
    if place.topic_id and place.topic_id not in room.topics:
        raise refuse("message thread not found")
    if place.topic_id and room.topics[place.topic_id].closed and room.people[person.id] == "member":
        raise refuse("TOPIC_CLOSED")


def _reply(room: Room, place: Place) -> Json:
    original = room.messages.get(
        place.reply_to or place.topic_id or 0
    )  # in a topic everything answers its opening
    if original is None:
        if place.reply_to:
            raise refuse("message to be replied not found")
        return {}
    return {"reply_to_message": without_reply(original)}


def _thread_of_reply(room: Room, message: Json) -> None:
    original = message.get("reply_to_message")
    if original and not room.is_private and "message_thread_id" not in message:
        if not room.is_forum:
            message["message_thread_id"] = original.get("message_thread_id", original["message_id"])
        elif original.get("is_topic_message"):
            message |= {"message_thread_id": original["message_thread_id"], "is_topic_message": True}


def _put_keyboard_away(room: Room) -> None:
    if room.keyboard and (room.keyboard.get("one_time_keyboard") or room.keyboard.get("force_reply")):
        room.keyboard = None


def text_parts(text: str) -> list[Json]:
    """The contents of the one or more messages the app would make of a text: it splits what is too long.

    Raises:
        ApiError: 400 when there is nothing to send.
    """
    kept, _ = trimmed(text, [])
    if not kept:
        raise refuse("message text is empty")
    return [_text(part) for part in _split(kept)]


def _split(text: str) -> list[str]:
    parts, rest = [], text
    while utf16_length(rest) > TEXT_UNITS:
        piece = rest.encode("utf-16-le")[: TEXT_UNITS * 2].decode("utf-16-le", "ignore")
        cut = max(piece.rfind("\n"), piece.rfind(" "))
        piece = piece[:cut] if cut > 0 else piece
        parts.append(piece.strip())
        rest = rest[len(piece) :].strip()
    return [*parts, rest] if rest else parts


def _text(text: str) -> Json:
    entities = with_automatic(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption(text: str) -> Json:
    """The caption fields of a person's photo or file.

    Raises:
        ApiError: 400 when it is too long.
    """
    kept, _ = trimmed(text, [])
    if utf16_length(kept) > CAPTION_UNITS:
        raise refuse("message caption is too long")
    if not kept:
        return {}
    entities = with_automatic(kept, [])
    return {"caption": kept} | ({"caption_entities": entities} if entities else {})


async def send_files(
    world: World, person: Person, place: Place, files: list[tuple[str, Upload]], text: str
) -> list[Json]:
    """Send one file, or several as an album; the caption stands under the first.

    Raises:
        ApiError: 400 or 413 when the app would not take them.
    """
    if len(files) > 1:
        check_album([{"type": kind} for kind, _ in files])
    _check_writable(person, place)
    contents = [await stored_content(world, kind, upload, {}) for kind, upload in files]
    contents[0] |= caption(text)
    group: Json = {"media_group_id": str(world.number())} if len(files) > 1 else {}
    return [send(world, person, place, group | content) for content in contents]


def forward(world: World, person: Person, place: Place, original: Json) -> Json:
    """Forward a message the person can see."""
    content = {
        k: v for k, v in original.items() if k not in {"message_id", "from", "chat", "date", "reply_markup"}
    }
    for gone in ("reply_to_message", "message_thread_id", "is_topic_message", "edit_date", "media_group_id"):
        content.pop(gone, None)
    return send(world, person, place, content | {"forward_origin": origin(original)})


def edit(world: World, person: Person, room: Room, number: int, text: str) -> Json:
    """Change the text or caption of one's own message.

    Raises:
        ApiError: 400 when it is not one's own or nothing would change.
    """
    message = room.messages.get(number)
    if message is None or message["from"]["id"] != person.id or "forward_origin" in message:
        raise refuse("message can't be edited")
    changed = _text(text.strip()) if "text" in message else caption(text)
    gone = {"text", "entities", "caption", "caption_entities", "edit_date"}
    kept = {key: value for key, value in message.items() if key not in gone}
    edited = kept | {"edit_date": int(world.clock())} | changed
    room.messages[number] = edited
    world.changed("edit", room.key, number)
    world.tell_bots(room, "edited_message", edited)
    return edited


def delete(world: World, person: Person, room: Room, number: int) -> None:
    """Remove one's own message; bots are not told, as in Telegram.

    Raises:
        ApiError: 400 when it is not one's own.
    """
    message = room.messages.get(number)
    if message is None or message["from"]["id"] != person.id:
        raise refuse("message can't be deleted")
    del room.messages[number]
    world.changed("delete", room.key, number)


def press(world: World, person: Person, room: Room, number: int, data: str) -> str:
    """Press an inline button and return the callback query's id.

    Raises:
        ApiError: 400 when no such button stands under the message.
    """
    message = room.messages.get(number)
    buttons = [b for row in (message or {}).get("reply_markup", {}).get("inline_keyboard", []) for b in row]
    if message is None or not any(button.get("callback_data") == data for button in buttons):
        raise refuse("no such button under this message")
    query_id = str(world.number())
    bot_id = message["from"]["id"]
    world.presses[query_id] = Press(bot_id, person.id, room.key, world.clock())
    query: Json = {
        "id": query_id,
        "from": person.user(),
        "message": message,
        "chat_instance": str(hash_of(room)),
    }
    world.tell(bot_id, "callback_query", query | {"data": data})
    world.changed("press", room.key, number, {"id": query_id, "person": person.id, "data": data})
    return query_id


def hash_of(room: Room) -> int:
    """A lasting number for a room, as `chat_instance` wants it."""
    return int.from_bytes(room.key.encode()[-7:]) + 1


def press_key(world: World, person: Person, place: Place, button: Json) -> Json:
    """Press a button under the input field: it sends its text, the person's contact, or a place.

    Raises:
        ApiError: 400 when the person cannot write there.
    """
    if button.get("request_contact"):
        return send(world, person, place, {"contact": own_contact(person)})
    if button.get("request_location"):
        return send(
            world,
            person,
            place,
            {"location": button.get("location") or {"latitude": -7.7659, "longitude": 110.2938}},
        )
    return send(world, person, place, _text(button["text"]))


def own_contact(person: Person) -> Json:
    """A person's own contact card."""
    contact: Json = {"phone_number": person.phone_number, "first_name": person.first_name}
    if person.last_name:
        contact["last_name"] = person.last_name
    return contact | {"user_id": person.id}


def react(world: World, person: Person, room: Room, number: int, emoji: list[str]) -> None:
    """Put emoji on a message.

    Raises:
        ApiError: 400 when the message is gone.
    """
    if number not in room.messages:
        raise refuse("message to react not found")
    given = room.reactions.setdefault(number, {})
    before, given[person.id] = given.get(person.id, []), emoji
    update: Json = {
        "chat": room.chat,
        "message_id": number,
        "user": person.user(),
        "date": int(world.clock()),
    }
    update |= {"old_reaction": _reactions(before), "new_reaction": _reactions(emoji)}
    for bot_id, status in room.bots.items():
        if room.is_private or status == "administrator":
            world.tell(bot_id, "message_reaction", update)
    world.changed("reaction", room.key, number)


def _reactions(emoji: list[str]) -> list[Json]:
    return [{"type": "emoji", "emoji": one} for one in emoji]


def vote(world: World, person: Person, room: Room, number: int, options: list[int]) -> None:
    """Vote in a poll.

    Raises:
        ApiError: 400 when there is no open poll.
    """
    message = room.messages.get(number, {})
    poll: Any = message.get("poll")
    if not poll or poll["is_closed"]:
        raise refuse("there is no open poll in this message")
    if not options or max(options) >= len(poll["options"]):
        raise refuse("no such option")
    counted = [o | {"voter_count": o["voter_count"] + (n in options)} for n, o in enumerate(poll["options"])]
    poll = poll | {"options": counted, "total_voter_count": poll["total_voter_count"] + 1}
    room.messages[number] = message | {"poll": poll}
    world.changed("edit", room.key, number)
    if message["from"]["id"] in world.bots:
        answer = {"poll_id": poll["id"], "user": person.user(), "option_ids": options}
        answer["option_persistent_ids"] = [str(option) for option in options]
        if not poll["is_anonymous"]:
            world.tell(message["from"]["id"], "poll_answer", answer)
        world.tell(message["from"]["id"], "poll", poll)
