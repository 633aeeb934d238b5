"""Dates the way people say them."""

import re
from collections.abc import Mapping
from datetime import date

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ][\d:.+Z-]+)?")
DAYS: Mapping[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "jv": ("Senen", "Selasa", "Rebo", "Kemis", "Jemuwah", "Setu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[str, str] = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "jv": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}


def in_words(text: str, language: str) -> str:
    """An ISO date as "Rabu, 25 November 2026"; any other text as it is."""
    found = ISO.fullmatch(text)
    if found is None:
        return text
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return text
    names, months = DAYS.get(language, DAYS["id"]), MONTHS.get(language, MONTHS["id"]).split()
    return f"{names[day.weekday()]}, {day.day} {months[day.month - 1]} {day.year}"
