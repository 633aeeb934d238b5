"""What a bot says about itself."""

import re
from typing import Any

import orjson

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json
from bot.sandbox.registry import Call, handles

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS_AT_MOST = 100
TEXTS = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


@handles("getMe")
def get_me(call: Call) -> Json:
    """Who the bot is."""
    return call.bot.me()


@handles("logOut", "close")
def refuse_moving(call: Call) -> None:
    """There is no other server to move to.

    Raises:
        ApiError: 400 always.
    """
    raise bad_request(f"{call.method} is refused: this sandbox is the only server the bot can be on")


def _scope_key(call: Call) -> str:
    scope = call.get("scope") or {"type": "default"}
    return f"{orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode()}|{call.get('language_code', '')}"


@handles("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Set the commands menu of one scope and language."""
    commands = call.params["commands"]
    if len(commands) > COMMANDS_AT_MOST:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    named = [command | {"command": command["command"].lstrip("/")} for command in commands]
    call.bot.commands[_scope_key(call)] = named
    call.world.changed("bot", "", detail={"bot": call.bot.id})
    return True


def _check_command(command: Json) -> None:
    if not COMMAND.fullmatch(command["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


@handles("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The commands of one scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


@handles("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Take the commands of one scope and language away."""
    call.bot.commands.pop(_scope_key(call), None)
    call.world.changed("bot", "", detail={"bot": call.bot.id})
    return True


def _text(call: Call) -> tuple[str, int, str]:
    field, limit = TEXTS[call.method[5:]]
    return field, limit, f"{field}|{call.get('language_code', '')}"


@handles("setMyName", "setMyDescription", "setMyShortDescription")
def set_my_text(call: Call) -> bool:
    """Set the bot's name or a description in one language."""
    field, limit, key = _text(call)
    text = call.get(field, "")
    if len(text) > limit:
        raise bad_request(f"bot {field.replace('_', ' ')} is too long")
    call.bot.texts[key] = text
    if key == "name|":
        call.bot.name = text or call.bot.account.name
    call.world.changed("bot", "", detail={"bot": call.bot.id})
    return True


@handles("getMyName", "getMyDescription", "getMyShortDescription")
def get_my_text(call: Call) -> Json:
    """The bot's name or a description in one language, or else in none."""
    field, _, key = _text(call)
    fallback = call.bot.name if field == "name" else ""
    return {field: call.bot.texts.get(key) or call.bot.texts.get(f"{field}|") or fallback}


@handles("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """Choose what the menu button opens."""
    call.bot.menu_button = call.get("menu_button") or {"type": "default"}
    return True


@handles("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """What the menu button opens."""
    return call.bot.menu_button


def commands_for(bot: Any, room: Any, person: int, language: str) -> list[Json]:
    """The commands a person sees in a room: the narrowest scope that has any, own language first."""
    chat = room.chat["id"]
    scopes: list[Json] = [{"type": "chat", "chat_id": chat}]
    if not room.is_private:
        scopes.insert(0, {"chat_id": chat, "type": "chat_member", "user_id": person})
        if room.people.get(person) in {"creator", "administrator"}:
            scopes += [{"chat_id": chat, "type": "chat_administrators"}, {"type": "all_chat_administrators"}]
    scopes += [{"type": "all_private_chats" if room.is_private else "all_group_chats"}, {"type": "default"}]
    for scope in scopes:
        name = orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode()
        for spoken in (language, ""):
            if found := bot.commands.get(f"{name}|{spoken}"):
                return list(found)
    return []
