"""The short line a report is known by."""

from tickets.ticket import Report, ReportPlace

LONGEST = 80


def derive_title(report: Report, category_name: str) -> str:
    """What and where in at most 80 signs: `Lampu jalan: depan Pasar Godean, Sidoagung`.

    Without a place the story's beginning stands in, with other people's data hidden.
    """
    where = _where(report.place)
    return _shorten(f"{category_name}: {where or _beginning(report.screening.masked or report.narrative)}")


def _where(place: ReportPlace) -> str:
    area = place.kalurahan or place.kapanewon or place.kabupaten
    if place.text and area and area.lower() not in place.text.lower():
        return f"{place.text}, {area}"
    return place.text or area


def _beginning(narrative: str) -> str:
    return " ".join(narrative.split()).split(". ")[0]


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    return cut[: cut.rfind(" ")].rstrip(" ,:;") + "…" if " " in cut else cut + "…"
