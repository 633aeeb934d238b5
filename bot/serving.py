"""The house with its doors open: channels, staff desk, web server, clock; until asked to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import structlog
from pydantic import SecretStr

from bot import memory
from bot.app import Kentongan, assembled, utc_now
from bot.channels.base import Channel, Membership, SendError
from bot.channels.x.channel import XChannel
from bot.clockwork import in_each, in_one, only_one
from bot.doors.door import Door
from bot.doors.figures import figures_door
from bot.doors.health import health_door
from bot.doors.sms import sms_door
from bot.doors.webchat import webchat_door, widgets_door
from bot.services.contested import Contested
from bot.services.core import Clock
from bot.services.lanes import Lanes
from bot.services.talks.unkept import Unkept
from bot.settings import Settings
from bot.web.server import Front, Link, Server
from storage.doors.alone import serving_alone
from storage.talks import conversations

log = structlog.get_logger(__name__)

OUT_OF_REACH_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Opened:
    """The house at work, the web server's base address, and the ways in that its front page shows."""

    house: Kentongan
    address: str
    links: Sequence[Link]


WaysIn = Callable[[Kentongan], Awaitable[Sequence[Link]]]


@dataclass(frozen=True, slots=True)
class Share:
    """What of the work is this process's: the doors people come in by, and what the clock brings about."""

    doors: bool = True
    clock: bool = True


EVERYTHING = Share()


@asynccontextmanager
async def opened(
    settings: Settings,
    more_ways_in: WaysIn | None = None,
    clock: Clock = utc_now,
    share: Share = EVERYTHING,
) -> AsyncIterator[Opened]:
    """Everything running, by this clock, or this process's share of it.

    Raises:
        OSError: the port is taken.
        storage.doors.database.InUseError: another process serves from the same file.
        bot.channels.base.SendError: Telegram refuses the token or stays out of reach.
    """
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(assembled(settings, clock=clock))
        stack.enter_context(serving_alone(house.core.database.url))
        doors = []
        async for door in _doors(house, settings):
            doors.append(door)
            if door.stop:
                stack.push_async_callback(door.stop)
        stack.push_async_callback(house.stop)
        await house.resume()
        links = [*_links(settings), *(await more_ways_in(house) if more_ways_in else ())]
        ways_in = (health_door(house, settings), *(doors if share.doors else ()))
        routes = [route for door in ways_in for route in door.routes]
        server = Server(routes, _front(house, links), settings.proxies_before)
        address = await server.start(settings.host, settings.port)
        stack.push_async_callback(server.stop)
        for door in doors:
            if door.hush:
                stack.push_async_callback(door.hush)
        loops = [door.loop() for door in doors if door.loop and share.doors]
        loops += [door.look() for door in doors if door.look]
        loops += in_each(house) + (in_one(house) if share.clock else [])
        stack.push_async_callback(_cancel, [asyncio.create_task(loop) for loop in loops])
        memory.settle()
        yield Opened(house, address, links)


def _links(settings: Settings) -> Iterator[Link]:
    yield Link("Obrolan web", "/chat")
    if settings.figures_page:
        yield Link("Angka laporan warga", "/angka")


async def _doors(house: Kentongan, settings: Settings) -> AsyncIterator[Door]:
    yield await webchat_door(house, settings)
    house.channels[XChannel.name] = XChannel()  # has no door: mentions come as files, answers go by hand
    if settings.rasa_web:
        yield widgets_door(house, settings)
    if settings.open311:
        yield _open311(house, settings)
    if settings.figures_page or settings.public_url:
        yield figures_door(house, settings)
    if settings.sms_gateway:
        yield sms_door(house, settings)
    if settings.meta:
        yield _meta(house, settings)
    if settings.matrix_url:
        yield await _matrix(house, settings)
    async for door in _telegram(house, settings):
        yield door


async def _telegram(house: Kentongan, settings: Settings) -> AsyncIterator[Door]:
    if settings.citizen_token:
        yield await _citizens(house, settings)
    if settings.operator_token:
        async for door in _staff(house, settings):
            yield door


def _open311(house: Kentongan, settings: Settings) -> Door:
    from bot.doors.open311 import open311_door  # noqa: PLC0415 only where it is offered

    return open311_door(house, settings)


def _meta(house: Kentongan, settings: Settings) -> Door:
    from bot.doors.meta import meta_door  # noqa: PLC0415 only where citizens come by Meta's messengers

    return meta_door(house, settings)


async def _matrix(house: Kentongan, settings: Settings) -> Door:
    from bot.doors.matrix import matrix_channel  # noqa: PLC0415 only where a homeserver is set

    channel = matrix_channel(house, settings, _membership(house))
    return Door(loop=_one("matrix", house, await _reached(channel, "")), stop=channel.stop)


