"""Personal data sealed: authenticated encryption of values and files under keys given from outside.

One process serves one installation, and the types of columns have no other way to get at a key: so the ring
of keys in use stands here, put there once when the database is opened.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field, replace
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
ID_LETTERS = 8
MARK = "~"
"""How a sealed value begins: the mark, the key's id, a dot, then nonce and ciphertext in base64."""
SEALED = re.compile(rf"{MARK}[\w-]{{{ID_LETTERS}}}\.[A-Za-z0-9+/]{{22,}}=*")
REMEMBERED = 1_000
"""Tokens kept at hand, 0.25 KB each: a turn asks for the same address again and again."""
BEGIN = ID_LETTERS + 2
FORM = "32 random bytes in base64; `kentongan keys new` makes one"


class KeyFormError(ValueError):
    """A key that is none."""


class UnknownKeyError(Exception):
    """Something is sealed with a key that was not given."""


class UnsealError(Exception):
    """A sealed value is not what was written there: altered, put into another column, or never sealed."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with what is derived from it, made once; `id` tells keys apart and gives nothing away."""

    id: str
    aead: AESGCM = field(repr=False)
    siv: AESSIV = field(repr=False)
    names: bytes = field(repr=False)
    files: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> Self:
        """The key of a secret of `KEY_BYTES` bytes."""
        named = base64.urlsafe_b64encode(_derived(secret, b"id", 6)).decode()
        return cls(
            id=named,
            aead=AESGCM(_derived(secret, b"values", 32)),
            siv=AESSIV(_derived(secret, b"look-up", 64)),
            names=_derived(secret, b"names", 32),
            files=_derived(secret, b"files", 32),
        )


@dataclass(frozen=True, slots=True)
class Ring:
    """Every key that may be needed, by id; `newest` seals, equal values are found under `finder`."""

    keys: dict[str, Key]
    newest: Key
    finder: Key
    tokens: dict[tuple[bytes, str], str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """The ring of keys written out with blanks or commas between, newest first.

        Raises:
            KeyFormError: one of them is no key, or there is none.
        """
        made = [Key.of(_secret(one, place)) for place, one in enumerate(text.replace(",", " ").split(), 1)]
        if not made:
            raise KeyFormError(f"no key is given; a key is {FORM}")
        return cls({key.id: key for key in made}, made[0], made[0])

    def finding_with(self, key_id: str) -> Self:
        """The same ring, finding equal values under another of its keys.

        Raises:
            UnknownKeyError: it is not on the ring.
        """
        return replace(self, finder=self.key(key_id), tokens={})

    def key(self, key_id: str) -> Key:
        """A key by its id; raises UnknownKeyError."""
        try:
            return self.keys[key_id]
        except KeyError:
            known = ", ".join(self.keys)
            raise UnknownKeyError(
                f"The data is sealed with the key {key_id}, which is not among KENTONGAN_KEYS ({known})."
                " Give it as well; without it nothing that was sealed can be read."
            ) from None

    def seal(self, column: bytes, plain: bytes) -> str:
        """Plain bytes sealed for one column: different every time."""
        nonce = os.urandom(NONCE_BYTES)
        return _written(self.newest.id, nonce + self.newest.aead.encrypt(nonce, plain, column))

    def unseal(self, column: bytes, sealed: str) -> bytes:
        """What was sealed for that column; raises UnsealError, UnknownKeyError."""
        key, content = self._opened(sealed)
        try:
            return key.aead.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], column)
        except (InvalidTag, ValueError):
            raise UnsealError(f"{column.decode()}: a value was altered") from None

    def token(self, domain: bytes, plain: str) -> str:
        """A text sealed so that the same text looks the same within a domain, to be looked up by."""
        known = self.tokens.get((domain, plain))
        if known is None:
            if len(self.tokens) >= REMEMBERED:
                self.tokens.clear()
            known = _written(self.finder.id, self.finder.siv.encrypt(plain.encode(), [domain]))
            self.tokens[domain, plain] = known
        return known

    def untoken(self, domain: bytes, sealed: str) -> str:
        """The text of a token; raises UnsealError, UnknownKeyError."""
        key, content = self._opened(sealed)
        try:
            return key.siv.decrypt(content, [domain]).decode()
        except (InvalidTag, ValueError):
            raise UnsealError(f"{domain.decode()}: a value was altered") from None

    def _opened(self, sealed: str) -> tuple[Key, bytes]:
        if type(sealed) is not str or sealed[:1] != MARK:
            raise UnsealError("a value that has to be sealed is not")
        key = self.keys.get(sealed[1 : BEGIN - 1]) or self.key(sealed[1 : BEGIN - 1])
        try:
            return key, binascii.a2b_base64(sealed[BEGIN:])
        except ValueError:
            raise UnsealError("a value was altered") from None

    def names(self, digest: str) -> tuple[str, ...]:
        """What the file with that SHA-256 is called outside, first under the key things are found by."""
        ordered = [self.finder, *(key for key in self.keys.values() if key is not self.finder)]
        return tuple(hmac.digest(key.names, digest.encode(), "sha256").hex() for key in ordered)


_in_use: Ring | None = None


def use(ring: Ring) -> None:
    """Seal and unseal with this ring from here on."""
    global _in_use  # noqa: PLW0603 the types of columns have no other way to it
    _in_use = ring


def ring() -> Ring:
    """The ring in use; raises UnknownKeyError when there is none."""
    if _in_use is None:
        raise UnknownKeyError("Nothing can be read or written: no keys are in use (KENTONGAN_KEYS).")
    return _in_use


def new_key() -> str:
    """A new key as it is written out."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def is_sealed(value: object) -> bool:
    """Whether a value has the form of a sealed one."""
    return isinstance(value, str) and SEALED.fullmatch(value) is not None


def key_of(sealed: str) -> str:
    """The id of the key something was sealed with."""
    return sealed[1 : BEGIN - 1]


def _written(key_id: str, content: bytes) -> str:
    return f"{MARK}{key_id}.{binascii.b2a_base64(content, newline=False).decode()}"


def _secret(text: str, place: int) -> bytes:
    try:
        secret = base64.b64decode(
            text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True
        )
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyFormError(f"key {place} is not a key: a key is {FORM}")
    return secret


def _derived(secret: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt=None, info=b"kentongan " + purpose).derive(secret)


def file_key(key: Key, salt: bytes, name: bytes) -> AESGCM:
    """The cipher of one file."""
    derived = hashlib.sha256(hmac.digest(key.files, salt + name, "sha256")).digest()
    return AESGCM(derived)
