"""What a bot can learn about chats and their members, and do there as an administrator."""

from bot.sandbox.errors import bad_request
from bot.sandbox.model import ADMINS, KICKED, LEFT, OWNER, PRESENT, Json, Room
from bot.sandbox.registry import Call, handles, person_json

RIGHTS = [
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_topics",
]


def member_json(user: Json, status: str) -> Json:
    """A `ChatMember` of any status."""
    member: Json = {"user": user, "status": status}
    if status == OWNER:
        return member | {"is_anonymous": False}
    if status == "administrator":
        return member | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
    return member | ({"until_date": 0} if status == KICKED else {})


@handles("getChat")
def get_chat(call: Call) -> Json:
    """All the sandbox knows of a chat."""
    room = call.world.known_room(call.bot, call.params["chat_id"])
    full = room.chat | {
        "accent_color_id": room.chat["id"] % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    pinned = room.messages.get(room.pinned[0]) if room.pinned else None
    return full | ({"pinned_message": call.world.personal(pinned, call.bot.id)} if pinned else {})


def _group(call: Call) -> Room:
    room = call.world.room_for(call.bot, call.params["chat_id"])
    if room.is_private:
        raise bad_request("there are no administrators in the private chat")
    return room


@handles("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """Owner and administrators; of the bots only the one that asks."""
    room = _group(call)
    found = [member_json(call.world.people[n].user(), s) for n, s in room.people.items() if s in ADMINS]
    own = room.bots[call.bot.id]
    return found + ([member_json(call.bot.user(), own)] if own in ADMINS else [])


@handles("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many people and bots are in a chat."""
    room = call.world.room_for(call.bot, call.params["chat_id"])
    return sum(status in PRESENT for status in [*room.people.values(), *room.bots.values()])


@handles("getChatMember")
def get_chat_member(call: Call) -> Json:
    """How somebody stands to a chat."""
    room = call.world.room_for(call.bot, call.params["chat_id"])
    number = call.params["user_id"]
    status = (room.bots if number in call.world.bots else room.people).get(number, LEFT)
    return member_json(person_json(call, number), status)


@handles("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> Json:
    """Nobody here has a profile photo."""
    person_json(call, call.params["user_id"])
    return {"total_count": 0, "photos": []}


def _managed(call: Call) -> tuple[Room, int]:
    room = _group(call)
    if room.bots[call.bot.id] not in ADMINS:
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    number = call.params["user_id"]
    if room.people.get(number) == OWNER:
        raise bad_request("can't remove chat owner")
    return room, number


@handles("banChatMember")
def ban_chat_member(call: Call) -> bool:
    """Throw somebody out."""
    room, number = _managed(call)
    room.people[number] = KICKED
    content = {"left_chat_member": person_json(call, number)}
    call.world.post(room, call.bot.user(), content)
    return True


@handles("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """Let somebody come back."""
    room, number = _managed(call)
    if not (call.get("only_if_banned") and room.people.get(number) != KICKED):
        room.people[number] = LEFT
    call.world.changed("room", room.key)
    return True


@handles("leaveChat")
def leave_chat(call: Call) -> bool:
    """Go away from a group."""
    room = _group(call)
    room.bots[call.bot.id] = LEFT
    call.world.post(room, call.bot.user(), {"left_chat_member": call.bot.user()})
    return True


@handles("setChatTitle")
def set_chat_title(call: Call) -> bool:
    """Give a group another title."""
    room = _group(call)
    if room.bots[call.bot.id] not in ADMINS:
        raise bad_request("not enough rights to change chat title")
    title = call.params["title"]
    if not 1 <= len(title) <= 128:
        raise bad_request("chat title is empty" if not title else "CHAT_TITLE_TOO_LONG")
    room.chat["title"] = title
    call.world.post(room, call.bot.user(), {"new_chat_title": title})
    return True
