"""Words that stay as they were written, where Meta's messengers would make bold or quotations of them.

WhatsApp does so everywhere, Messenger in a browser, and formulas too. Neither knows escaping, so a sign that
could shape words gives way to one that looks like it. What Kentongan says is plain text; only people's words
hold such signs, and others read them: in a title, a reply, news.
"""

import re
from typing import Final

SIGNS: Final = frozenset("*_~`>\\")
ALIKE: Final = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb", "\\": "\u2216"}
ENCODED: Final = {"*": "%2A", "_": "%5F", "~": "%7E", "`": "%60", "\\": "%5C"}
"""The same address to whoever is asked for it (RFC 3986, 2.3)."""
MARK: Final = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])|\\(?=[(\[)\]])")
"""A sign that can begin or end a format: between two letters or digits, all but one cannot; of backslashes,
only that of a formula's bracket can."""
ADDRESS: Final = re.compile(r"(https?://\S+)")
QUOTATION: Final = re.compile(r"^(\s*)>", re.MULTILINE)


def literal(text: str) -> str:
    """The text with nothing in it that would be taken for a format; addresses lead where they led."""
    if SIGNS.isdisjoint(text):
        return text
    parts = ADDRESS.split(text)
    parts[::2] = [MARK.sub(lambda mark: ALIKE[mark[0]], part) for part in parts[::2]]
    parts[1::2] = [MARK.sub(lambda mark: ENCODED[mark[0]], part) for part in parts[1::2]]
    return QUOTATION.sub("\\1\u203a", "".join(parts))
