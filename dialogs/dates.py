"""Dates the way people say them."""

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.+Z-]+)?")
PATTERN = "EEEE, d MMMM y"
LOCALES = {language: Locale(language) for language in ("id", "jv", "en")}


def in_words(text: str, language: str) -> str:
    """An ISO date as "Rabu, 25 November 2026"; any other text as it is."""
    found = ISO.fullmatch(text)
    if found is None:
        return text
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return text
    return _named(day, language)


@lru_cache(1_000)
def _named(day: date, language: str) -> str:
    return format_date(day, PATTERN, LOCALES.get(language, LOCALES["id"]))
