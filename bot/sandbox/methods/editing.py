"""Changing and removing what was sent, and answering pressed buttons."""

from bot.sandbox.entities import utf16_length
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.keyboards import checked_markup, inline_only
from bot.sandbox.methods.common import caption_content, spend, text_content
from bot.sandbox.methods.media import media_content
from bot.sandbox.model import ADMINS, Json, Room
from bot.sandbox.registry import Call, handles

DELETABLE_SECONDS = 48 * 3600
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MEDIA = ("photo", "document", "video", "audio", "animation", "voice", "sticker")
TEXT_FIELDS = frozenset({"text", "entities", "link_preview_options"})
CAPTION_FIELDS = frozenset({"caption", "caption_entities", "show_caption_above_media"})


def _editable(call: Call) -> tuple[Room, Json]:
    if call.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    room = call.world.room_for(call.bot, call.params["chat_id"])
    message = room.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != call.bot.id or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return room, message


def _replace(call: Call, room: Room, message: Json, content: Json, fields: frozenset[str]) -> Json:
    markup = inline_only(checked_markup(call.get("reply_markup")))
    kept = {key: value for key, value in message.items() if key not in fields | {"reply_markup", "edit_date"}}
    changed = kept | content | ({"reply_markup": markup} if markup else {})
    if changed == {key: value for key, value in message.items() if key != "edit_date"}:
        raise bad_request(SAME)
    spend(call, room)
    if fields or content:
        changed["edit_date"] = int(call.world.clock())
    elif "edit_date" in message:
        changed["edit_date"] = message["edit_date"]
    room.messages[message["message_id"]] = changed
    call.world.changed("edit", room.key, message["message_id"])
    return call.world.personal(changed, call.bot.id)


@handles("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Change a text."""
    if call.get("text") is None:
        raise bad_request("message text is empty")
    room, message = _editable(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, room, message, text_content(call), TEXT_FIELDS)


@handles("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """Change what stands under a file."""
    room, message = _editable(call)
    if not any(kind in message for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _replace(call, room, message, caption_content(call, call), CAPTION_FIELDS)


@handles("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """Change only the buttons."""
    room, message = _editable(call)
    return _replace(call, room, message, {}, frozenset())


@handles("editMessageMedia")
async def edit_message_media(call: Call) -> Json:
    """Change the file of a message."""
    _, before = _editable(call)
    item = call.params["media"]
    content = await media_content(call, item["type"], item["media"], item) | caption_content(call, item)
    room, message = _editable(call)
    if "media_group_id" in before and item["type"] not in {"photo", "video", "document", "audio"}:
        raise bad_request("can't use the media of the specified type in the album")
    return _replace(call, room, message, content, frozenset(MEDIA) | CAPTION_FIELDS | TEXT_FIELDS)


@handles("stopPoll")
def stop_poll(call: Call) -> Json:
    """Close a poll."""
    room, message = _editable(call)
    if "poll" not in message:
        raise bad_request("message with poll to stop not found")
    if message["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    closed: Json = message["poll"] | {"is_closed": True}
    _replace(call, room, message, {"poll": closed}, frozenset())
    return closed


@handles("deleteMessage")
def delete_message(call: Call) -> bool:
    """Remove one message."""
    room = call.world.known_room(call.bot, call.params["chat_id"])
    problem = _undeletable(call, room, call.params["message_id"])
    if problem:
        raise problem
    _remove(call, room, call.params["message_id"])
    return True


@handles("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Remove several messages; those that cannot be removed stay."""
    numbers = call.params["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad_request(
            "message identifiers are not specified" if not numbers else "too many message identifiers"
        )
    room = call.world.known_room(call.bot, call.params["chat_id"])
    for number in numbers:
        if _undeletable(call, room, number) is None:
            _remove(call, room, number)
    return True


def _undeletable(call: Call, room: Room, number: int) -> ApiError | None:
    message = room.messages.get(number)
    if message is None:
        return bad_request("message to delete not found")
    own = message["from"]["id"] == call.bot.id
    young = call.world.clock() - message["date"] < DELETABLE_SECONDS
    admin = room.bots.get(call.bot.id) in ADMINS
    allowed = young if room.is_private else admin or (own and young)
    return None if allowed else bad_request("message can't be deleted")


def _remove(call: Call, room: Room, number: int) -> None:
    del room.messages[number]
    room.pinned = [pinned for pinned in room.pinned if pinned != number]
    call.world.changed("delete", room.key, number)


@handles("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Stop the button's spinner, with a word to the person if there is one."""
    press = call.world.presses.get(call.params["callback_query_id"])
    lifetime = call.world.limits.callback_lifetime
    if press is None or press.bot_id != call.bot.id or call.world.clock() - press.at > lifetime:
        raise bad_request(TOO_OLD)
    text = call.get("text", "")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered = True
    detail = {"id": call.params["callback_query_id"], "person": press.person, "text": text}
    detail["alert"] = bool(call.get("show_alert"))
    call.world.changed("answer", press.room, detail=detail)
    return True


@handles("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """Put the bot's emoji on a message."""
    room = call.world.room_for(call.bot, call.params["chat_id"])
    number = call.params["message_id"]
    if number not in room.messages:
        raise bad_request("message to react not found")
    chosen = call.get("reaction") or []
    if len(chosen) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction["type"] != "emoji" for reaction in chosen):
        raise bad_request("REACTION_INVALID")
    room.reactions.setdefault(number, {})[call.bot.id] = [reaction["emoji"] for reaction in chosen]
    call.world.changed("reaction", room.key, number)
    return True
