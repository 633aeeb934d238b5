"""What can be asked of Telegram: whether it knows the bots, where it sends updates, and what time it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.doctor.finding import Check, Finding, NotLookedAtError, State
from bot.settings import Settings

SECONDS = 10
MANY = 100
UNTRUSTED = (
    "Its certificate is not accepted: is it out of date, is this machine's clock right, "
    "are its root certificates (ca-certificates) up to date?"
)
UNREACHED = "Can this machine get out to it? See network, name server, firewall, and KENTONGAN_TELEGRAM_API."
SKEW = 5.0
WRONG = 60.0


@dataclass(frozen=True, slots=True)
class Messengers:
    """Checks that ask Telegram; none where no token is set."""

    settings: Settings

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        bots = (("citizens' bot", self.settings.citizen_token), ("staff's bot", self.settings.operator_token))
        known = [(what, token) for what, token in bots if token]
        for what, token in known:
            yield what, _Bot(self.settings, what, token).look
        if known:
            yield "clock and network", _Bot(self.settings, "clock and network", known[0][1]).clock


@dataclass(frozen=True, slots=True)
class _Bot:
    settings: Settings
    what: str
    token: SecretStr

    async def look(self) -> Finding:
        """Whether Telegram knows the token, and sends updates to where we listen."""
        try:
            status, me, _ = await self._call("getMe")
            _, hook, _ = await self._call("getWebhookInfo")
        except OutOfReachError as error:
            return Finding(self.what, "ill", f"{self.settings.telegram_api} does not answer", str(error))
        if status in {401, 404}:
            remedy = (
                "Copy the token from BotFather once more: KENTONGAN_CITIZEN_TOKEN, KENTONGAN_OPERATOR_TOKEN."
            )
            return Finding(self.what, "ill", "Telegram does not know the token", remedy)
        if "result" not in me or "result" not in hook:
            told = f"{self.settings.telegram_api} answers {status} in a way that is not Telegram's"
            return Finding(self.what, "ill", told, "Is KENTONGAN_TELEGRAM_API right? Else try again later.")
        trouble = self._webhook(hook["result"])
        return trouble or Finding(self.what, "well", f"@{me['result'].get('username', '?')}")

    def _webhook(self, hook: dict[str, Any]) -> Finding | None:
        ours, there = self.settings.public_url.rstrip("/"), hook.get("url", "")
        if ours and not there.startswith(ours):
            told = f"Telegram sends updates to {there or 'nobody'}, not to {ours}"
            return Finding(self.what, "look", told, "`kentongan serve` sets the webhook when it starts.")
        if not ours and there:
            told = f"Telegram sends updates to {there}, but KENTONGAN_PUBLIC_URL is not set"
            return Finding(self.what, "look", told, "Set it, or start: polling then takes the webhook away.")
        if hook.get("last_error_message"):
            remedy = "Is the address within reach from outside, with a valid certificate?"
            return Finding(self.what, "look", f"the webhook failed: {hook['last_error_message']}", remedy)
        if hook.get("pending_update_count", 0) > MANY:
            told = f"{hook['pending_update_count']} updates wait at Telegram"
            return Finding(
                self.what, "look", told, "Is `kentongan serve` running and keeping up? See /metrics."
            )
        return None

    async def clock(self) -> Finding:
        """Whether our clock goes with Telegram's."""
        try:
            _, _, there = await self._call("getMe")
        except OutOfReachError:
            raise NotLookedAtError("the bots") from None
        if there is None:
            return Finding(self.what, "well", "Telegram tells no time")
        skew = abs((datetime.now(UTC) - there).total_seconds())
        state: State = "ill" if skew > WRONG else "look" if skew > SKEW else "well"
        remedy = "" if state == "well" else "Set the clock by NTP (timedatectl set-ntp true)."
        return Finding(self.what, state, f"{skew:.0f} seconds from Telegram's", remedy)

    async def _call(self, method: str) -> tuple[int, dict[str, Any], datetime | None]:
        url = f"{self.settings.telegram_api}/bot{self.token.get_secret_value()}/{method}"
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
                session.get(url) as answer,
            ):
                date = answer.headers.get("Date")
                told = await answer.json(content_type=None)
                return answer.status, told, parsedate_to_datetime(date) if date else None
        except aiohttp.ClientConnectorCertificateError as error:
            raise OutOfReachError(f"{UNTRUSTED} ({_reason(error)})") from None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # The error's own words would show the token, which is part of the address.
            raise OutOfReachError(f"{UNREACHED} ({type(error).__name__})") from None


def _reason(error: aiohttp.ClientConnectorCertificateError) -> str:
    """What is wrong with a certificate, as OpenSSL says it."""
    return str(getattr(error.certificate_error, "verify_message", "") or "not valid")


class OutOfReachError(Exception):
    """Telegram does not answer; the message says what may help."""
