"""A kept file as it is passed on: the copy, under the kind and name it really has, and never the original."""

import re

from bot.channels.base import OutboundFile
from bot.services.core import Core
from dialogs.messages import Attachment, AttachmentKind
from storage.reports.media import File
from tickets.evidence.kinds import KINDS

MOST_NAME = 80
FITTING: dict[str, tuple[AttachmentKind, ...]] = {
    "photo": ("photo",),
    "video": ("video", "animation"),
    "audio": ("audio", "voice"),
    "document": ("document",),
}
"""What a file of a family may be sent as; the first where the sender called it something else."""
VOICES = frozenset({"ogg", "mp3", "m4a"})
ENDINGS = {kind.mime: kind.ending for kind in KINDS.values()}


def outbound(core: Core, file: File) -> OutboundFile | None:
    """The copy on its way out; None when there is nothing that may be passed on."""
    if file.state != "kept" or not file.copy_sha256:
        return None

    async def read() -> bytes:
        return await core.files.get(file.copy_sha256)

    return OutboundFile(kind_of(file), file.copy_mime, name_of(file), read, file.copy_sha256)


def made_here(core: Core, attachment: Attachment, digest: str) -> OutboundFile:
    """A file of our own making, as it is."""

    async def read() -> bytes:
        return await core.files.get(digest)

    return OutboundFile(attachment.kind, attachment.mime, attachment.name, read, digest)


def kind_of(file: File) -> AttachmentKind:
    """What it is sent as: what its sender called it, where its content agrees."""
    known = KINDS.get(file.facts.kind)
    fitting = FITTING[known.family if known else "document"]
    said = file.attachment.kind
    if said not in fitting or (said == "voice" and file.facts.kind not in VOICES):
        return fitting[0]
    return said


def name_of(file: File) -> str:
    """The sender's name for it without folders or strange letters, with the ending of what it is."""
    stem = re.sub(r"[^\w .()-]", "", file.attachment.name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    ending = ENDINGS.get(file.copy_mime, "bin")
    return f"{stem.strip(' .')[:MOST_NAME]}.{ending}" if stem.strip(" .") else ""
