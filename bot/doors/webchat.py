"""The citizens' own page, and widgets made for Rasa, which are other faces of the same talk."""

import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.app import Kentongan
from bot.channels.webchat.channel import Options as WebOptions
from bot.channels.webchat.channel import WebChatChannel
from bot.channels.webchat.sessions import Terms
from bot.doors.door import Door
from bot.services.talks.chatlog import ChatLog
from bot.services.talks.leaving import Leaving
from bot.services.ticks import every
from bot.settings import Settings
from storage.talks import held

SAID = "web "
"""How the word begins with which processes tell each other that somebody's page has something to read."""
ENDED_SECONDS = 5.0
"""At the latest by then a talk that was ended in one process is over in every other."""
NEWS_SECONDS = 5.0
"""At the latest by then an open widget shows what another process had to say."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def webchat_door(house: Kentongan, settings: Settings) -> Door:
    """The page under `/chat`."""
    database, terms = house.core.database, house.core.policies.limits.web_chat
    leaving = Leaving(house.core, WebChatChannel.name)
    await leaving.load()
    channel = WebChatChannel(
        intake=house.intake.citizen,
        store=ChatLog(house.core).store(leaving),
        key=_lasting_key(settings.data_dir / "webchat.key"),
        clock=house.core.clock,
        options=WebOptions(
            public_url=settings.public_url,
            frames=settings.origins,
            terms=Terms(terms.idle, terms.longest),
            tell=lambda address: database.ring(SAID + address),
        ),
    )
    database.listen(lambda word: channel.wake(word.removeprefix(SAID)) if word.startswith(SAID) else None)
    leaving.listen(channel.wake)
    house.channels[channel.name] = channel
    known = partial(every, ENDED_SECONDS, leaving.run_once, "talks that were ended", house.core.meters)
    # A process that only works sends, too: what goes to a talk that was left must not count as read.
    return Door(routes=channel.routes(), look=known, hush=channel.stop)


def widgets_door(house: Kentongan, settings: Settings) -> Door:
    """The channels that widgets made for Rasa speak."""
    # socket.io only where widgets are let in.
    from bot.channels.rasa.channel import RasaChannel  # noqa: PLC0415
    from bot.channels.rasa.talks import File, House, Options, Talks  # noqa: PLC0415

    log = ChatLog(house.core, RasaChannel.name)

    async def file(address: str, ref: str) -> File | None:
        found = await log.owned_file(address, ref)
        return File(found.content, found.mime) if found else None

    options = Options(
        token=settings.rasa_token.get_secret_value() if settings.rasa_token else "",
        any_sender=settings.host in LOOPBACK and not settings.public_url,
        origins=settings.origins,
        base=settings.public_url.rstrip("/"),
    )

    async def waited_for(addresses: Collection[str]) -> Sequence[str]:
        return await house.core.database.glance(lambda c: held.waited_for(c, RasaChannel.name, addresses))

    means = House(
        house.intake.citizen, house.answered, house.intake.present, waited_for, file, house.core.clock
    )
    talks = Talks(means, _lasting_key(settings.data_dir / "webchat.key"), options)
    channel = RasaChannel(talks)
    house.channels[channel.name] = channel
    look = partial(every, NEWS_SECONDS, talks.catch_up, "news for open widgets", house.core.meters)
    return Door(routes=channel.routes(), loop=look if house.core.database.shared else None, hush=channel.stop)


def _lasting_key(path: Path) -> bytes:
    """32 random bytes that outlive restarts; for this user alone, and whole whoever starts beside us."""
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()
