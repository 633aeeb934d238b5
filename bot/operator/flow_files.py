"""The dialog's files on their way to an admin and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from telegram import InputFile

from bot.operator.client import StaffBot

SLASH = "__"
"""What stands for a slash in the name of a file that is handed out, so that it finds its way back."""
FOLDERS = ("flows/", "responses/")


@dataclass(frozen=True, slots=True)
class Papers:
    """Hands out files and reads those that come back; raises telegram.error.TelegramError."""

    bot: StaffBot

    async def send(self, chat: str, path: str, text: str) -> None:
        """Hand a file out."""
        file = InputFile(text.encode(), filename=path.replace("/", SLASH))
        await self.bot.send_document(int(chat), file)

    async def read(self, ref: str) -> str | None:
        """The text of a file that was sent; None when it is none."""
        file = await self.bot.get_file(ref)
        try:
            return bytes(await file.download_as_bytearray()).decode("utf-8-sig")
        except UnicodeDecodeError:
            return None


def path_for(caption: str, name: str, sources: Mapping[str, str]) -> str:
    """Where a file belongs: where its caption says, where its name says, or where only one has that name.

    Empty when none of these tells.
    """
    for said in (caption, name.replace(SLASH, "/")):
        known = said in sources or said.startswith(FOLDERS)
        if known and said.endswith(".yml") and ".." not in PurePosixPath(said).parts:
            return said
    alike = [path for path in sources if PurePosixPath(path).name == name]
    return alike[0] if len(alike) == 1 else ""
