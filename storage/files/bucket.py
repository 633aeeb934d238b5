"""A vault in a bucket of any S3-compatible store; needs the extra `s3`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from storage.files.vault import VaultError, names_of, place, sealed, unsealed

CALL_SECONDS = timedelta(seconds=30)
MOST_RETRIES = 2
"""Few: what does not succeed is tried again by whoever asked, after a pause."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a bucket is reached; without an endpoint it is one of AWS, without a key the machine's own role."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = field(default="", repr=False)


class Bucket:
    """Keeps bytes as objects; a hash that is there already is not sent again."""

    def __init__(self, access: Access) -> None:
        self._store = S3Store(
            access.bucket,
            prefix=access.prefix or None,
            region=access.region,
            virtual_hosted_style_request=False,
            client_options={"allow_http": access.endpoint.startswith("http://"), "timeout": CALL_SECONDS},
            retry_config={"max_retries": MOST_RETRIES, "retry_timeout": CALL_SECONDS},
            **_named(access),
        )

    async def put(self, content: bytes) -> str:
        """Keep the bytes, unless they are there."""
        digest, name, outside = await asyncio.to_thread(sealed, content)
        try:
            await self._store.put_async(place(name), outside, mode="create")
        except AlreadyExistsError:
            return digest
        except BaseError as problem:
            raise VaultError(f"the bucket did not take a file: {type(problem).__name__}") from None
        return digest

    async def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Keep several at once."""
        return await asyncio.gather(*map(self.put, contents))

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash."""
        name, found = await self._found(digest)
        return await asyncio.to_thread(unsealed, name, found, digest)

    async def missing(self, digests: Sequence[str]) -> list[str]:
        """Those of the hashes under which there is no object."""
        there = await asyncio.gather(*map(self._there, digests))
        return [digest for digest, found in zip(digests, there, strict=True) if not found]

    async def drop(self, digest: str) -> None:
        """Delete the object under a hash."""
        for name in names_of(digest):
            await self._delete(name)

    async def renew(self, digest: str) -> bool:
        """Seal the object with the key in use now, then let the old one go."""
        try:
            name, found = await self._found(digest)
        except FileNotFoundError:
            return False
        if name == names_of(digest)[0]:
            return False
        await self.put(await asyncio.to_thread(unsealed, name, found, digest))
        await self._delete(name)
        return True

    async def _there(self, digest: str) -> bool:
        for name in names_of(digest):
            try:
                await self._store.head_async(place(name))
            except (FileNotFoundError, NotFoundError):
                continue
            except BaseError as problem:
                raise VaultError(f"the bucket did not tell of a file: {type(problem).__name__}") from None
            return True
        return False

    async def _found(self, digest: str) -> tuple[str, bytes]:
        """The name an object lies under, and its bytes."""
        for name in names_of(digest):
            try:
                found = await self._store.get_async(place(name))
                return name, bytes(await found.bytes_async())
            except (FileNotFoundError, NotFoundError):
                continue
            except BaseError as problem:
                raise VaultError(f"the bucket did not give a file: {type(problem).__name__}") from None
        raise FileNotFoundError(digest)

    async def _delete(self, name: str) -> None:
        try:
            await self._store.delete_async(place(name))
        except (FileNotFoundError, NotFoundError):
            return
        except BaseError as problem:
            raise VaultError(f"the bucket did not let a file go: {type(problem).__name__}") from None


def _named(access: Access) -> Any:
    named = {
        "endpoint": access.endpoint,
        "access_key_id": access.key,
        "secret_access_key": access.secret,
    }
    return {name: value for name, value in named.items() if value}
