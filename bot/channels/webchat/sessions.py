"""Sessions of the page: a secret the browser keeps, and the address made from it, which is no secret."""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NONCE = 16  # bytes: 128 bits nobody guesses
SEAL = 16
MOMENT = 5  # bytes: seconds for longer than anybody counts them
LENGTH = NONCE + 2 * MOMENT + SEAL
RENEWED = 20
"""A token is renewed once this part of the idle time is over: not with every message."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A session ends when nobody used it for `idle`, and when it is `longest` old."""

    idle: timedelta = timedelta(days=30)
    longest: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Session:
    """What a token tells: whose talk, since when, and when it was last known to be used."""

    address: str
    nonce: bytes = field(repr=False)
    began: datetime
    used: datetime

    def until(self, terms: Terms) -> datetime:
        """When it ends if it is not used any more."""
        return min(self.used + terms.idle, self.began + terms.longest)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes tokens and reads them; `key` must stay the same, or every open chat starts anew.

    A token is a random number with two moments and their seal, so that only tokens made here count and none
    has to be stored: what a session was last used is told by the token its browser was given then.
    """

    key: bytes = field(repr=False)
    random: Callable[[int], bytes]
    terms: Terms = Terms()

    def new(self, now: datetime) -> str:
        """A fresh token."""
        return self._token(self.random(NONCE), now, now)

    def read(self, token: str) -> Session | None:
        """The session of a token, over or not; None when the token was not made here."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        told, seal = raw[:-SEAL], raw[-SEAL:]
        if len(raw) != LENGTH or not hmac.compare_digest(seal, self._mac(b"token", told)[:SEAL]):
            return None
        nonce, began, used = told[:NONCE], told[NONCE:-MOMENT], told[-MOMENT:]
        return Session(self._mac(b"address", nonce).hex()[:32], nonce, _moment(began), _moment(used))

    def renewed(self, session: Session, now: datetime) -> str:
        """The token of a session in use, to be kept instead; empty while the one shown is new enough."""
        worn = now - session.used > self.terms.idle / RENEWED
        return self._token(session.nonce, session.began, now) if worn else ""

    def over(self, session: Session, now: datetime) -> bool:
        """Whether a session has ended by itself."""
        return now >= session.until(self.terms)

    def _token(self, nonce: bytes, began: datetime, used: datetime) -> str:
        told = nonce + _seconds(began) + _seconds(used)
        return base64.urlsafe_b64encode(told + self._mac(b"token", told)[:SEAL]).decode().rstrip("=")

    def _mac(self, purpose: bytes, told: bytes) -> bytes:
        return hmac.digest(self.key, purpose + b":" + told, "sha256")


def _seconds(moment: datetime) -> bytes:
    return int(moment.timestamp()).to_bytes(MOMENT)


def _moment(seconds: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(seconds), UTC)
