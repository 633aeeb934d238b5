"""Run the sandbox alone: `python -m bot.sandbox --port 8081 --data DIR`."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from bot.sandbox.ending import until_ended
from bot.sandbox.limits import Limits
from bot.sandbox.model import BotAccount
from bot.sandbox.server import start_sandbox

DEFAULT_BOTS = [
    "1000000001:warga:kentongan_bot:Kentongan",
    "1000000002:petugas:kentongan_petugas_bot:Kentongan Petugas",
]


def main(arguments: list[str] | None = None) -> None:
    """Start a sandbox and keep it until interrupted."""
    asked = _parser().parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument(
        "--data", type=Path, default=None, help="folder to keep everything in; without it all is forgotten"
    )
    parser.add_argument("--bot", action="append", help="NUMBER:SECRET:username:Name, once for each bot")
    parser.add_argument(
        "--quick", action="store_true", help="for benchmarks: no flood limits, no log of calls"
    )
    return parser


def read_bot(text: str) -> BotAccount:
    """A bot account from "NUMBER:SECRET:username:Name".

    Raises:
        ValueError: when a part is missing.
    """
    number, secret, username, name = text.split(":", 3)
    return BotAccount(f"{number}:{secret}", username, name)


async def _run(asked: argparse.Namespace) -> None:
    bots = [read_bot(text) for text in asked.bot or DEFAULT_BOTS]
    limits = Limits(enabled=not asked.quick)
    sandbox = await start_sandbox(
        asked.host, asked.port, data_dir=asked.data, bots=bots, limits=limits, record=not asked.quick
    )
    sys.stdout.write(f"sandbox: {sandbox.base_url}/\n")
    sys.stdout.flush()
    await until_ended(sandbox)


if __name__ == "__main__":
    main()
