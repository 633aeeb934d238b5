"""From the slots of a conversation to a report the desk can open, and back to words an action can use."""

from collections.abc import Mapping
from typing import Any

from dialogs.messages import Attachment
from tickets.policies import Policies
from tickets.screening import ASKED, alarm, reason_of
from tickets.ticket import Finding, Report, ReportPlace, ScreeningResult

CARED_FOR = frozenset({"self_harm", "child_safety"})
"""Signals of somebody who may be in distress: they are told where help is, whatever becomes of the report."""


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
        answers={ASKED: slots["perbaikan"]} if slots.get("perbaikan") else {},
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
            next=rule.get("next", ""),
        )
        for rule in slot.get("rules", ())
    )
    return ScreeningResult(slot["verdict"], findings, slot.get("masked") or narrative)


def screening_facts(slots: Mapping[str, Any]) -> dict[str, Any]:
    """What screening weighs beside the words: the evidence, a pin on the map, and what was asked before."""
    place = slots.get("lokasi")
    return {
        "evidence": len(slots.get("bukti") or ()),
        "pin": isinstance(place, Mapping) and place.get("lat") is not None,
        "asked_before": frozenset(slots.get("saringan_diminta") or ()),
    }


def screening_slot(result: ScreeningResult, policies: Policies) -> dict[str, Any]:
    """A screening as plain values, the way slots and actions carry it.

    `advice` and `next` are those of the rule that decided, `care` what else is said to somebody who may be
    in distress; `signals` are those found; `alarm` names the signal of which a person is to be told at once.
    """
    first, kind = reason_of(result, policies), alarm(result, policies)
    caring = [one.advice for one in result.findings if one.signal in CARED_FOR and one is not first]
    rules = [
        {
            "id": one.rule,
            "signal": one.signal,
            "spans": [list(span) for span in one.spans],
            "advice": one.advice,
            "next": one.next,
        }
        for one in result.findings
    ]
    return {
        "verdict": result.verdict,
        "rules": rules,
        "signals": [one.signal for one in result.findings],
        "advice": first.advice if first else "",
        "next": first.next if first else "",
        "care": "\n".join(caring),
        "alarm": kind,
        "masked": result.masked,
    }
