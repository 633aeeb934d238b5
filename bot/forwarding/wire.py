"""The formats other governments' systems take: Open311 GeoReport v2, and SP4N-LAPOR!'s fields as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import orjson

from tickets.policies.forwarding import REST, Target

MOST_ANSWER: Final = 256 * 1024
TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
NUMBERS: Final = ("service_request_id", "nomor", "nomor_laporan", "tracking_id", "id")
"""What systems call the number they give."""


class ForwardError(Exception):
    """A report another system did not take, or news it did not give; the text is for staff."""

    def __init__(self, text: str, *, retryable: bool) -> None:
        super().__init__(text)
        self.text = text
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a system answered: its number for the report, or a token for the number."""

    their_id: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands there: open or closed, and what they say of it."""

    status: str
    notes: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A report on its way: the fields of the national system, and what names this sending."""

    fields: Mapping[str, Any]
    name: str


class Wire:
    """Speaks with other systems; `keys` are the secrets of targets by their id."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._session: aiohttp.ClientSession | None = None

    async def send(self, target: Target, report: Outgoing) -> Receipt:
        """Hand a report over; raises ForwardError."""
        if target.kind == "sp4n":
            return _receipt(await self._sp4n(target, report))
        form = open311_form(target, report.fields, self._keys.get(target.id, ""))
        headers = {"Idempotency-Key": report.name}
        return _receipt(await self._ask("POST", f"{target.url}/requests.json", data=form, headers=headers))

    async def number(self, target: Target, token: str) -> str:
        """The number behind a token; empty while there is none. Raises ForwardError."""
        return _receipt(
            await self._ask("GET", f"{target.url}/tokens/{token}.json", params=_where(target))
        ).their_id

    async def standing(self, target: Target, their_id: str) -> Standing:
        """How a report stands; raises ForwardError."""
        found = _first(
            await self._ask("GET", f"{target.url}/requests/{their_id}.json", params=_where(target))
        )
        return Standing(
            str(found.get("status") or "").lower(), str(found.get("status_notes") or "").strip()[:500]
        )

    async def services(self, target: Target) -> frozenset[str]:
        """The service codes they have; raises ForwardError."""
        found = await self._ask("GET", f"{target.url}/services.json", params=_where(target))
        rows = found if isinstance(found, list) else []
        return frozenset(str(row.get("service_code")) for row in rows if isinstance(row, dict))

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    async def _sp4n(self, target: Target, report: Outgoing) -> Any:
        headers = {"Idempotency-Key": report.name, "Content-Type": "application/json"}
        key = self._keys.get(target.id, "")
        if key:
            headers["Authorization"] = f"Bearer {key}"
        return await self._ask("POST", target.url, data=orjson.dumps(dict(report.fields)), headers=headers)

    async def _ask(self, method: str, url: str, **more: Any) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.request(method, url, **more) as answer:
                body = await answer.content.read(MOST_ANSWER)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            raise ForwardError(f"tidak tersambung ({type(problem).__name__})", retryable=True) from None
        told = _json(body)
        if answer.status >= 300:
            busy = answer.status in {408, 425, 429} or answer.status >= 500
            raise ForwardError(f"HTTP {answer.status}: {_fault(told)}".rstrip(": "), retryable=busy)
        if told is None:
            raise ForwardError("jawabannya bukan JSON", retryable=True)
        return told


def open311_form(target: Target, fields: Mapping[str, Any], key: str) -> dict[str, str]:
    """The form of a report for another Open311 endpoint; nothing in it tells who reported."""
    category = str(fields["kategori"])
    where = (fields["lokasi_kejadian"], fields["kalurahan"], fields["kapanewon"], fields["kabupaten"])
    form = {
        "api_key": key,
        "jurisdiction_id": target.jurisdiction,
        "service_code": target.services.get(category) or target.services[REST],
        "description": f"{fields['isi_laporan']}\n\n[{fields['instansi_asal']}, {fields['nomor_laporan']}]"[
            :4000
        ],
        "lat": _text(fields["lintang"]),
        "long": _text(fields["bujur"]),
        "address_string": ", ".join(dict.fromkeys(str(part) for part in where if part))[:300],
    }
    return {name: value for name, value in form.items() if value}


def _where(target: Target) -> dict[str, str]:
    return {"jurisdiction_id": target.jurisdiction} if target.jurisdiction else {}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _first(told: Any) -> Mapping[str, Any]:
    found = told[0] if isinstance(told, list) and told else told
    return found if isinstance(found, dict) else {}


def _receipt(told: Any) -> Receipt:
    found = _first(told)
    number = next((str(found[name]) for name in NUMBERS if found.get(name)), "")
    return Receipt(number[:100], str(found.get("token") or "")[:100] if not number else "")


def _fault(told: Any) -> str:
    found = _first(told)
    return str(found.get("description") or found.get("message") or "")[:200]
