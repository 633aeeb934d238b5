"""Topics of forum groups."""

from bot.sandbox.errors import bad_request
from bot.sandbox.methods.common import spend
from bot.sandbox.model import ADMINS, Json, Room, Topic
from bot.sandbox.registry import Call, handles

COLORS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
NAME_UNITS = 128


def _forum(call: Call) -> Room:
    room = call.world.room_for(call.bot, call.params["chat_id"])
    if not room.is_forum:
        raise bad_request("the chat is not a forum")
    if room.bots[call.bot.id] not in ADMINS:
        raise bad_request("not enough rights to create a topic")
    return room


def _named(call: Call, room: Room) -> tuple[Room, Topic]:
    topic = room.topics.get(call.params["message_thread_id"])
    if topic is None:
        raise bad_request("message thread not found")
    return room, topic


def _checked_name(name: str) -> str:
    if not name.strip():
        raise bad_request("topic name must be non-empty")
    if len(name) > NAME_UNITS:
        raise bad_request("topic name is too long")
    return name.strip()


def new_topic(room: Room, name: str, color: int, icon: str | None) -> tuple[Topic, Json]:
    """The next topic of a room, and the service content that opens it."""
    topic = Topic(room.next_id, name, color, icon)
    room.topics[topic.id] = topic
    created: Json = {"name": name, "icon_color": color}
    if icon:
        created["icon_custom_emoji_id"] = icon
    return topic, {"forum_topic_created": created}


@handles("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """Open a topic."""
    room = _forum(call)
    name = _checked_name(call.params["name"])
    color, icon = call.get("icon_color", 7322096), call.get("icon_custom_emoji_id")
    if color not in COLORS:
        raise bad_request("wrong topic icon color specified")
    spend(call, room)
    topic, content = new_topic(room, name, color, icon)
    call.world.post(room, call.bot.user(), content, topic=topic)
    return {"message_thread_id": topic.id, **content["forum_topic_created"]}


@handles("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Give a topic another name or icon."""
    room, topic = _named(call, _forum(call))
    edited: Json = {}
    if call.get("name") is not None and call.params["name"] != topic.name:
        topic.name = edited["name"] = _checked_name(call.params["name"])
    if call.get("icon_custom_emoji_id") is not None:
        topic.icon_custom_emoji_id = edited["icon_custom_emoji_id"] = call.params["icon_custom_emoji_id"]
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    call.world.post(room, call.bot.user(), {"forum_topic_edited": edited}, topic=topic)
    return True


@handles("closeForumTopic", "reopenForumTopic")
def turn_topic(call: Call) -> bool:
    """Close a topic or open it again."""
    room, topic = _named(call, _forum(call))
    closing = call.method == "closeForumTopic"
    if topic.closed is closing:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closing
    service = "forum_topic_closed" if closing else "forum_topic_reopened"
    call.world.post(room, call.bot.user(), {service: {}}, topic=topic)
    return True


@handles("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    """Remove a topic with everything in it."""
    room, topic = _named(call, _forum(call))
    del room.topics[topic.id]
    gone = [
        number for number, message in room.messages.items() if message.get("message_thread_id") == topic.id
    ]
    for number in gone:
        del room.messages[number]
    call.world.changed("room", room.key)
    return True


@handles("unpinAllForumTopicMessages")
def unpin_topic(call: Call) -> bool:
    """Unpin what is pinned in one topic."""
    room, topic = _named(call, _forum(call))
    room.pinned = [n for n in room.pinned if room.messages[n].get("message_thread_id") != topic.id]
    call.world.changed("room", room.key)
    return True


@handles("getForumTopicIconStickers")
def icon_stickers(_call: Call) -> list[Json]:
    """The sandbox has no icon stickers."""
    return []
