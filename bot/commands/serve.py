"""`kentongan run` and `kentongan serve`: everything in one process, with and without the sandbox."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import SecretStr

from bot import tracing
from bot.app import Kentongan
from bot.logs import set_up
from bot.sandbox.model import BotAccount
from bot.serving import Opened, Share, opened, until_stopped
from bot.settings import Settings
from bot.web.server import Link
from dialogs import source
from tickets.ticket import Role

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

CITIZEN_BOT = BotAccount("1000001:sandbox-citizen-bot-of-kentongan-00", "LaporSlemanBot", "Lapor Sleman")
OPERATOR_BOT = BotAccount(
    "1000002:sandbox-operator-bot-of-kentongan-0", "PetugasSlemanBot", "Petugas Lapor Sleman", privacy=False
)
FIRST_DESKS: tuple[tuple[str, Role], ...] = (("dishub", "penghubung"), ("koordinator", "koordinator"))


def serve(
    doors_only: Annotated[
        bool, typer.Option("--doors-only", help="leave clock and files to `kentongan work`")
    ] = False,
) -> None:
    """Serve citizens and staff: web chat always, Telegram for the bots whose tokens are set."""
    asyncio.run(_serve(_set_up(), Share(clock=not doors_only)))


def work() -> None:
    """Do what waits beside the doors: what others left, deadlines, digests, files; any number at a time."""
    asyncio.run(_work(_set_up()))


def _set_up() -> Settings:
    settings = Settings()
    set_up(settings.log_level)
    if settings.otlp_url:
        tracing.switch_on(settings.otlp_url)
    return settings


def run() -> None:
    """Try everything on this machine: web chat, and a sandbox that stands in for Telegram."""
    settings = Settings()
    set_up(settings.log_level)
    asyncio.run(_run(settings))


async def _serve(settings: Settings, share: Share) -> None:
    async with opened(settings, share=share) as running:
        source.forget()
        _announce(running)
        await until_stopped()


async def _work(settings: Settings) -> None:
    async with opened(settings, share=Share(doors=False)) as running:
        source.forget()
        typer.secho(f"At work; {running.address}/readyz tells how it is. Ctrl-C ends it.", dim=True)
        await until_stopped()


async def _run(settings: Settings) -> None:
    # A server has no use for it, and waits for what it imports.
    from bot.sandbox.server import start_sandbox  # noqa: PLC0415

    settings.make_data_dir()
    sandbox = await start_sandbox(
        settings.host,
        settings.sandbox_port,
        data_dir=settings.data_dir / "sandbox",
        bots=[CITIZEN_BOT, OPERATOR_BOT],
    )
    try:
        async with opened(_in_sandbox(settings, sandbox), partial(_ways_in, sandbox)) as running:
            _announce(running)
            await until_stopped()
    finally:
        await sandbox.stop()


def _in_sandbox(settings: Settings, sandbox: "Sandbox") -> Settings:
    """The same settings, with both bots on the sandbox instead of Telegram."""
    return settings.model_copy(
        update={
            "telegram_api": sandbox.base_url,
            "citizen_token": SecretStr(CITIZEN_BOT.token),
            "operator_token": SecretStr(OPERATOR_BOT.token),
            "public_url": "",
        }
    )


async def _ways_in(sandbox: "Sandbox", house: Kentongan) -> Sequence[Link]:
    """The sandbox, and two invitations to try the staff's side: an agency's and the coordinator's."""
    note = "Berperan sebagai warga dan petugas, seperti di Telegram"
    links = [Link("Tempat latihan (sandbox)", sandbox.base_url, note)]
    for agency, role in FIRST_DESKS:
        token = await house.roster.invite(agency, role)
        name = house.core.policies.agencies.short(agency)
        address = f"{sandbox.base_url}/t.me/{OPERATOR_BOT.username}?start={token}"
        links.append(Link(f"Jadi petugas {name}", address, "Undangan sekali pakai, dibuka di sandbox"))
    return links


def _announce(running: Opened) -> None:
    typer.secho("\nKentongan siap.", bold=True)
    typer.echo(f"  {'Halaman depan':32} {running.address}")
    for link in running.links:
        address = running.address + link.address if link.address.startswith("/") else link.address
        typer.echo(f"  {link.label:32} {address}")
    typer.secho("  Ctrl-C untuk berhenti.\n", dim=True)
