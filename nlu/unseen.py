"""Signs nobody sees, which change how what stands around them is read."""

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Controls, signs that turn the direction of what stands after them, and spaces of no width.

They would turn around the words of a card behind a citizen's own, and part words from the lists they are in.
What joins an emoji's parts stays.
"""


def visible(text: str) -> str:
    """A text without what nobody sees."""
    return UNSEEN.sub("", text)
