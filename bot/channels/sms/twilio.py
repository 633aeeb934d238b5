"""Twilio, and gateways that speak as it does: signed forms in, a REST call out."""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import orjson
from aiohttp import web

from bot.channels.base import DOOR_CODES, RATE_LIMITED, FetchError, Receipt, ReceiptState, SendError
from bot.channels.bodies import read_bounded
from bot.channels.secrets import same
from bot.channels.sms.gateway import MAX_BODY, Gateway, Handover, Hearing
from bot.channels.sms.parse import NAME, Sms
from dialogs.messages import Attachment, AttachmentKind

INBOUND: Final = "/sms/twilio/in"
REPORTS: Final = "/sms/twilio/status"
API: Final = "https://api.twilio.com"
EMPTY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
STOPPED: Final = 21610
UNREACHABLE: Final = frozenset({21211, 21214, 21217, 21408, 21610, 21612, 21614})
"""Codes that mean this number will never get it: not a number, not a phone, not allowed, opted out."""
UNKNOWN_TO_IT: Final = frozenset({20003, 20008})
"""Codes of a SID or token that is not right (any more), or one for tests."""
BARRED: Final = frozenset(
    {10001, 20005, 20006, 21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703, 30002, 63038}
)
"""Codes of an account that is suspended or has used up its day, or of a sender that is not the account's."""
BUSY: Final = frozenset({14107, 20429, 21611, 30001, 30017, 30022})
"""Codes of too much at once, with us or with the carrier."""
OUR_PAUSE: Final = 300.0
"""Seconds until the next try at what only an admin can mend."""
MOST_FILES: Final = 10
LARGEST: Final = 16 * 1024 * 1024
THEIRS: Final = (".twilio.com", ".twiliocdn.com")
GONE: Final = frozenset({400, 403, 410})
KINDS: Final[Mapping[str, AttachmentKind]] = {"image": "photo", "video": "video", "audio": "audio"}
STATES: Final[Mapping[str, ReceiptState]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
Form = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TwilioOptions:
    """`base` is our own address as Twilio sees it, which its signatures cover; `url` the API's."""

    account: str
    token: str = field(repr=False)
    sender: str
    base: str = ""
    url: str = API


class Twilio(Gateway):
    """Speaks the Messages resource and its webhooks."""

    def __init__(self, options: TwilioOptions) -> None:
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def submit(self, handover: Handover) -> str:
        """Create a message; its SID is the ref; raises SendError."""
        options = self._options
        address = f"{options.url}/2010-04-01/Accounts/{options.account}/Messages.json"
        try:
            async with self._http().post(address, data=self._form(handover)) as answer:
                body = await answer.content.read(MAX_BODY)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise SendError("network", type(problem).__name__, retryable=True) from None
        return _sid(answer.status, answer.headers.get("Retry-After", ""), body)

    def routes(self, hearing: Hearing) -> list[web.RouteDef]:
        """The webhook of incoming messages and that of their status."""

        async def inbound(request: web.Request) -> web.Response:
            form = await self._signed(request)
            sms = read_sms(dict(form), hearing)
            if sms is None:
                return web.Response(status=400)
            await hearing.sms(sms)
            return web.Response(text=EMPTY, content_type="text/xml")

        async def status(request: web.Request) -> web.Response:
            receipt = read_status(dict(await self._signed(request)), hearing)
            if receipt is not None:
                await hearing.receipt(receipt)
            return web.Response(status=204)

        return [web.post(INBOUND, inbound), web.post(REPORTS, status)]

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file of an MMS, from Twilio and nobody else; raises FetchError."""
        if not self._is_theirs(ref):
            raise FetchError("an address that is not Twilio's", retryable=False)
        content = bytearray()
        try:
            async with self._http().get(ref) as answer:
                if answer.status != 200:
                    again, ours = answer.status not in GONE, answer.status == 401
                    raise FetchError(f"HTTP {answer.status}", retryable=again, ours=ours)
                async for chunk in answer.content.iter_chunked(MAX_BODY):
                    content += chunk
                    if len(content) > LARGEST:
                        raise FetchError("larger than 16 MB", retryable=False)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise FetchError(type(problem).__name__, retryable=True) from None
        return bytes(content)

    async def close(self) -> None:
        """Close the connection to the API."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            auth = aiohttp.encode_basic_auth(self._options.account, self._options.token)
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers={"Authorization": auth})
        return self._session

    def _is_theirs(self, ref: str) -> bool:
        """Whether an address lies where our SID and token may be shown."""
        try:
            there, known = urlsplit(ref), urlsplit(self._options.url)
        except ValueError:
            return False
        same_place = (there.scheme, there.netloc) == (known.scheme, known.netloc)
        return same_place or (there.scheme == "https" and f".{there.hostname}".endswith(THEIRS))

    def _form(self, handover: Handover) -> dict[str, str]:
        sender = self._options.sender
        service = "MessagingServiceSid" if sender.startswith("MG") else "From"
        form = {service: sender, "To": handover.to, "Body": handover.text}
        if self._options.base:
            form["StatusCallback"] = f"{self._options.base}{REPORTS}?{urlencode({'ref': handover.ref})}"
        return form

    async def _signed(self, request: web.Request) -> Form:
        """The form of an authentic post.

        Raises:
            web.HTTPException: 413 when it is too long, 403 when its signature is not Twilio's.
        """
        body = await read_bounded(request, MAX_BODY)
        if body is None:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, MAX_BODY)
        form = _form(body)
        address = f"{self._options.base or _seen(request)}{request.rel_url.raw_path_qs}"
        if not same(request.headers.get("X-Twilio-Signature", ""), sign(self._options.token, address, form)):
            raise web.HTTPForbidden
        return form


