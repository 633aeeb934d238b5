"""HTML as Telegram reads it, and what to do when a template does not keep to it."""

import re
from html import escape, unescape
from html.parser import HTMLParser

KNOWN = frozenset({"b", "i", "u", "s", "a", "code", "pre", "blockquote"})
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
BLANKS = re.compile(r"\n{3,}")


class _Tags(HTMLParser):
    """Notes whether every tag is known and closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faulty = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faulty |= tag not in KNOWN or (tag == "a") != bool(attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.faulty |= not self.open or self.open.pop() != tag


def tidy(html: str) -> str:
    """The HTML without runs of empty lines; as mere text when a tag is unknown or left open."""
    reader = _Tags()
    reader.feed(html)
    reader.close()
    if reader.faulty or reader.open:
        html = escape(unescape(TAG.sub("", html)), quote=False)
    return BLANKS.sub("\n\n", html).strip()
