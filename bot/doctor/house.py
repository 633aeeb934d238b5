"""What lies on this machine: the data folder, the disk, the city's rules, the calendar, the examiner."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.doctor.finding import Check, Finding, State
from bot.services.files.examining import Examiner
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from dialogs.loader import load_bundle
from tickets.calendar import WorkCalendar
from tickets.policies import Policies, load_policies

MEGABYTE = 1 << 20
ROOM = 2048
"""Megabytes of room left below which somebody should see to it."""
NO_ROOM = 256
DECREED = 10
"""The month by which next year's joint leave is decreed."""
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
"""The smallest picture: one black pixel."""


@dataclass(frozen=True, slots=True)
class House:
    """Checks of what an installation has on its machine."""

    settings: Settings
    now: datetime

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        yield "data folder", self.folder
        yield "tried before", self.tried
        yield "disk", self.disk
        yield "rules of the city", self.rules
        yield "calendar", self.calendar
        yield "delivered dialog", self.dialog
        yield "understanding", self.understanding
        yield "examiner of files", self.examiner

    async def folder(self) -> Finding:
        """Whether it can be written, and by nobody else."""
        what, folder = "data folder", self.settings.data_dir
        there = _nearest(folder)
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            remedy = "Give it to the user Kentongan runs as, or name another: KENTONGAN_DATA_DIR."
            return Finding(what, "ill", f"{there} cannot be written", remedy)
        if there != folder:
            return Finding(what, "well", f"{folder} is not there yet; the first start makes it")
        if folder.stat().st_mode & 0o007:
            remedy = f"chmod o-rwx {folder}"
            return Finding(what, "look", f"every user of this machine may look into {folder}", remedy)
        return Finding(what, "well", str(folder))

    async def tried(self) -> Finding:
        """Whether a sandbox was played on what now serves people: its staff have numbers of strangers."""
        what, live = "tried before", self.settings.citizen_token or self.settings.operator_token
        if not live or not (self.settings.data_dir / "sandbox").exists():
            return Finding(what, "well", "nothing of a sandbox among what is real")
        told = "reports and staff of the sandbox lie there; on Telegram their numbers are strangers'"
        return Finding(what, "look", told, "Begin with an empty data folder, or see: kentongan operator list")

    async def disk(self) -> Finding:
        """How much room is left where things are kept."""
        free = shutil.disk_usage(_nearest(self.settings.data_dir)).free // MEGABYTE
        remedy = "Make room, or move the data folder: messages cannot be kept on a full disk."
        state: State = "ill" if free < NO_ROOM else "look" if free < ROOM else "well"
        return Finding("disk", state, f"{free:,} MB free", "" if state == "well" else remedy)

    async def rules(self) -> Finding:
        """Whether the policy files can be read; a fault names file, key and remedy itself."""
        found = self._policies()
        told = f"{found.city.name}, {self.settings.policies_dir or 'delivered'}"
        if found.borrowed:
            told += f"; {len(found.borrowed)} entries as delivered (kentongan tickets check)"
        return Finding("rules of the city", "well", told)

    async def calendar(self) -> Finding:
        """Whether this year's joint leave, and towards its end next year's, is known."""
        policies = self._policies()
        calendar, zone = WorkCalendar(policies), policies.city.timezone
        today = self.now.astimezone(zone).date()
        years = [today.year, today.year + 1] if today.month >= DECREED else [today.year]
        missing = [year for year in years if not calendar.joint_leave_known(year)]
        last = max(policies.calendar.holidays, default=today)
        if last.year < today.year:
            remedy = "Enter this year's holidays of your own there, or take the old ones away."
            return Finding("calendar", "look", f"calendar.yml has no day after {last}", remedy)
        if not missing:
            return Finding("calendar", "well", f"holidays and joint leave of {', '.join(map(str, years))}")
        remedy = "Bring the library `holidays` up to date, or enter the days in calendar.yml once decreed."
        unknown = ", ".join(map(str, missing))
        told = f"no joint leave (cuti bersama) known for {unknown}: deadlines may come too early"
        return Finding("calendar", "look", told, remedy)

    async def dialog(self) -> Finding:
        """Whether the dialog that comes with the program is whole."""
        return Finding("delivered dialog", "well", f"{len(load_bundle().flows)} flows")

    async def understanding(self) -> Finding:
        """Whether texts can be read."""
        city = self._policies().city
        read = load_interpreter(self.settings.data_dir, city.kode).interpret("lampu jalan mati")
        return Finding("understanding", "well", f"'lampu jalan mati' is {read.categories[0].category}")

    async def examiner(self) -> Finding:
        """Whether a process for strangers' files comes up."""
        what, examiner = "examiner of files", Examiner(self._policies().evidence)
        try:
            found = await examiner.examine(PICTURE)
        finally:
            await examiner.stop()
        if found.refused:
            return Finding(
                what, "ill", f"refuses a good picture ({found.refused})", "Install the program anew."
            )
        return Finding(what, "well", "takes a picture")

    def _policies(self) -> Policies:
        return load_policies(self.settings.policies_dir)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    if folder.exists():
        return folder
    return next(one for one in folder.absolute().parents if one.exists())
