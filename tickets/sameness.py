"""Knowing one text again when many send it: what stays of it without case, signs and spacing."""

import hashlib
import re

WORDS = re.compile(r"[^\W_]+")


def fingerprint(text: str, least_words: int) -> str:
    """The same for texts that differ in case, signs and spacing only; empty for one too short to tell."""
    words = WORDS.findall(text.casefold())
    if len(words) < least_words:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
