"""Look at an officer's proof before a report is closed with it: readable, and not used before."""

import asyncio

from bot.services.core import Core
from bot.services.files.comparing import sightings
from bot.services.files.keeping import Keeper
from bot.services.reports.ticketing import Act, may_see
from dialogs.messages import Attachment
from storage.reports import cases, media
from storage.reports.media import File, Owner
from tickets.desk import DeskRefusal
from tickets.evidence.sightings import Sighting
from tickets.ticket import Actor

PROOF = "proof"
ELSEWHERE = "…"


class Proofs:
    """The look at what an action brings as proof; the one place where somebody waits for an examination."""

    def __init__(self, core: Core, keeper: Keeper) -> None:
        self._core = core
        self._keeper = keeper

    async def check(self, number: str, act: Act) -> None:
        """Let pass what may close a report.

        Raises:
            DeskRefusal: a file cannot be read, could not be looked at yet, or was used before and the
                city's policy refuses that.
        """
        if act.role != PROOF or not act.files:
            return
        files = await asyncio.gather(*(self._examined(one.media_id) for one in await self._owed(act)))
        for file in files:
            if file.state == "refused":
                raise DeskRefusal("bukti_tidak_terbaca", sebab=file.error)
            if file.state != "kept":
                raise DeskRefusal("bukti_belum_terperiksa")
            seen = await sightings(self._core, file, number)
            await self._unused(seen, act.command.actor)

    async def _owed(self, act: Act) -> tuple[Attachment, ...]:
        now, owner = self._core.clock(), Owner("", act.channel, act.role, act.origin.partition("/")[0])
        await self._core.database.write(lambda c: media.owe(c, act.files, owner, now))
        return act.files

    async def _examined(self, media_id: str) -> File:
        file = await self._file(media_id)
        if file.state == "waiting":
            await self._keeper.keep(file)
        return await self._file(media_id)

    async def _file(self, media_id: str) -> File:
        found = await self._core.database.glance(lambda c: media.file(c, media_id))
        assert found is not None  # noqa: S101 it was noted a moment ago
        return found

    async def _unused(self, seen: tuple[Sighting, ...], actor: Actor) -> None:
        policy = self._core.policies.evidence
        for one in seen:
            answer = policy.reused_same if one.like == "same" else policy.reused_similar
            if answer == "refuse":
                raise DeskRefusal("bukti_dipakai_ulang", nomor=await self._named(one.number, actor))

    async def _named(self, number: str, actor: Actor) -> str:
        """The number, where the officer may know of that report."""
        case = await self._core.database.glance(lambda c: cases.case(c, number))
        return number if case is not None and may_see(case.ticket, actor) else ELSEWHERE
