"""How the values of slots read in a sentence, in each language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dialogs.bundle import Bundle
from dialogs.dates import in_words
from dialogs.responses import Voice, say

KINDS: Mapping[str, Mapping[str, str]] = {
    "photo": {"id": "foto", "jv": "foto", "en": "photo"},
    "video": {"id": "video", "jv": "video", "en": "video"},
    "voice": {"id": "pesan suara", "jv": "pesen swara", "en": "voice message"},
    "audio": {"id": "rekaman", "jv": "rekaman", "en": "recording"},
    "document": {"id": "berkas", "jv": "berkas", "en": "file"},
    "animation": {"id": "animasi", "jv": "animasi", "en": "animation"},
}
AREAS: Mapping[str, tuple[str, str]] = {
    "id": ("Kalurahan {}", "Kapanewon {}"),
    "jv": ("Kalurahan {}", "Kapanewon {}"),
    "en": ("{} village", "{} district"),
}


TICKET, TICKET_SLOT = "nomor", "tiket"
INCLUDED = "teks_"
LONGEST = 700
OF_A_MATTER = 120
NUMBER = r"\d+(?:\.\d+)?"


class Values(Mapping[str, str]):
    """What fills the gaps of a text, worked out only for the gaps it has.

    Looked up in turn: the values given, the slots as they read, the city's own values. A gap named
    `teks_…` takes in the text of that name (`utter_teks_…`), chosen by its own conditions.
    """

    __slots__ = ("bundle", "city", "given", "voice")

    def __init__(
        self, bundle: Bundle, voice: Voice, city: Mapping[str, str], given: Mapping[str, str]
    ) -> None:
        self.bundle, self.voice, self.city, self.given = bundle, voice, city, given

    def __getitem__(self, name: str) -> str:
        if name in self.given:
            return self.given[name]
        if name.startswith(INCLUDED):
            return say(self.bundle, f"utter_{name}", self.voice, self).text
        name = TICKET_SLOT if name == TICKET else name
        if self.voice.slots.get(name) is not None:
            return show(name, self.voice.slots, self.bundle, self.voice.language)
        return self.city[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.city, **self.voice.slots, **self.given})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def show(name: str, slots: Mapping[str, Any], bundle: Bundle, language: str) -> str:
    """A slot's value in words."""
    value = slots[name]
    spec = bundle.slots.get(name)
    if name == "kategori":
        return category(bundle, str(value), str(slots.get("subkategori") or ""), language)
    if spec is not None and spec.type == "location" and isinstance(value, Mapping):
        return place(value, language)
    if spec is not None and spec.type == "evidence":
        return evidence(value, language)
    if spec is not None and spec.type == "list":
        return matters(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return cut(in_words(reworded(str(value), spec.shown.get(language, {}) if spec else {}), language))


def reworded(text: str, words: Mapping[str, str]) -> str:
    """A text with words replaced by those of a reader's language, the longest first; `#` is any number."""
    if not words:
        return text
    known = "|".join(map(_mold, sorted(words, key=len, reverse=True)))

    def said(match: re.Match[str]) -> str:
        numbers = re.findall(NUMBER, match[0])
        return words.get(match[0]) or words[re.sub(NUMBER, "#", match[0])].replace("#", *numbers)

    return re.sub(rf"\b(?:{known})\b", said, text)


def _mold(words: str) -> str:
    return re.escape(words).replace(r"\#", NUMBER)


def cut(text: str, most: int = LONGEST) -> str:
    """A text shortened for a card."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def category(bundle: Bundle, name: str, sub: str, language: str) -> str:
    """A category with its picture: the sub-category's name when there is one."""
    found = bundle.categories.get(name)
    if found is None:
        return name
    names = found.subcategories.get(sub, found.name)
    return f"{found.emoji} {names.get(language) or names['id']}"


def place(value: Mapping[str, Any], language: str) -> str:
    """A location: the words it was given in, then the area it lies in."""
    text, area = str(value.get("text") or ""), areas(value, language)
    if not text and not area and value.get("lat") is not None:
        return f"📍 {value['lat']:.5f}, {value['lon']:.5f}"
    names = {str(value.get(key) or "").casefold() for key in ("kalurahan", "kapanewon", "kabupaten")}
    if area and text.casefold() in {*names, area.casefold()}:
        return area
    if not area:
        return text
    return f"{text} ({area})" if text else area


def areas(value: Mapping[str, Any], language: str) -> str:
    """The names of the area, from the smallest up; the kabupaten only where nothing smaller is known."""
    kalurahan, kapanewon = AREAS.get(language, AREAS["id"])
    parts = [
        pattern.format(value[key])
        for key, pattern in (("kalurahan", kalurahan), ("kapanewon", kapanewon))
        if value.get(key)
    ]
    if not parts or value.get("outside"):
        parts += [value["kabupaten"]] if value.get("kabupaten") else []
    return ", ".join(parts)


def evidence(items: Any, language: str) -> str:
    """What was sent, counted by kind: "2 foto, 1 video"."""
    counts: dict[str, int] = {}
    for item in items if isinstance(items, list) else ():
        counts[item["kind"]] = counts.get(item["kind"], 0) + 1
    return ", ".join(f"{n} {_kind(kind, language, n)}" for kind, n in counts.items())


def matters(items: Any) -> str:
    """Things told of beside the first, as they were told; empty for any other list."""
    told = [str(one.get("uraian") or "") for one in items if isinstance(one, Mapping)]
    return "; ".join(f"“{cut(text, OF_A_MATTER)}”" for text in told if text)


def _kind(kind: str, language: str, count: int) -> str:
    names = KINDS.get(kind, KINDS["document"])
    name = names.get(language, names["id"])
    return f"{name}s" if language == "en" and count > 1 else name
