"""The world as the page and the test client see it."""

import dataclasses

from bot.sandbox.methods.account import commands_for
from bot.sandbox.model import Bot, Json, Person, Room
from bot.sandbox.world import Change, World

PAGE_OF_MESSAGES = 200


def state(world: World) -> Json:
    """Everything but messages."""
    return {
        "serial": world.serial,
        "bots": [bot(item) for item in world.bots.values()],
        "people": [person(item) for item in world.people.values()],
        "rooms": [room(world, item) for item in world.rooms.values()],
        "limits": dataclasses.asdict(world.limits),
    }


def bot(item: Bot) -> Json:
    """One bot."""
    texts = {name: item.texts.get(f"{name}|", "") for name in ("description", "short_description")}
    return {"id": item.id, "name": item.name, "username": item.account.username} | texts


def person(item: Person) -> Json:
    """One person."""
    return dataclasses.asdict(item)


def room(world: World, item: Room) -> Json:
    """A room without its messages, but with the newest one."""
    newest = next(reversed(item.messages.values()), None)
    return {
        "key": item.key,
        "chat": item.chat,
        "people": item.people,
        "bots": item.bots,
        "topics": [dataclasses.asdict(topic) for topic in item.topics.values()],
        "pinned": item.pinned,
        "keyboard": item.keyboard,
        "blocked": item.blocked,
        "started": item.started,
        "newest": newest,
        "commands": _commands(world, item),
    }


def _commands(world: World, item: Room) -> Json:
    return {
        str(number): [
            command | {"bot": world.bots[bot_id].account.username}
            for bot_id in item.bots
            for command in commands_for(world.bots[bot_id], item, number, world.people[number].language_code)
        ]
        for number in item.people
    }


def room_with_messages(world: World, item: Room, before: int) -> Json:
    """A room with the newest messages older than number `before`."""
    shown = [m for number, m in item.messages.items() if number < before][-PAGE_OF_MESSAGES:]
    reactions = {number: given for number, given in item.reactions.items() if any(given.values())}
    return room(world, item) | {"messages": shown, "reactions": reactions}


def since(world: World, serial: int) -> list[Json]:
    """Changes after `serial`, oldest first, with the messages they are about."""
    found: list[Change] = []
    for change in reversed(world.changes):
        if change.serial <= serial:
            break
        found.append(change)
    return [_change(world, change) for change in reversed(found)]


def news(world: World, who: Person, serial: int) -> list[Json]:
    """Changes after `serial` that one person can see."""
    return [change for change in since(world, serial) if _visible(world, change, who)]


def _visible(world: World, change: Json, who: Person) -> bool:
    place = world.rooms.get(change["room"])
    return place is not None and who.id in place.people


def _change(world: World, change: Change) -> Json:
    place = world.rooms.get(change.room)
    told: Json = {"serial": change.serial, "kind": change.kind, "room": change.room}
    if change.message_id:
        told["message_id"] = change.message_id
        message = place.messages.get(change.message_id) if place else None
        told["message"] = message
    if change.kind == "message" and place and place.keyboard:
        told["keyboard"] = place.keyboard
    if change.detail is not None:
        told["detail"] = change.detail
    return told
