"""Buttons that depend on what is known: the likeliest categories, the places a name may mean, own reports."""

from collections.abc import Callable, Mapping

from dialogs.display import category, place
from dialogs.messages import Button
from dialogs.payloads import MAX_BYTES, set_slots
from dialogs.work import Work

PAGE = 8
LABEL = 24
MORE = {"id": "Lainnya…", "jv": "Liyane…", "en": "More…"}


def buttons_for(work: Work, slot: str) -> list[Button]:
    """The buttons a slot's question offers beside those its text has."""
    spec = work.bundle.slots.get(slot)
    return CHOICES[spec.choices](work, slot) if spec and spec.choices in CHOICES else []


def short(label: str, most: int = LABEL) -> str:
    """A label cut to what every messenger shows, at a word where it can."""
    if len(label) <= most:
        return label
    cut = label[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,&(") + "…"


def _categories(work: Work, slot: str) -> list[Button]:
    """The likeliest first; "more" leads through all of them page by page."""
    page = int(work.slots.get("halaman") or 0)
    known = work.bundle.categories
    likely = [one for one in work.slots.get("usulan_kategori") or () if one["kategori"] in known]
    if page == 0 and likely:
        buttons = [_category(work, slot, one["kategori"], one["sub"]) for one in likely]
        return [*buttons, _more(work, 1)]
    start = max(page - 1, 0) * PAGE
    buttons = [_category(work, slot, name) for name in list(known)[start : start + PAGE]]
    return [*buttons, _more(work, max(page, 1) + 1)] if start + PAGE < len(known) else buttons


def _category(work: Work, slot: str, name: str, sub: str = "") -> Button:
    full = set_slots(**{slot: name, "subkategori": sub}) if sub else ""
    fits = full and len(full.encode()) <= MAX_BYTES
    label = short(category(work.bundle, name, sub if fits else "", work.language))
    return Button(label, full if fits else set_slots(**{slot: name}))


def _more(work: Work, page: int) -> Button:
    return Button(MORE.get(work.language, MORE["id"]), set_slots(halaman=str(page)))


def _places(work: Work, slot: str) -> list[Button]:
    readings = work.slots.get("usulan_lokasi") or []
    return [
        Button(short(place({**reading, "text": ""}, work.language)), set_slots(**{slot: str(number)}))
        for number, reading in enumerate(readings)
    ]


def _tickets(work: Work, slot: str) -> list[Button]:
    own = work.slots.get("tiket_saya") or []
    return [Button(short(str(one["number"])), set_slots(**{slot: str(one["number"])})) for one in own[:PAGE]]


CHOICES: Mapping[str, Callable[[Work, str], list[Button]]] = {
    "categories": _categories,
    "places": _places,
    "tickets": _tickets,
}
