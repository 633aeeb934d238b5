"""Kannel: it asks our addresses for what comes in, and takes what goes out at its sendsms address."""

import binascii
from codecs import lookup
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

import aiohttp
import structlog
from aiohttp import web

from bot.channels.base import RATE_LIMITED, FetchError, Receipt, ReceiptState, SendError
from bot.channels.bodies import read_bounded
from bot.channels.secrets import same
from bot.channels.sms.gateway import MAX_BODY, Gateway, Handover, Hearing
from bot.channels.sms.gsm import encoding_of
from bot.channels.sms.parse import NAME, Sms, is_for_a_program, read_header

log = structlog.get_logger(__name__)

INBOUND: Final = "/sms/kannel/in"
REPORTS: Final = "/sms/kannel/dlr"
DLR_MASK: Final = 1 | 2 | 16
"""Tell of: delivered to the phone, not delivered, refused by the network."""
STATES: Final[Mapping[int, ReceiptState]] = {1: "delivered", 2: "failed", 8: "sent", 16: "failed"}
CODING: Final = {"gsm7": "0", "ucs2": "2"}
UCS2_CODINGS: Final = {"2", "3"}
UNKNOWN_TO_IT: Final = "authorization failed"
"""What smsbox says, with 403, of a name or password not its own; numbers it bars have that status too."""
OUR_PAUSE: Final = 300.0
"""Seconds until the next try at what only an admin can mend."""
FORM: Final = "application/x-www-form-urlencoded"
TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "from": ("from", "p", "sender", "phone", "msisdn"),
    "text": ("text", "b", "a", "message", "msg"),
    "charset": ("charset", "C"),
    "coding": ("coding", "c"),
    "udh": ("udh", "u"),
    "id": ("id", "I", "msgid", "message_id"),
    "time": ("time", "T", "t", "timestamp"),
}
"""Our names for what comes in, and others that get-urls of old use."""


@dataclass(frozen=True, slots=True)
class KannelOptions:
    """`url` is the sendsms address, `secret` what inbound calls must show.

    `base` is our own address as Kannel sees it, for delivery reports.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    secret: str = field(default="", repr=False)
    base: str = ""


class Kannel(Gateway):
    """Speaks the sendsms interface of Kannel's smsbox."""

    def __init__(self, options: KannelOptions) -> None:
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def submit(self, handover: Handover) -> str:
        """Hand a text to smsbox; the ref is ours, as Kannel gives none; raises SendError."""
        try:
            async with self._http().get(self._options.url, params=self._form(handover)) as answer:
                said = (await answer.content.read(300)).decode("utf-8", "replace").strip()
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise SendError("network", type(problem).__name__, retryable=True) from None
        _check(answer.status, said)
        return handover.ref

    def routes(self, hearing: Hearing) -> list[web.RouteDef]:
        """The inbound address and that of delivery reports, each by GET and POST."""

        async def inbound(request: web.Request) -> web.Response:
            return await self._inbound(request, hearing)

        async def reports(request: web.Request) -> web.Response:
            return await self._reports(request, hearing)

        handlers = {INBOUND: inbound, REPORTS: reports}
        return [web.route(way, path, one) for path, one in handlers.items() for way in ("GET", "POST")]

    async def fetch(self, ref: str) -> bytes:
        """Never: Kannel brings no files; raises FetchError."""
        raise FetchError(f"no file {ref!r} comes this way", retryable=False)

    async def close(self) -> None:
        """Close the connection to smsbox."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session

    def _form(self, handover: Handover) -> dict[str, str]:
        options = self._options
        form = {
            "username": options.user,
            "password": options.password,
            "to": handover.to,
            "text": handover.text,
            "charset": "UTF-8",
            "coding": CODING[encoding_of(handover.text)],
        }
        if options.sender:
            form["from"] = options.sender
        if options.base:
            form |= {"dlr-mask": str(DLR_MASK), "dlr-url": self._report_url(handover)}
        return form

    def _report_url(self, handover: Handover) -> str:
        """Our address for a report; Kannel fills in what begins with a percent sign."""
        known = urlencode({"token": self._options.secret, "ref": handover.ref, "to": handover.to})
        return f"{self._options.base}{REPORTS}?{known}&type=%d&reply=%A&time=%t"

    async def _inbound(self, request: web.Request, hearing: Hearing) -> web.Response:
        fields = await _fields(request)
        if fields is None or not same(_text(fields, "token"), self._options.secret):
            return web.Response(status=413 if fields is None else 403)
        sms = read_sms(fields, hearing.clock())
        if sms is None:
            return web.Response(status=400)
        await hearing.sms(sms)
        return web.Response(text="")  # what is said here, Kannel would send as an SMS

    async def _reports(self, request: web.Request, hearing: Hearing) -> web.Response:
        fields = await _fields(request)
        if fields is None or not same(_text(fields, "token"), self._options.secret):
            return web.Response(status=413 if fields is None else 403)
        receipt = read_report(fields, hearing.clock())
        if receipt is None:
            return web.Response(status=400)
        await hearing.receipt(receipt)
        return web.Response(text="")


def read_sms(fields: Mapping[str, bytes], now: datetime) -> Sms | None:
    """The SMS in Kannel's parameters; None when sender or text is missing."""
    sender, raw = _named(fields, "from"), _find(fields, "text")
    if not sender or raw is None:
        return None
    header = _header(_find(fields, "udh") or b"")
    return Sms(
        sender=sender,
        text=_decoded(raw, _named(fields, "charset"), _named(fields, "coding")),
        at=_moment(_named(fields, "time"), now),
        id=_named(fields, "id"),
        piece=read_header(header),
        data=is_for_a_program(header),
    )


