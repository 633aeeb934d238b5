"""The composition root: the only place that knows which concrete parts make up the whole."""

import asyncio
import random
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.base import Channel
from bot.forwarding.wire import Wire
from bot.meters import Meters
from bot.services.core import Bundles, Clock, Core
from bot.services.databases import opened_database
from bot.services.desk.digests import Digests
from bot.services.desk.roster import Roster
from bot.services.files.examining import Examiner
from bot.services.files.keeping import Keeper
from bot.services.files.proofs import Proofs
from bot.services.flows.publishing import Publishing
from bot.services.flows.wording import complain
from bot.services.forwarding import Forwarding
from bot.services.inspecting import Inspection
from bot.services.keys import unlock_beside
from bot.services.lanes import Lanes
from bot.services.people.erasures import FILE as ERASED
from bot.services.people.erasures import Erasures
from bot.services.people.requests import Requests
from bot.services.people.retaining import Retention
from bot.services.people.rights import Rights
from bot.services.practice.house import SupervisedTicketing
from bot.services.recounting import Recounting
from bot.services.referrals import FOLDER as REFERRALS
from bot.services.referrals import Referrals
from bot.services.reports.ticketing import Ticketing
from bot.services.sending.delivery import Sender
from bot.services.sending.receipts import Receipts
from bot.services.talks.citydesk import TownDesk
from bot.services.talks.intake import Intake
from bot.services.talks.turns import Turns
from bot.services.talks.understanding import load_interpreter
from bot.services.ticks import Deadlines, Held, Silences
from bot.settings import BUCKET, Settings
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.loader import load_bundle
from nlu.categories import load_categories
from storage.doors.database import Database, DatabaseAwayError
from storage.files.vault import Folder, Vault
from storage.migrations import upgrade
from storage.talks import outbox
from tickets.desk import Desk
from tickets.policies import load_policies
from tickets.practice.script import Course

MIGRATING = threading.Lock()
"""Held while a database of practice is made: Alembic does not bear two at once."""


