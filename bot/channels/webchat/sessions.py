"""Sessions of the page: a secret the browser keeps, and the address made from it, which is no secret."""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

NONCE = 16  # bytes: 128 bits nobody guesses
SEAL = 16


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes tokens and reads them; `key` must stay the same, or every open chat starts anew.

    A token is a random number and its seal, so that only tokens made here count and none has to be stored.
    """

    key: bytes = field(repr=False)
    random: Callable[[int], bytes]

    def new(self) -> str:
        """A fresh token."""
        nonce = self.random(NONCE)
        return base64.urlsafe_b64encode(nonce + self._mac(b"token", nonce)[:SEAL]).decode().rstrip("=")

    def address(self, token: str) -> str | None:
        """The address a token stands for, or None when the token was not made here."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        nonce, seal = raw[:NONCE], raw[NONCE:]
        if not hmac.compare_digest(seal, self._mac(b"token", nonce)[:SEAL]):
            return None
        return self._mac(b"address", nonce).hex()[:32]

    def _mac(self, purpose: bytes, nonce: bytes) -> bytes:
        return hmac.digest(self.key, purpose + b":" + nonce, "sha256")
