"""Telephone numbers as one and the same person always has them."""

import re

NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{2,24}")
SHORTEST_FULL = 8
"""Digits of a number people have; fewer make a short code, which can be answered as it is."""


def canonical(text: str, country: str) -> str:
    """The number with `+` and country code; a short code as it is; empty for what is no number.

    `country` is the home country's code, for numbers written as people dial them at home.
    """
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text)
    if text.startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("0"):
        return f"+{country}{digits[1:]}"
    return f"+{digits}" if len(digits) >= SHORTEST_FULL else digits