def utc_now() -> datetime:
    """The time, where none is given from outside."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kentongan:
    """Everything that answers citizens and staff; the doors to the outside are put into `channels`."""

    core: Core
    channels: dict[str, Channel]
    turns: Lanes
    deliveries: Lanes
    intake: Intake
    ticketing: Ticketing
    roster: Roster
    keeper: Keeper
    publishing: Publishing
    deadlines: Deadlines
    silences: Silences
    held: Held
    digests: Digests
    recounting: Recounting
    referrals: Referrals
    inspection: Inspection
    retention: Retention
    rights: Rights
    requests: Requests
    receipts: Receipts
    forwarding: Forwarding

    async def resume(self) -> None:
        """Go on with whatever a stop or a crash left undone."""
        await self.intake.resume()
        self.deliveries.wake_all(await self.core.database.read(outbox.addresses_waiting))

    async def take_over(self, left: timedelta) -> int:
        """Go on with what has waited for that long, in whatever process it was begun; always 0."""
        before = self.core.clock() - left
        await self.intake.resume(before)
        waiting = await self.core.database.read(lambda c: outbox.addresses_waiting(c, before))
        self.deliveries.wake_all(waiting)
        return 0

    async def answered(self, channel: str, address: str) -> None:
        """Return once everything an address sent is answered, and the answers are on their way or held."""
        await self.turns.done(channel, address)
        await self.deliveries.done(channel, address)

    async def settle(self) -> None:
        """Return once every message in hand is answered and every answer is sent."""
        await self.turns.idle()
        while await self.keeper.run_once():
            await self.turns.idle()
        await self.deliveries.idle()

    async def stop(self) -> None:
        """Finish the turns in hand, then what they say; begin nothing new."""
        await self.turns.stop()
        await self.deliveries.stop()
        await self.keeper.examiner.stop()
        await self.forwarding.wire.close()


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    chance: random.Random | None = None,
    dialog: Path | None = None,
) -> AsyncIterator[Kentongan]:
    """The whole house on its database, brought up to date; closed in order at the end.

    `dialog` is a folder with a dialog to begin with, in place of the one that comes with the program.

    Raises:
        tickets.policies.PolicyFaults, dialogs.faults.FlowFaults: a data file is wrong; it says where.
    """
    async with opened_database(settings) as database:
        bundles = await _published(database, clock, dialog)
        house = _house(_core(settings, bundles, database, clock, chance or random.SystemRandom()), settings)
        complain(house.core.policies.lifecycle, bundles.live)
        try:
            yield house
        finally:
            await house.stop()


@asynccontextmanager
async def practice_house(
    settings: Settings, real: Kentongan, course: Course, name: str
) -> AsyncIterator[Kentongan]:
    """A second house of the same parts on a database of its own, for practice; it sends nothing outside.

    Rules, understanding and texts are the real house's; report numbers begin otherwise.
    """
    folder = settings.practice / name
    within = settings.model_copy(
        update={"data_dir": folder, "database_url": "", "media_url": "", "forward_keys": {}}
    )
    policies = real.core.policies
    policies = replace(policies, city=replace(policies.city, prefix=course.marking.prefix))
    await asyncio.to_thread(_blank, settings.practice / "blank.db", folder / "kentongan.db")
    async with Database(within.database) as database:
        await unlock_beside(database)
        bundles = Bundles(database, real.core.bundles.live)
        desk, files = Desk(policies, _category_names()), Folder(within.media_dir)
        core = replace(
            real.core,
            database=database,
            files=files,
            policies=policies,
            desk=desk,
            bundles=bundles,
            meters=Meters(),
            url="",
        )
        house = _house(core, within)
        look = Proofs(core, house.keeper).check
        house = replace(house, ticketing=SupervisedTicketing(core, house.deliveries, look))
        try:
            yield house
        finally:
            await house.stop()


def _blank(kept: Path, wanted: Path) -> None:
    """An empty database where there is none, copied: to make one takes long, and a class joins at once."""
    with MIGRATING:
        if not wanted.exists():
            wanted.parent.mkdir(parents=True, exist_ok=True)
            upgrade(f"sqlite:///{kept}")
            shutil.copyfile(kept, wanted)
        upgrade(f"sqlite:///{wanted}")


@asynccontextmanager
async def press_room(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Publishing]:
    """Publishing alone, on the database of an installation: for commands that need no more."""
    async with opened_database(settings) as database:
        bundles = await _published(database, clock)
        yield Publishing(database, bundles, clock)


@asynccontextmanager
async def records(settings: Settings) -> AsyncIterator[Database]:
    """The database of an installation alone: for commands that only look at what is kept."""
    async with opened_database(settings) as database:
        yield database


async def dialog_in_force(settings: Settings) -> Bundle:
    """The dialog that is live in an installation."""
    async with opened_database(settings) as database:
        return (await _published(database, utc_now)).live


async def _published(database: Database, clock: Clock, dialog: Path | None = None) -> Bundles:
    """The bundles, with what was published last as the live one."""
    delivered = load_bundle(dialog)
    bundles = Bundles(database, delivered)
    await Publishing(database, bundles, clock).begin(delivered)
    return bundles


def _core(
    settings: Settings, bundles: Bundles, database: Database, clock: Clock, chance: random.Random
) -> Core:
    policies = load_policies(settings.policies_dir)
    return Core(
        database=database,
        files=vault_of(settings),
        policies=policies,
        desk=Desk(policies, _category_names()),
        interpreter=load_interpreter(settings.data_dir, policies.city.kode),
        bundles=bundles,
        clock=clock,
        chance=chance,
        url=settings.public_url.rstrip("/"),
    )


def _category_names() -> dict[str, str]:
    return {category.id: category.name["id"] for category in load_categories()}


def vault_of(settings: Settings) -> Vault:
    """Where files are kept: a folder, unless a bucket is named."""
    named = BUCKET.fullmatch(settings.media_url)
    if named is None:
        return Folder(settings.media_dir)
    # The client of buckets is an extra, and only for those who keep files in one.
    from storage.files.bucket import Access, Bucket  # noqa: PLC0415

    secret = settings.media_secret.get_secret_value() if settings.media_secret else ""
    at = (settings.media_endpoint, settings.media_region, settings.media_key, secret)
    return Bucket(Access(named["bucket"], named["prefix"] or "", *at))


def _wire(settings: Settings) -> Wire:
    return Wire({name: key.get_secret_value() for name, key in settings.forward_keys.items()})


def _house(core: Core, settings: Settings) -> Kentongan:
    channels: dict[str, Channel] = {}
    sender = Sender(core, channels, lambda keys: deliveries.wake_all(keys))  # noqa: PLW0108 it stands a line below
    deliveries = Lanes("deliveries", sender.step, core.database.hands)
    answers = Turns(core, ActionRunner(TownDesk(core), through=(DatabaseAwayError,)), deliveries.wake_all)
    turns = Lanes("turns", answers.step, core.database.hands)
    keeper = Keeper(core, channels, Examiner(core.policies.evidence, settings.examiners), turns, deliveries)
    return Kentongan(
        core=core,
        channels=channels,
        turns=turns,
        deliveries=deliveries,
        intake=Intake(core, turns, deliveries),
        ticketing=Ticketing(core, deliveries, Proofs(core, keeper).check),
        roster=Roster(core, deliveries),
        keeper=keeper,
        publishing=Publishing(core.database, core.bundles, core.clock),
        deadlines=Deadlines(core, deliveries),
        silences=Silences(core, answers),
        held=Held(core, deliveries),
        digests=Digests(core, deliveries),
        recounting=Recounting(core, deliveries),
        referrals=Referrals(core.database, core.policies, settings.data_dir / REFERRALS),
        inspection=Inspection(core),
        retention=Retention(core.database, core.policies.retention, core.clock),
        rights=Rights(core, Erasures(settings.data_dir / ERASED)),
        requests=Requests(core, deliveries),
        receipts=Receipts(core, deliveries),
        forwarding=Forwarding(core, deliveries, _wire(settings)),
    )
