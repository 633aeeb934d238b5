"""What the sending and editing methods share."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import Entity, Formatted, parse_html, trimmed, utf16_length, with_automatic
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import apply_keyboard, checked_markup, inline_only
from bot.sandbox.markdown import parse_markdown, parse_markdown_v2
from bot.sandbox.model import ADMINS, Json, Room, Topic
from bot.sandbox.registry import Call

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
PARSERS: dict[str, Callable[[str], Formatted]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}


def formatted(call: Call, source: str, mode: str | None, entities: list[Entity] | None) -> Formatted:
    """Text and entities as they will stand in the message.

    Raises:
        ApiError: 400 when the text does not parse.
    """
    if mode and mode.lower() != "none":
        parse = PARSERS.get(mode.lower())
        if parse is None:
            raise bad_request("unsupported parse_mode")
        text, found = parse(source)
    else:
        text, found = source, list(entities or [])
    text, found = trimmed(text, found)
    return text, with_automatic(text, [_with_user(call, entity) for entity in found])


def _with_user(call: Call, entity: Entity) -> Entity:
    if "user_id" not in entity:
        return entity
    kept = {key: value for key, value in entity.items() if key != "user_id"}
    person = call.world.people.get(entity["user_id"])
    return kept | {"user": person.user()} if person else kept | {"type": "text_link", "url": "tg://user"}


def text_content(call: Call) -> Json:
    """The `text` and `entities` of a message from the call's parameters.

    Raises:
        ApiError: 400 when the text is empty, too long or does not parse.
    """
    text, entities = formatted(call, call.params["text"], call.get("parse_mode"), call.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_UNITS:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return content | _preview(call.get("link_preview_options"))


def _preview(options: Json | None) -> Json:
    return {"link_preview_options": options} if options else {}


def caption_content(call: Call, given: Any) -> Json:
    """The caption fields of a message, from the call or from one item of an album.

    Raises:
        ApiError: 400 when the caption is too long or does not parse.
    """
    text, entities = formatted(
        call, given.get("caption") or "", given.get("parse_mode"), given.get("caption_entities")
    )
    if utf16_length(text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    content: Json = {"caption": text} if text else {}
    if entities:
        content["caption_entities"] = entities
    if given.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def target(call: Call, count: int = 1) -> tuple[Room, Topic | None]:
    """The room and topic a call writes to, counted against the flood limits.

    Raises:
        ApiError: 400, 403 or 429.
    """
    room = call.world.room_for(call.bot, call.params["chat_id"])
    topic = thread(call, room)
    spend(call, room, count)
    return room, topic


def spend(call: Call, room: Room, count: int = 1) -> None:
    """Count messages against the flood limits.

    Raises:
        ApiError: 429 when there were too many.
    """
    world = call.world
    if world.limits.enabled:
        world.limiters[call.bot.id].take(room.chat["id"], count, world.limits, world.clock())


def thread(call: Call, room: Room) -> Topic | None:
    """The topic a call names, if any.

    Raises:
        ApiError: 400 when there is no such topic, or it is closed to the bot.
    """
    number = call.get("message_thread_id")
    if number is None:
        return None
    topic = room.topics.get(number)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and room.bots[call.bot.id] not in ADMINS:
        raise bad_request("TOPIC_CLOSED")
    return topic


def reply_content(call: Call, room: Room) -> Json:
    """The `reply_to_message` of a message that answers another one.

    Raises:
        ApiError: 400 when the message to answer is gone and the call insists on it.
    """
    asked = call.get("reply_parameters")
    if not asked:
        return {}
    original = room.messages.get(asked["message_id"])
    if original is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(original)}


def without_reply(message: Json) -> Json:
    """A message as it stands inside another: without the one it answers itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def deliver(call: Call, room: Room, topic: Topic | None, content: Json) -> Json:
    """Put the bot's message into the room and return it as the bot is told.

    Raises:
        ApiError: 400 for a faulty keyboard or a missing message to answer.
    """
    markup = checked_markup(call.get("reply_markup"))
    whole = reply_content(call, room) | content
    if inline := inline_only(markup):
        whole["reply_markup"] = inline
    if call.get("protect_content"):
        whole["has_protected_content"] = True
    topic = topic or _topic_of_reply(room, whole)
    message = call.world.post(room, call.bot.user(), whole, topic=topic)
    apply_keyboard(room, markup, message["message_id"])
    return call.world.personal(message, call.bot.id)


def _topic_of_reply(room: Room, content: Json) -> Topic | None:
    number = content.get("reply_to_message", {}).get("message_thread_id")
    return room.topics.get(number) if number else None
