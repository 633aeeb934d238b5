"""Sending everything that is not a file."""

import random
from typing import Any

from bot.sandbox.entities import utf16_length
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.common import caption_content, deliver, spend, target, text_content, without_reply
from bot.sandbox.model import Json, Room
from bot.sandbox.registry import Call, handles

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
        "record_audio",
        "upload_audio",
    ]
)
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
CONTENT = frozenset(
    [
        "text",
        "entities",
        "caption",
        "caption_entities",
        "photo",
        "document",
        "video",
        "voice",
        "audio",
        "animation",
        "sticker",
        "video_note",
        "contact",
        "location",
        "venue",
        "poll",
        "dice",
    ]
)


@handles("sendMessage")
def send_message(call: Call) -> Json:
    """Send a text."""
    room, topic = target(call)
    return deliver(call, room, topic, text_content(call))


@handles("sendLocation")
def send_location(call: Call) -> Json:
    """Send a point on the map."""
    room, topic = target(call)
    return deliver(call, room, topic, {"location": _location(call)})


def _location(call: Call) -> Json:
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    extra = ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    given = {name: call.params[name] for name in extra if name in call.params}
    return {"latitude": latitude, "longitude": longitude, **given}


@handles("sendVenue")
def send_venue(call: Call) -> Json:
    """Send a named place."""
    room, topic = target(call)
    location = _location(call)
    venue = {"location": location, "title": call.params["title"], "address": call.params["address"]}
    return deliver(call, room, topic, {"venue": venue, "location": location})


@handles("sendContact")
def send_contact(call: Call) -> Json:
    """Send a phone number with a name."""
    room, topic = target(call)
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.params[name] for name in names if name in call.params}
    return deliver(call, room, topic, {"contact": contact})


@handles("sendPoll")
def send_poll(call: Call) -> Json:
    """Send a poll; people vote on the page."""
    room, topic = target(call)
    question, options = call.params["question"], call.params["options"]
    if utf16_length(question) > 300:
        raise bad_request("poll question length must not exceed 300")
    if not 1 <= len(options) <= 12:
        raise bad_request(
            "poll must have at least 1 option" if not options else "poll can't have more than 12 options"
        )
    return deliver(call, room, topic, {"poll": poll(call.world.number(), question, options, call)})


def poll(number: int, question: str, options: list[Any], given: Any) -> Json:
    """A fresh `Poll` nobody has voted in."""
    texts = [option if isinstance(option, str) else option["text"] for option in options]
    anonymous = given.get("is_anonymous")
    return {
        "id": str(number),
        "question": question,
        "options": [
            {"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(texts)
        ],
        "total_voter_count": 0,
        "is_closed": bool(given.get("is_closed")),
        "is_anonymous": True if anonymous is None else anonymous,
        "type": given.get("type") or "regular",
        "allows_multiple_answers": bool(given.get("allows_multiple_answers")),
        "allows_revoting": True,
        "members_only": False,
    }


@handles("sendDice")
def send_dice(call: Call) -> Json:
    """Throw a die."""
    room, topic = target(call)
    emoji = call.get("emoji", "🎲")
    if emoji not in DICE:
        raise bad_request("wrong dice emoji specified")
    value = random.Random(call.world.number()).randint(1, DICE[emoji])  # noqa: S311 - a toy die
    return deliver(call, room, topic, {"dice": {"emoji": emoji, "value": value}})


@handles("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Show that the bot is writing."""
    room = call.world.room_for(call.bot, call.params["chat_id"])
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.changed("action", room.key, detail={"bot": call.bot.id, "action": call.params["action"]})
    return True


def _original(call: Call, number: int) -> Json:
    source = call.world.known_room(call.bot, call.params["from_chat_id"])
    found = source.messages.get(number)
    if found is None:
        word = "forward" if call.method.startswith("forward") else "copy"
        raise bad_request(f"message to {word} not found")
    if found.get("has_protected_content") or not found.keys() & CONTENT:
        word = "forwarded" if call.method.startswith("forward") else "copied"
        raise bad_request(f"message can't be {word}")
    return found


def origin(message: Json) -> Json:
    """Where a forwarded message first came from."""
    if "forward_origin" in message:
        kept: Json = message["forward_origin"]
        return kept
    return {"type": "user", "sender_user": message["from"], "date": message["date"]}


@handles("forwardMessage")
def forward_message(call: Call) -> Json:
    """Show a message again with where it came from."""
    room, topic = target(call)
    return deliver(call, room, topic, _forwarded(_original(call, call.params["message_id"])))


def _forwarded(original: Json) -> Json:
    content = {key: value for key, value in original.items() if key in CONTENT}
    return content | {"forward_origin": origin(original)}


@handles("copyMessage")
def copy_message(call: Call) -> Json:
    """Send a message's content again as the bot's own."""
    room, topic = target(call)
    original = _original(call, call.params["message_id"])
    content = {key: value for key, value in original.items() if key in CONTENT}
    if call.get("caption") is not None and not original.keys() & {
        "text",
        "location",
        "contact",
        "poll",
        "dice",
    }:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | caption_content(
            call, call
        )
    return {"message_id": deliver(call, room, topic, content)["message_id"]}


@handles("forwardMessages", "copyMessages")
def send_again(call: Call) -> list[Json]:
    """Forward or copy several messages; those that are gone are left out."""
    numbers = call.params["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad_request(
            "message identifiers are not specified" if not numbers else "too many message identifiers"
        )
    room, topic = target(call, len(numbers))
    source = call.world.known_room(call.bot, call.params["from_chat_id"])
    found = [source.messages[n] for n in numbers if n in source.messages]
    forward = call.method.startswith("forward")
    sent = [deliver(call, room, topic, _forwarded(m) if forward else _copied(m)) for m in found]
    return [{"message_id": message["message_id"]} for message in sent]


def _copied(message: Json) -> Json:
    return {key: value for key, value in message.items() if key in CONTENT}


@handles("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message and say so in the room."""
    room = _administered(call, "not enough rights to manage pinned messages in the chat")
    message = room.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to pin not found")
    spend(call, room)
    room.pinned = [message["message_id"], *(n for n in room.pinned if n != message["message_id"])]
    topic = room.topics.get(message.get("message_thread_id", 0))
    call.world.post(room, call.bot.user(), {"pinned_message": without_reply(message)}, topic=topic)
    return True


@handles("unpinChatMessage", "unpinAllChatMessages")
def unpin_chat_message(call: Call) -> bool:
    """Unpin one message, the newest pinned one, or all of them."""
    room = _administered(call, "not enough rights to manage pinned messages in the chat")
    number = call.get("message_id")
    if call.method == "unpinAllChatMessages":
        room.pinned = []
    elif number is None:
        room.pinned = room.pinned[1:]
    elif number in room.pinned:
        room.pinned.remove(number)
    else:
        raise bad_request("message to unpin not found")
    call.world.changed("room", room.key)
    return True


def _administered(call: Call, refusal: str) -> Room:
    room = call.world.room_for(call.bot, call.params["chat_id"])
    if not room.is_private and room.bots[call.bot.id] == "member":
        raise bad_request(refusal)
    return room
