"""What Meta's messengers would make of signs in a text."""

import re

OUTSIDE, INSIDE = r"(?<![^\W_])", r"(?![^\W_])"
FORMATS = re.compile(
    "|".join(
        [
            *(rf"{OUTSIDE}{re.escape(sign)}(?=\S)[^\n]*?\S{re.escape(sign)}{INSIDE}" for sign in "*_~"),
            r"```[\s\S]+?```",
            r"`[^`\n]+`",
            r"^\s*> ",
            r"\\[(\[]",
        ]
    ),
    re.MULTILINE,
)
"""What their own help calls a format, read generously."""
