"""MarkdownV2 as Telegram reads it, and the older Markdown."""

import re
from dataclasses import dataclass, field

from bot.sandbox.entities import Entity, Formatted, in_order, utf16_length
from bot.sandbox.errors import ApiError, bad_request

RESERVED = set("_*[]()~`>#+-=|{}.!")
MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
NAMES = {"*": "Bold", "_": "Italic", "__": "Underline", "~": "Strikethrough", "||": "Spoiler"}
OLD = re.compile(
    r"\\([_*`\[])|\*([^*]+)\*|_([^_]+)_|```(?:(\w+)\n)?(.+?)```|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)", re.DOTALL
)


@dataclass(slots=True)
class _Reading:
    source: str
    position: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def fault(self, name: str, at: int) -> ApiError:
        offset = len(self.source[:at].encode())
        return bad_request(f"can't parse entities: Can't find end of {name} entity at byte offset {offset}")

    def entity(self, kind: str, offset: int, **more: object) -> None:
        if self.length > offset:
            self.entities.append({"offset": offset, "length": self.length - offset, "type": kind, **more})


def parse_markdown_v2(source: str) -> Formatted:
    """The plain text and entities of MarkdownV2.

    Raises:
        ApiError: 400 for a reserved character that is not escaped, or a mark that is never closed.
    """
    reading = _Reading(source)
    while reading.position < len(source):
        _step(reading)
    if reading.opened:
        mark, _, at = reading.opened[-1]
        raise reading.fault("TextUrl" if mark == "[" else NAMES[mark], at)
    return "".join(reading.out), in_order(reading.entities)


def _step(reading: _Reading) -> None:
    source, at = reading.source, reading.position
    character = source[at]
    if character == "\\" and source[at + 1 : at + 2] and ord(source[at + 1]) < 127:
        reading.add(source[at + 1])
        reading.position += 2
    elif character not in RESERVED:
        reading.add(character)
        reading.position += 1
    elif character == "`":
        _code(reading)
    elif character in "[]":
        _link(reading, character)
    elif character == ">" and source[at - 1 : at] in {"", "\n"}:
        _quote(reading)
    else:
        _mark(reading)


def _mark(reading: _Reading) -> None:
    two = reading.source[reading.position : reading.position + 2]
    mark = two if two in MARKS else two[:1]
    if mark not in MARKS:
        raise _reserved(mark)
    if reading.opened and reading.opened[-1][0] == mark:
        _, offset, _ = reading.opened.pop()
        reading.entity(MARKS[mark], offset)
    else:
        reading.opened.append((mark, reading.length, reading.position))
    reading.position += len(mark)


def _reserved(mark: str) -> ApiError:
    rule = "is reserved and must be escaped with the preceding '\\'"
    return bad_request(f"can't parse entities: Character '{mark}' {rule}")


def _code(reading: _Reading) -> None:
    at = reading.position
    fence = "```" if reading.source.startswith("```", at) else "`"
    end = reading.source.find(fence, at + len(fence))
    if end < 0:
        raise reading.fault("Pre" if fence == "```" else "Code", at)
    inside, offset = reading.source[at + len(fence) : end], reading.length
    language, body = _language(inside) if fence == "```" else ("", inside)
    reading.add(re.sub(r"\\([`\\])", r"\1", body))
    more = {"language": language} if language else {}
    reading.entity("pre" if fence == "```" else "code", offset, **more)
    reading.position = end + len(fence)


def _language(inside: str) -> tuple[str, str]:
    first, newline, rest = inside.partition("\n")
    if newline and re.fullmatch(r"[\w+#-]+", first):
        return first, rest
    return "", inside.removeprefix("\n")


def _link(reading: _Reading, character: str) -> None:
    at = reading.position
    if character == "[":
        reading.opened.append(("[", reading.length, at))
        reading.position += 1
        return
    if not reading.opened or reading.opened[-1][0] != "[":
        raise _reserved("]")
    _, offset, started = reading.opened.pop()
    found = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(reading.source, at)
    if found is None:
        raise reading.fault("TextUrl", started)
    reading.entity("text_link", offset, url=re.sub(r"\\(.)", r"\1", found[1]))
    reading.position = found.end()


def _quote(reading: _Reading) -> None:
    lines = re.compile(r"(?:>[^\n]*(?:\n|$))+").match(reading.source, reading.position)
    whole = lines[0] if lines else ""
    inside = re.sub(r"^>", "", whole, flags=re.MULTILINE).rstrip("\n")
    text, entities = parse_markdown_v2(inside)
    offset = reading.length
    reading.entities += [entity | {"offset": entity["offset"] + offset} for entity in entities]
    reading.add(text)
    reading.entity("blockquote", offset)
    if whole.endswith("\n"):
        reading.add("\n")
    reading.position += len(whole)


def parse_markdown(source: str) -> Formatted:
    """The plain text and entities of the older Markdown, which does not nest.

    Raises:
        ApiError: 400 for a mark that is never closed.
    """
    reading = _Reading(source)
    for found in OLD.finditer(source):
        reading.add(_unmarked(reading, found.start()))
        _old_entity(reading, found)
        reading.position = found.end()
    reading.add(_unmarked(reading, len(source)))
    return "".join(reading.out), reading.entities


def _unmarked(reading: _Reading, until: int) -> str:
    text = reading.source[reading.position : until]
    alone = re.search(r"[_*`]", text)
    if alone:
        at = len(reading.source[: reading.position + alone.start()].encode())
        raise bad_request(f"can't parse entities: Can't find end of the entity starting at byte offset {at}")
    return text


def _old_entity(reading: _Reading, found: re.Match[str]) -> None:
    escaped, bold, italic, language, block, code, label, url = found.groups()
    offset = reading.length
    reading.add(escaped or bold or italic or block or code or label)
    if escaped:
        return
    kind = "bold" if bold else "italic" if italic else "pre" if block else "code" if code else "text_link"
    more = {"url": url} if url else {"language": language} if language else {}
    reading.entity(kind, offset, **more)
