"""One question over HTTP, with nothing secret in what it raises."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import orjson

SECONDS: Final = 10
MOST_BYTES: Final = 1024 * 1024
UNTRUSTED: Final = (
    "Its certificate is not accepted: is it out of date, is this machine's clock right, "
    "are its root certificates (ca-certificates) up to date?"
)
UNREACHED: Final = "Can this machine get out to it? See network, name server, firewall, and {setting}."


class OutOfReachError(Exception):
    """Nobody answers; the message says what may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP's status, the words, and the other side's clock, where it tells it."""

    status: int
    words: bytes
    date: datetime | None

    @property
    def told(self) -> dict[str, Any]:
        """The object in JSON; an empty one where there is none."""
        try:
            found = orjson.loads(self.words)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}


async def asked(url: str, setting: str, **more: Any) -> Answer:
    """The answer to a GET; `more` are aiohttp's own, `setting` is what names the address.

    Raises:
        OutOfReachError: there is none.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.get(url, **more) as answer,
        ):
            date = answer.headers.get("Date")
            words = await answer.content.read(MOST_BYTES)
            return Answer(answer.status, words, parsedate_to_datetime(date) if date else None)
    except aiohttp.ClientConnectorCertificateError as error:
        raise OutOfReachError(f"{UNTRUSTED} ({_reason(error)})") from None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # The error's own words would show the token, which may be part of the address.
        raise OutOfReachError(f"{UNREACHED.format(setting=setting)} ({type(error).__name__})") from None


def _reason(error: aiohttp.ClientConnectorCertificateError) -> str:
    """What is wrong with a certificate, as OpenSSL says it."""
    return str(getattr(error.certificate_error, "verify_message", "") or "not valid")