async def _citizens(house: Kentongan, settings: Settings) -> Door:
    from bot.channels.telegram.channel import Options, TelegramChannel  # noqa: PLC0415 only where it is used

    assert settings.citizen_token is not None  # noqa: S101 the caller looked
    channel = TelegramChannel(
        settings.citizen_token.get_secret_value(),
        api=settings.telegram_api,
        intake=house.intake.citizen,
        clock=house.core.clock,
        options=Options(
            secret=_secret(settings),
            commands=_menu(house),
            membership=_membership(house),
            contested=Contested(house.core, "telegram").met,
            aside=Unkept(house.core, house.deliveries.wake_all).aside,
        ),
    )
    house.channels[channel.name] = channel
    loop = _one(_bot(settings.citizen_token), house, await _reached(channel, settings.public_url))
    return Door(channel.routes(), loop, stop=channel.stop)


async def _staff(house: Kentongan, settings: Settings) -> AsyncIterator[Door]:
    """The desk, and practice beside it."""
    from bot.doors.practice import Practice  # noqa: PLC0415 both with python-telegram-bot
    from bot.operator.bot import OperatorBot  # noqa: PLC0415

    assert settings.operator_token is not None  # noqa: S101 the caller looked
    desk = OperatorBot(
        house.core,
        house.ticketing,
        house.roster,
        house.intake,
        token=settings.operator_token.get_secret_value(),
        api=settings.telegram_api,
        secret=_secret(settings),
    )
    lanes = Lanes("staff", desk.step, house.core.database.hands)
    house.intake.serve_staff(lanes)
    ways: tuple[Channel, ...] = (desk.channel, *desk.counters)
    house.channels.update({channel.name: channel for channel in ways})
    loop = _one(_bot(settings.operator_token), house, await _reached(desk, settings.public_url))

    async def stop() -> None:
        await lanes.stop()
        await desk.stop()

    yield Door(desk.routes(), loop, stop=stop)
    yield await Practice(house, desk, settings).door()


class Bot(Protocol):
    """What both bots are to whoever opens their door."""

    async def start(self, public_url: str = "") -> None:
        """Make oneself known to the messenger; raises SendError."""

    async def poll(self) -> None:
        """Ask for updates until cancelled."""

    async def stop(self) -> None:
        """Close the connections."""


async def _reached(bot: Bot, public_url: str) -> Callable[[], Coroutine[Any, Any, None]] | None:
    """Start a bot; a messenger out of reach is tried again later, so that the other doors open meanwhile.

    Raises:
        SendError: the messenger refuses for good, as with a wrong token.
    """
    try:
        await bot.start(public_url)
    except SendError as error:
        if not error.retryable:
            await bot.stop()
            raise
        log.warning("messenger out of reach; trying on", code=error.code)
        return partial(_reach_later, bot, public_url)
    return None if public_url else bot.poll


Loop = Callable[[], Coroutine[Any, Any, None]]


def _one(name: str, house: Kentongan, loop: Loop | None) -> Loop | None:
    """Of all processes on the database one asks for a bot's updates; a messenger gives them to no second."""
    return partial(only_one, house.core.database, f"poll:{name}", loop) if loop else None


def _bot(token: SecretStr) -> str:
    """A bot's id, which is no secret."""
    return token.get_secret_value().partition(":")[0]


async def _reach_later(bot: Bot, public_url: str) -> None:
    while True:
        await asyncio.sleep(OUT_OF_REACH_SECONDS)
        try:
            await bot.start(public_url)
        except SendError as error:
            log.warning("messenger still out of reach", code=error.code)
        else:
            break
    if not public_url:
        await bot.poll()


def _secret(settings: Settings) -> str:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""


def _menu(house: Kentongan) -> dict[str, list[tuple[str, str]]]:
    """The command menu: of each flow the first command in letters that messengers take."""
    flows = house.core.bundles.live.flows.values()
    return {"": [(name, flow.name) for flow in flows for name in [*filter(str.isascii, flow.commands)][:1]]}


def _membership(house: Kentongan) -> Callable[[Membership], Awaitable[None]]:
    async def note(change: Membership) -> None:
        since = None if change.reachable else change.at
        await house.core.database.write(
            lambda c: conversations.set_blocked(c, change.channel, change.address, since)
        )

    return note


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _front(house: Kentongan, links: Sequence[Link]) -> Front:
    city = house.core.policies.city
    return Front(city.name, city.emergency_numbers[0].number, tuple(links))


async def until_stopped() -> None:
    """Return when the process is asked to end (SIGINT or SIGTERM)."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
    log.info("stopping")
