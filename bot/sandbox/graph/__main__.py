"""Run the stand-in alone: `python -m bot.sandbox.graph --callback http://127.0.0.1:8080/meta/webhook`."""

import argparse
import asyncio
import contextlib
import sys

from bot.sandbox.ending import until_ended
from bot.sandbox.graph.model import Account, Template
from bot.sandbox.graph.server import start_graph

NUMBER = Account("whatsapp_business_account", "106540352242922", "sandbox-whatsapp")
PAGE = Account("page", "1122334455", "sandbox-page")
INSTAGRAM = Account("instagram", "17841400000000", "sandbox-instagram")
SECRET, VERIFY = "sandbox-secret", "sandbox-verify"
SETTINGS = f"""KENTONGAN_META_API={{url}}
KENTONGAN_META_APP_SECRET={SECRET}
KENTONGAN_META_VERIFY_TOKEN={VERIFY}
KENTONGAN_WHATSAPP_PHONE_NUMBER_ID={NUMBER.id}
KENTONGAN_WHATSAPP_TOKEN={NUMBER.token}
KENTONGAN_META_PAGE_ID={PAGE.id}
KENTONGAN_META_PAGE_TOKEN={PAGE.token}
KENTONGAN_META_INSTAGRAM_ID={INSTAGRAM.id}
KENTONGAN_META_INSTAGRAM_TOKEN={INSTAGRAM.token}
"""


def main(arguments: list[str] | None = None) -> None:
    """Start it, print the settings that lead to it, and keep it until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.graph", description=__doc__)
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--callback", default="http://127.0.0.1:8080/meta/webhook", help="where webhooks go")
    parser.add_argument(
        "--template",
        action="append",
        default=[],
        help="an approved template as NAME:VALUES:BUTTONS, once for each",
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args(arguments)))


def read_template(text: str) -> Template:
    """A template in Indonesian and English from "NAME:VALUES:BUTTONS".

    Raises:
        ValueError: when a part is missing or no number.
    """
    name, values, buttons = text.split(":")
    return Template(name, {"id": int(values), "en": int(values)}, int(buttons))


async def _run(asked: argparse.Namespace) -> None:
    templates = [read_template(one) for one in asked.template]
    accounts = (NUMBER, PAGE, INSTAGRAM)
    sandbox = await start_graph(accounts, app_secret=SECRET, templates=templates, port=asked.port)
    sandbox.hooks.callback = asked.callback
    sandbox.person(NUMBER, "Siti", "6281200000001", "ID.1")
    sandbox.person(PAGE, "Budi", scoped="900001")
    sandbox.person(INSTAGRAM, "Wati", scoped="900002")
    sys.stdout.write(SETTINGS.format(url=sandbox.base_url))
    sys.stdout.flush()
    await until_ended(sandbox)


if __name__ == "__main__":
    main()
