"""`kentongan run` and `kentongan serve`: everything in one process, with and without the sandbox."""

import asyncio
from collections.abc import Sequence

from pydantic import SecretStr
from rich.console import Console

from bot.app import Kentongan
from bot.logs import set_up
from bot.sandbox.model import BotAccount
from bot.sandbox.server import Sandbox, start_sandbox
from bot.serving import opened, until_stopped
from bot.settings import Settings
from bot.web.server import Link
from tickets.ticket import Role

CITIZEN_BOT = BotAccount("1000001:sandbox-citizen-bot-of-kentongan-00", "LaporSlemanBot", "Lapor Sleman")
OPERATOR_BOT = BotAccount(
    "1000002:sandbox-operator-bot-of-kentongan-0", "PetugasSlemanBot", "Petugas Lapor Sleman", privacy=False
)
FIRST_DESKS: tuple[tuple[str, Role], ...] = (("dishub", "penghubung"), ("koordinator", "koordinator"))


def serve() -> None:
    """Serve citizens and staff: web chat always, Telegram for the bots whose tokens are set."""
    settings = Settings()
    set_up(settings.log_level)
    asyncio.run(_serve(settings))


def run() -> None:
    """Try everything on this machine: web chat, and a sandbox that stands in for Telegram."""
    settings = Settings()
    set_up(settings.log_level)
    asyncio.run(_run(settings))


async def _serve(settings: Settings) -> None:
    async with opened(settings) as (_house, address):
        _announce([Link("Kentongan", address)], "Ctrl-C to stop.")
        await until_stopped()


async def _run(settings: Settings) -> None:
    sandbox = await start_sandbox(
        settings.host,
        settings.sandbox_port,
        data_dir=settings.data_dir / "sandbox",
        bots=[CITIZEN_BOT, OPERATOR_BOT],
    )
    try:
        async with opened(_in_sandbox(settings, sandbox), _sandbox_links(sandbox)) as (house, address):
            invitations = await _invitations(house, sandbox)
            links = [Link("Halaman depan", address), *_sandbox_links(sandbox), *invitations]
            _announce(links, "Ctrl-C untuk berhenti.")
            await until_stopped()
    finally:
        await sandbox.stop()


def _in_sandbox(settings: Settings, sandbox: Sandbox) -> Settings:
    """The same settings, with both bots on the sandbox instead of Telegram."""
    return settings.model_copy(
        update={
            "telegram_api": sandbox.base_url,
            "citizen_token": SecretStr(CITIZEN_BOT.token),
            "operator_token": SecretStr(OPERATOR_BOT.token),
            "public_url": "",
        }
    )


def _sandbox_links(sandbox: Sandbox) -> tuple[Link, ...]:
    note = "Berperan sebagai warga dan petugas, seperti di Telegram"
    return (Link("Tempat latihan (sandbox)", sandbox.base_url, note),)


async def _invitations(house: Kentongan, sandbox: Sandbox) -> Sequence[Link]:
    """Ways to try the staff's side: one invitation for an agency, one for the coordinator."""
    links = []
    for agency, role in FIRST_DESKS:
        token = await house.roster.invite(agency, role)
        name = house.core.policies.agencies.short(agency)
        link = f"{sandbox.base_url}/t.me/{OPERATOR_BOT.username}?start={token}"
        links.append(Link(f"Jadi petugas {name}", link))
    return links


def _announce(links: Sequence[Link], ending: str) -> None:
    console = Console()
    console.print("\n[bold]Kentongan siap.[/bold]")
    for link in links:
        console.print(f"  {link.label:32} {link.address}", soft_wrap=True, highlight=False)
    console.print(f"  {ending}\n", style="dim")