def sign(token: str, address: str, form: Form) -> str:
    """The signature of a post: address, then every name with its value in order, keyed with the token."""
    told = address + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def read_sms(form: Mapping[str, str], hearing: Hearing) -> Sms | None:
    """The SMS in a form; None when it has no sender or id."""
    sender, sid = form.get("From", ""), form.get("MessageSid") or form.get("SmsSid") or ""
    if not sender or not sid:
        return None
    return Sms(sender, form.get("Body", ""), hearing.clock(), id=sid, files=tuple(_files(form)))


def _files(form: Mapping[str, str]) -> Iterator[Attachment]:
    """What an MMS holds; a file without an address is one too, so that its sender hears that it is lost."""
    told = form.get("NumMedia", "")
    for place in range(min(int(told), MOST_FILES) if told.isdecimal() and len(told) < 4 else 0):
        mime = form.get(f"MediaContentType{place}", "").split(";")[0].strip()[:100]
        kind = KINDS.get(mime.split("/")[0], "document")
        yield Attachment("document" if "svg" in mime else kind, form.get(f"MediaUrl{place}", "")[:2000], mime)


def read_status(form: Mapping[str, str], hearing: Hearing) -> Receipt | None:
    """The receipt in a status form; None for a state on the way, such as queued."""
    sid, to = form.get("MessageSid") or form.get("SmsSid") or "", form.get("To", "")
    state = STATES.get(form.get("MessageStatus") or form.get("SmsStatus") or "")
    if state is None or not sid or not to:
        return None
    receipt = Receipt(NAME, to, sid, state, hearing.clock())
    code = form.get("ErrorCode", "") if state == "failed" else ""
    if not code:
        return receipt
    short, again = _meaning(int(code) if code.isdecimal() and len(code) < 9 else 0, 400)
    return replace(receipt, code=short or f"twilio_{code}", text=f"Twilio {code}", retryable=again)


def _form(body: bytes) -> Form:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return ()


def _seen(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _sid(status: int, wait: str, body: bytes) -> str:
    told = _json(body)
    if status in {200, 201} and isinstance(told.get("sid"), str):
        return str(told["sid"])
    code = told.get("code")
    text = str(told.get("message") or f"HTTP {status}")[:200]
    short, again = _meaning(code if isinstance(code, int) else 0, status)
    pause = float(wait) if wait.isdecimal() else OUR_PAUSE if short in DOOR_CODES else 0.0
    raise SendError(
        short or f"twilio_{code or status}", text, retryable=again, retry_after=pause if again else 0.0
    )


def _meaning(code: int, status: int) -> tuple[str, bool]:
    """What a refusal means in our own codes ("" where only Twilio's says it), and whether to try on."""
    if code == STOPPED:
        return "blocked", False
    if code in UNREACHABLE:
        return "", False
    if code in UNKNOWN_TO_IT or status == 401:
        return "token", True
    if code in BARRED:
        return "account", True
    if code in BUSY or status == 429:
        return RATE_LIMITED, True
    return "", status == 408 or status >= 500


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
