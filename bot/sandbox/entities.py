"""Formatted text: HTML as Telegram reads it, entities counted in UTF-16, what it links by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

Entity = dict[str, Any]
Formatted = tuple[str, list[Entity]]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PIECE = re.compile(r"&(?:#[xX]([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?|<")
START = re.compile(r"<([^\s>/]*[^\s>]*)")
ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']*)\s*(=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]*))?""")
END = re.compile(r"</([^\s>]*)\s*(>?)")
AUTOMATIC = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|id|me|io)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{4,32}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b)",
    re.IGNORECASE,
)
TRIGGERS = re.compile(r"[/@#.]")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of every Telegram limit and offset."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str | None
    offset: int


@dataclass(slots=True)
class _Reading:
    source: str
    out: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode())


def _fault(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


def parse_html(source: str) -> Formatted:
    """The plain text and entities of Telegram's HTML subset.

    Raises:
        ApiError: 400 "can't parse entities" with the byte offset, as Telegram words it.
    """
    if "<" not in source and "&" not in source:
        return source, []
    reading = _Reading(source)
    position = 0
    while found := PIECE.search(source, position):
        reading.add(source[position : found.start()])
        position = _tag(reading, found.start()) if found[0] == "<" else _character(reading, found)
    reading.add(source[position:])
    if reading.opened:
        raise _fault(f'Can\'t find end tag corresponding to start tag "{reading.opened[-1].tag}"')
    return "".join(reading.out), in_order(reading.entities)


def _character(reading: _Reading, found: re.Match[str]) -> int:
    hexadecimal, decimal, name = found.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
    plausible = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    reading.add(NAMED[name] if name else chr(code) if plausible else found[0])
    return found.end()


def _tag(reading: _Reading, at: int) -> int:
    return _end_tag(reading, at) if reading.source.startswith("</", at) else _start_tag(reading, at)


def _start_tag(reading: _Reading, at: int) -> int:
    found = START.match(reading.source, at)
    tag = found[1].lower() if found else ""
    position = at + 1 + len(tag)
    if position >= len(reading.source):
        raise _fault(f"Unclosed start tag at byte offset {reading.byte(at)}")
    if tag not in TAGS:
        raise _fault(f'Unsupported start tag "{tag}" at byte offset {reading.byte(at)}')
    attributes, position = _attributes(reading, tag, at, position)
    argument = _argument(tag, attributes)
    if tag == "span" and argument != "spoiler":
        raise _fault(f'Tag "span" must have class "tg-spoiler" at byte offset {reading.byte(at)}')
    reading.opened.append(_Open(tag, argument, reading.length))
    return position


def _attributes(reading: _Reading, tag: str, at: int, position: int) -> tuple[dict[str, str], int]:
    source = reading.source
    attributes: dict[str, str] = {}
    while True:
        position = _skip_spaces(source, position)
        if position >= len(source):
            raise _fault(f"Unclosed start tag at byte offset {reading.byte(at)}")
        if source[position] == ">":
            return attributes, position + 1
        found = ATTRIBUTE.match(source, position)
        if found is None or not found[1]:
            raise _fault(f'Empty attribute name in the tag "{tag}" at byte offset {reading.byte(at)}')
        attributes[found[1].lower()] = _unquoted(found[3] or "")
        position = found.end()


def _unquoted(value: str) -> str:
    if value[:1] not in {'"', "'"}:
        return value.lower()
    return re.sub(r"&(lt|gt|amp|quot);", lambda found: NAMED[found[1]], value[1:-1])


def _skip_spaces(source: str, position: int) -> int:
    while position < len(source) and source[position].isspace():
        position += 1
    return position


ARGUMENTS: dict[str, Callable[[dict[str, str]], str | None]] = {
    "a": lambda given: given.get("href"),
    "code": lambda given: _without(given.get("class"), "language-"),
    "span": lambda given: _without(given.get("class"), "tg-"),
    "tg-emoji": lambda given: given.get("emoji-id"),
    "blockquote": lambda given: "expandable" if "expandable" in given else None,
}


def _argument(tag: str, attributes: dict[str, str]) -> str | None:
    read = ARGUMENTS.get(tag)
    return read(attributes) if read else None


def _without(value: str | None, prefix: str) -> str | None:
    return value.removeprefix(prefix) if value and value.startswith(prefix) else None


def _end_tag(reading: _Reading, at: int) -> int:
    found = END.match(reading.source, at)
    if not reading.opened:
        raise _fault(f"Unexpected end tag at byte offset {reading.byte(at)}")
    if found is None or not found[2]:
        raise _fault(f"Unclosed end tag at byte offset {reading.byte(at)}")
    opened = reading.opened.pop()
    name = found[1].lower()
    if name and name != opened.tag:
        offset = reading.byte(at)
        raise _fault(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{name}>"'
        )
    _close(reading, opened)
    return found.end()


def _close(reading: _Reading, opened: _Open) -> None:
    length = reading.length - opened.offset
    if not length:
        return
    entity: Entity = {"offset": opened.offset, "length": length, "type": TAGS[opened.tag]}
    if opened.tag == "a":
        inside = "".join(reading.out).encode("utf-16-le")[opened.offset * 2 :].decode("utf-16-le")
        _link(reading, entity, opened.argument or inside)
        return
    if opened.tag == "tg-emoji":
        entity["custom_emoji_id"] = opened.argument or ""
    elif opened.argument == "expandable":
        entity["type"] = "expandable_blockquote"
    elif opened.tag == "code" and opened.argument and reading.opened and reading.opened[-1].tag == "pre":
        reading.opened[-1].argument = opened.argument
        return
    elif opened.tag == "pre" and opened.argument:
        entity["language"] = opened.argument
    reading.entities.append(entity)


def _link(reading: _Reading, entity: Entity, target: str) -> None:
    user = re.fullmatch(r"tg://user\?id=(\d+)", target)
    if user:
        reading.entities.append(entity | {"type": "text_mention", "user_id": int(user[1])})
    elif re.match(r"(?:https?|tg|ftp|mailto|tel):|[\w-]+(\.[\w-]+)+", target, re.IGNORECASE):
        url = target if ":" in target else f"http://{target}/"
        reading.entities.append(
            entity | {"url": url}
        )  # other targets are dropped and the text stays, as in Telegram


def in_order(entities: list[Entity]) -> list[Entity]:
    """Entities by place, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> Formatted:
    """Text without the white space Telegram cuts from both ends; entities move along."""
    if text and not text[0].isspace() and not text[-1].isspace():
        return text, entities
    head = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    length = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - head, 0)
        end = min(entity["offset"] + entity["length"] - head, length)
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return kept, moved


def with_automatic(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds the commands, links, mentions, addresses and hashtags Telegram finds by itself."""
    if not TRIGGERS.search(text):
        return entities
    closed = [
        (e["offset"], e["offset"] + e["length"])
        for e in entities
        if e["type"] in {"code", "pre", "text_link"}
    ]
    found = list(entities)
    for match in AUTOMATIC.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(offset < end and start < offset + length for start, end in closed):
            found.append({"offset": offset, "length": length, "type": match.lastgroup})
    return in_order(found)