def read_report(fields: Mapping[str, bytes], now: datetime) -> Receipt | None:
    """The delivery report in Kannel's parameters; None when it does not say of what, or nothing final."""
    kind, ref, to = _text(fields, "type"), _text(fields, "ref"), _text(fields, "to")
    state = STATES.get(int(kind)) if kind.isdecimal() and len(kind) < 4 else None
    if state is None or not ref or not to:
        return None
    reply = _text(fields, "reply")[:200]
    return Receipt(NAME, to, ref, state, now, code=f"kannel_{kind}" if state == "failed" else "", text=reply)


def _check(status: int, said: str) -> None:
    if status in {200, 202}:
        return
    if status == 401 or UNKNOWN_TO_IT in said.lower():
        raise SendError("token", f"Kannel: {said[:200]}", retryable=True, retry_after=OUR_PAUSE)
    if status == 404:
        raise SendError("account", "KENTONGAN_SMS_URL: 404", retryable=True, retry_after=OUR_PAUSE)
    if status == 429:
        raise SendError(RATE_LIMITED, said[:200], retryable=True)
    busy = status == 408 or status >= 500
    raise SendError(f"kannel_{status}", said[:200] or f"HTTP {status}", retryable=busy)


async def _fields(request: web.Request) -> dict[str, bytes] | None:
    """Query and form, each value as the bytes that came; None when the body is too long."""
    body = await read_bounded(request, MAX_BODY) if request.method == "POST" else b""
    if body is None:
        return None
    form = body.decode("latin-1") if request.content_type in {FORM, "application/octet-stream"} else ""
    pairs = [*_pairs(request.rel_url.raw_query_string), *_pairs(form)]
    return {name: value.encode("latin-1") for name, value in pairs}


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, encoding="latin-1", max_num_fields=60)
    except ValueError:
        return []


def _find(fields: Mapping[str, bytes], name: str) -> bytes | None:
    return next((fields[one] for one in NAMES[name] if one in fields), None)


def _named(fields: Mapping[str, bytes], name: str) -> str:
    return (_find(fields, name) or b"").decode("utf-8", "replace").strip()


def _text(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _decoded(raw: bytes, charset: str, coding: str) -> str:
    """The text as its charset says; without one as UTF-8, or as UTF-16 where the coding is that of UCS-2.

    A long text is cut into pieces wherever it is full, in the middle of an emoji as well.
    """
    name = charset or ("utf-16-be" if coding in UCS2_CODINGS else "utf-8")
    try:
        wide = lookup(name).name.startswith("utf-16")
        return raw.decode(name, "replace" if wide else "strict")
    except (LookupError, ValueError):  # an unknown charset, a name that is none, bytes of another
        return raw.decode("utf-8", "replace")


def _header(header: bytes) -> bytes:
    """Kannel gives the header's bytes; some set-ups write them as hexadecimal digits."""
    if len(header) >= 12 and len(header) % 2 == 0:
        with suppress(binascii.Error):
            return binascii.unhexlify(header)
    return header


def _moment(text: str, now: datetime) -> datetime:
    """Kannel's times are UTC; seconds since 1970 are taken too."""
    if text.isdecimal() and len(text) <= 11:
        return datetime.fromtimestamp(int(text), UTC)
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return now


def warn_of_gaps(options: KannelOptions) -> None:
    """Say at the start what will not work as configured."""
    if not options.base:
        log.warning("no delivery reports by SMS: KENTONGAN_PUBLIC_URL is not set")
