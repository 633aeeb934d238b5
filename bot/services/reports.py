"""From the slots of a conversation to a report the desk can open, and back to words an action can use."""

from collections.abc import Mapping
from typing import Any

from dialogs.messages import Attachment
from tickets.ticket import Finding, Report, ReportPlace, ScreeningResult

PASSED = ScreeningResult("pass", (), "")


def report_of(slots: Mapping[str, Any], evidence: tuple[Attachment, ...]) -> Report:
    """The report that the slots of `lapor` describe."""
    narrative = str(slots.get("uraian") or "")
    return Report(
        narrative=narrative,
        classification=slots.get("klasifikasi") or "pengaduan",
        category=slots.get("kategori") or "lainnya",
        subcategory=slots.get("subkategori") or "",
        place=place_of(slots.get("lokasi")),
        screening=screening_of(slots.get("saringan"), narrative),
        evidence=tuple(one.media_id for one in evidence),
        event_time=str(slots.get("waktu") or ""),
        anonymous=bool(slots.get("anonim")),
        confidential=bool(slots.get("rahasia")),
        emergency=str(slots.get("darurat") or ""),
        language=str(slots.get("bahasa") or "id"),
        source=str(slots.get("kanal") or ""),
    )


def place_of(slot: Any) -> ReportPlace:
    """The place a `lokasi` slot holds; an empty one when it holds none."""
    if not isinstance(slot, Mapping):
        return ReportPlace(text=str(slot or ""))
    return ReportPlace(
        text=str(slot.get("text") or ""),
        kode=str(slot.get("kode") or ""),
        kalurahan=str(slot.get("kalurahan") or ""),
        kapanewon=str(slot.get("kapanewon") or ""),
        kabupaten=str(slot.get("kabupaten") or ""),
        lat=slot.get("lat"),
        lon=slot.get("lon"),
    )


def screening_of(slot: Any, narrative: str) -> ScreeningResult:
    """The screening a `saringan` slot holds; a pass when the report was not screened."""
    if not isinstance(slot, Mapping):
        return ScreeningResult("pass", (), narrative)
    findings = tuple(
        Finding(
            rule=rule["id"],
            signal=rule["signal"],
            spans=tuple((start, end) for start, end in rule["spans"]),
            advice=rule["advice"],
        )
        for rule in slot.get("rules", ())
    )
    return ScreeningResult(slot["verdict"], findings, slot.get("masked") or narrative)


def screening_slot(result: ScreeningResult) -> dict[str, Any]:
    """A screening as plain values, the way slots and actions carry it."""
    rules = [
        {
            "id": one.rule,
            "signal": one.signal,
            "spans": [list(span) for span in one.spans],
            "advice": one.advice,
        }
        for one in result.findings
    ]
    advice = next((one.advice for one in result.findings if one.advice), "")
    return {"verdict": result.verdict, "rules": rules, "advice": advice, "masked": result.masked}
