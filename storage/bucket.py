"""A vault in a bucket of any S3-compatible store; needs the extra `s3`."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from storage.vault import VaultError, checked, place

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
        digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        try:
            await self._store.put_async(place(digest), content, mode="create")
        except AlreadyExistsError:
            return digest
        except BaseError as problem:
            raise VaultError(f"the bucket did not take a file: {type(problem).__name__}") from None
        return digest

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash."""
        try:
            found = await self._store.get_async(place(digest))
            content = bytes(await found.bytes_async())
        except BaseError as problem:
            raise VaultError(f"the bucket did not give a file: {type(problem).__name__}") from None
        return await asyncio.to_thread(checked, content, digest)

    async def drop(self, digest: str) -> None:
        """Delete the object under a hash."""
        try:
            await self._store.delete_async(place(digest))
        except BaseError as problem:
            raise VaultError(f"the bucket did not let a file go: {type(problem).__name__}") from None


def _named(access: Access) -> Any:
    named = {
        "endpoint": access.endpoint,
        "access_key_id": access.key,
        "secret_access_key": access.secret,
    }
    return {name: value for name, value in named.items() if value}
