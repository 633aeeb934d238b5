"""Coming and going: members, administrators, blocks and topics made by people."""

from bot.sandbox.methods.chats import member_json
from bot.sandbox.methods.forum import new_topic
from bot.sandbox.model import ADMIN, ADMINS, KICKED, LEFT, MEMBER, PRESENT, Bot, Json, Person, Room, Topic
from bot.sandbox.people import refuse
from bot.sandbox.world import World

BLUE = 7322096


def set_blocked(world: World, person: Person, bot: Bot, *, blocked: bool) -> None:
    """Block a bot or let it write again; the bot is told.

    Raises:
        ApiError: 400 when that is how it already is.
    """
    room = world.private(bot, person)
    if room.blocked is blocked:
        raise refuse("nothing to change")
    room.blocked = blocked
    old, new = (MEMBER, KICKED) if blocked else (KICKED, MEMBER)
    _tell_own_change(world, person, room, bot, (old, new))
    world.changed("room", room.key)


def _tell_own_change(world: World, actor: Person, room: Room, bot: Bot, change: tuple[str, str]) -> None:
    world.tell(bot.id, "my_chat_member", _change(world, actor, room, bot.user(), change))


def _change(world: World, actor: Person, room: Room, who: Json, change: tuple[str, str]) -> Json:
    old, new = change
    return {
        "chat": room.chat,
        "from": actor.user(),
        "date": int(world.clock()),
        "old_chat_member": member_json(who, old),
        "new_chat_member": member_json(who, new),
    }


def set_bot(world: World, actor: Person, room: Room, bot: Bot, status: str) -> None:
    """Add a bot to a group, promote or demote it, or take it out.

    Raises:
        ApiError: 400 when that is how it already is.
    """
    before = room.bots.get(bot.id, LEFT)
    if before == status:
        raise refuse("nothing to change")
    room.bots[bot.id] = status
    _tell_own_change(world, actor, room, bot, (before, status))
    if before not in PRESENT and status in PRESENT:
        _service(world, actor, room, {"new_chat_members": [bot.user()]})
    elif before in PRESENT and status not in PRESENT:
        _service(world, actor, room, {"left_chat_member": bot.user()})
    world.changed("room", room.key)


def set_person(world: World, actor: Person, room: Room, person: Person, status: str) -> None:
    """Let a person join, leave, or become administrator.

    Raises:
        ApiError: 400 when that is how it already is.
    """
    before = room.people.get(person.id, LEFT)
    if before == status:
        raise refuse("nothing to change")
    room.people[person.id] = status
    if before not in PRESENT and status in PRESENT:
        _service(world, actor, room, {"new_chat_members": [person.user()]})
    elif before in PRESENT and status not in PRESENT:
        _service(world, actor, room, {"left_chat_member": person.user()})
    change = _change(world, actor, room, person.user(), (before, status))
    for bot_id, bot_status in room.bots.items():
        if bot_status in ADMINS:
            world.tell(bot_id, "chat_member", change)
    world.changed("room", room.key)


def _service(world: World, actor: Person, room: Room, content: Json) -> None:
    world.tell_bots(room, "message", world.post(room, actor.user(), content))


def open_topic(world: World, actor: Person, room: Room, name: str) -> Topic:
    """Open a topic in a forum.

    Raises:
        ApiError: 400 when the group has no topics or the name is empty.
    """
    if not room.is_forum:
        raise refuse("the chat is not a forum")
    if not name.strip():
        raise refuse("topic name must be non-empty")
    topic, content = new_topic(room, name.strip(), BLUE, None)
    world.tell_bots(room, "message", world.post(room, actor.user(), content, topic=topic))
    return topic


def turn_topic(world: World, actor: Person, room: Room, number: int, *, closed: bool) -> None:
    """Close a topic or open it again.

    Raises:
        ApiError: 400 when there is no such topic, or that is how it already is.
    """
    topic = room.topics.get(number)
    if topic is None or topic.closed is closed:
        raise refuse("nothing to change")
    topic.closed = closed
    content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    world.tell_bots(room, "message", world.post(room, actor.user(), content, topic=topic))


STATUSES = frozenset({ADMIN, MEMBER, LEFT, KICKED})
