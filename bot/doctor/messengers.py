"""What can be asked of Telegram: whether it knows the bots, where it sends updates, and what time it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bot.doctor.asking import OutOfReachError, asked
from bot.doctor.finding import Check, Finding, NotLookedAtError, State
from bot.settings import Settings

MANY = 100
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
        answer = await asked(url, "KENTONGAN_TELEGRAM_API")
        return answer.status, answer.told, answer.date
