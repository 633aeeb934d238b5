"""What can be asked of Meta, SMS gateways and a homeserver: whether they know us, and where they post."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from bot.channels.graph.webhook import WEBHOOK_PATH
from bot.channels.sms.kannel import UNKNOWN_TO_IT
from bot.channels.sms.twilio import API, INBOUND
from bot.doctor.asking import Answer, OutOfReachError, asked
from bot.doctor.finding import Check, Finding
from bot.settings import Settings

EXPIRED: Final = 190
WHERE: Final = ("phone_number", "whatsapp_business_account", "application")
"""Where WhatsApp posts, the most particular first: what stands there counts."""
CONNECTED: Final = frozenset({"", "CONNECTED"})


@dataclass(frozen=True, slots=True)
class Platforms:
    """Checks that ask those the settings name; nothing is sent or changed."""

    settings: Settings

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        for what, wanted, look in self._ways():
            if wanted:
                yield what, _one(what, look)

    def _ways(self) -> Iterator[tuple[str, bool, "Look"]]:
        known = self.settings
        yield "WhatsApp", bool(known.whatsapp_token), self.whatsapp
        yield "Messenger", bool(known.meta_page_token), self.messenger
        yield "Instagram", bool(known.meta_instagram_token), self.instagram
        yield "SMS by Twilio", known.sms_gateway == "twilio", self.twilio
        yield "SMS by Kannel", known.sms_gateway == "kannel", self.kannel
        yield "Matrix", bool(known.matrix_url), self.matrix

    async def whatsapp(self, what: str) -> Finding:
        """Whether Meta knows token and number, and posts to us."""
        fields = "display_phone_number,verified_name,quality_rating,status,webhook_configuration"
        known = self.settings
        answer = await self._graph(known.whatsapp_phone_number_id, known.whatsapp_token, fields)
        trouble = _refused(what, answer, "KENTONGAN_WHATSAPP_TOKEN, KENTONGAN_WHATSAPP_PHONE_NUMBER_ID")
        return trouble or self._number(what, answer.told)

    def _number(self, what: str, told: dict[str, Any]) -> Finding:
        name = f"{told.get('display_phone_number', '?')} {told.get('verified_name', '')}".strip()
        status, quality = str(told.get("status", "")), told.get("quality_rating")
        if status not in CONNECTED:
            return Finding(what, "ill", f"{name} is {status}", "See WhatsApp Manager, phone numbers.")
        hooks = told.get("webhook_configuration")
        there = next((hooks[one] for one in WHERE if hooks.get(one)), "") if isinstance(hooks, dict) else None
        ours = f"{self.settings.public_url.rstrip('/')}{WEBHOOK_PATH}"
        if there is not None and self.settings.public_url and there != ours:
            remedy = "Enter ours in the app's dashboard (docs/how-to/meta.md)."
            return Finding(what, "look", f"Meta posts to {there or 'nobody'}, not to {ours}", remedy)
        if quality == "RED":
            remedy = "People block or report the number; see WhatsApp Manager before Meta limits it."
            return Finding(what, "look", f"the quality of {name} is low", remedy)
        return Finding(what, "well", name)

    async def messenger(self, what: str) -> Finding:
        """Whether Meta knows token and page, and tells us of messages."""
        page, token = self.settings.meta_page_id, self.settings.meta_page_token
        answer = await self._graph(page, token, "name")
        if trouble := _refused(what, answer, "KENTONGAN_META_PAGE_TOKEN, KENTONGAN_META_PAGE_ID"):
            return trouble
        name = str(answer.told.get("name", "?"))
        apps = (await self._graph(f"{page}/subscribed_apps", token, "subscribed_fields")).told.get("data")
        if not isinstance(apps, list):  # not every token may see that
            return Finding(what, "well", name)
        if any("messages" in one.get("subscribed_fields", ()) for one in apps if isinstance(one, dict)):
            return Finding(what, "well", name)
        remedy = "Subscribe the page to messages in the app's dashboard (docs/how-to/meta.md)."
        return Finding(what, "ill", f"no app is told of messages to {name}", remedy)

    async def instagram(self, what: str) -> Finding:
        """Whether Meta knows token and account."""
        known = self.settings
        answer = await self._graph(known.meta_instagram_id, known.meta_instagram_token, "username")
        trouble = _refused(what, answer, "KENTONGAN_META_INSTAGRAM_TOKEN, KENTONGAN_META_INSTAGRAM_ID")
        return trouble or Finding(what, "well", f"@{answer.told.get('username', '?')}")

    async def twilio(self, what: str) -> Finding:
        """Whether Twilio knows SID and token, the account is active, and the number posts to us."""
        known = self.settings
        answer = await self._twilio(".json")
        if answer.status in {401, 403, 404}:
            remedy = "Copy both from Twilio's console: KENTONGAN_SMS_USER, KENTONGAN_SMS_PASSWORD."
            return Finding(what, "ill", f"SID and token are not known there ({answer.status})", remedy)
        state = answer.told.get("status", "active")
        if state != "active":
            return Finding(what, "ill", f"the account is {state}", "See Twilio's console: balance, notices.")
        if not known.sms_sender.startswith("+"):
            return Finding(what, "well", f"the account is {state}")
        found = (await self._twilio("/IncomingPhoneNumbers.json", PhoneNumber=known.sms_sender)).told
        numbers = found.get("incoming_phone_numbers")
        return self._sender(what, numbers) if isinstance(numbers, list) else Finding(what, "well", state)

    def _sender(self, what: str, numbers: list[Any]) -> Finding:
        sender, ours = self.settings.sms_sender, f"{self.settings.public_url.rstrip('/')}{INBOUND}"
        mine = next((one for one in numbers if isinstance(one, dict)), None)
        if mine is None:
            told = f"{sender} is not a number of this account"
            return Finding(what, "ill", told, "See KENTONGAN_SMS_SENDER.")
        there = mine.get("sms_url") or ""
        if there != ours:
            remedy = f"Let 'A message comes in' of the number be POST to {ours}."
            return Finding(what, "look", f"Twilio posts to {there or 'nobody'}, not to us", remedy)
        return Finding(what, "well", sender)

    async def kannel(self, what: str) -> Finding:
        """Whether smsbox knows name and password; without a receiver it sends nothing."""
        known = self.settings
        form = {"username": known.sms_user, "password": _plain(known.sms_password)}
        answer = await asked(known.sms_url, "KENTONGAN_SMS_URL", params=form)
        if answer.status == 401 or UNKNOWN_TO_IT.encode() in answer.words.lower():
            remedy = "Compare with its sendsms-user: KENTONGAN_SMS_USER, KENTONGAN_SMS_PASSWORD."
            return Finding(what, "ill", "smsbox does not know name and password", remedy)
        if answer.status == 404:
            return Finding(what, "ill", "there is no sendsms at that address", "See KENTONGAN_SMS_URL.")
        return Finding(what, "well", "smsbox answers")

    async def matrix(self, what: str) -> Finding:
        """Whether the homeserver knows the token."""
        address = f"{self.settings.matrix_url.rstrip('/')}/_matrix/client/v3/account/whoami"
        headers = {"Authorization": f"Bearer {_plain(self.settings.matrix_token)}"}
        answer = await asked(address, "KENTONGAN_MATRIX_URL", headers=headers)
        if answer.status in {401, 403}:
            told = f"the homeserver refuses the token ({answer.told.get('errcode', answer.status)})"
            return Finding(what, "ill", told, "Let the bot's user log in anew: KENTONGAN_MATRIX_TOKEN.")
        if "user_id" not in answer.told:
            told = f"it answers {answer.status} in a way that is no homeserver's"
            return Finding(what, "ill", told, "Is KENTONGAN_MATRIX_URL right?")
        return Finding(what, "well", str(answer.told["user_id"]))

    async def _graph(self, path: str, token: SecretStr | None, fields: str) -> Answer:
        address = f"{self.settings.meta_api.rstrip('/')}/{self.settings.meta_api_version}/{path}"
        headers = {"Authorization": f"Bearer {_plain(token)}"}
        return await asked(address, "KENTONGAN_META_API", headers=headers, params={"fields": fields})

    async def _twilio(self, path: str, **query: str) -> Answer:
        known = self.settings
        base = f"{known.sms_url.rstrip('/') or API}/2010-04-01/Accounts/{known.sms_user}"
        auth = aiohttp.encode_basic_auth(known.sms_user, _plain(known.sms_password))
        return await asked(base + path, "KENTONGAN_SMS_URL", headers={"Authorization": auth}, params=query)


Look = Callable[[str], Awaitable[Finding]]


def _one(what: str, look: Look) -> Check:
    async def check() -> Finding:
        try:
            return await look(what)
        except OutOfReachError as error:
            return Finding(what, "ill", "does not answer", str(error))

    return check


def _refused(what: str, answer: Answer, settings: str) -> Finding | None:
    """What is wrong when Meta does not answer as asked."""
    error = answer.told.get("error")
    if answer.status == 200 and not error:
        return None
    code = error.get("code") if isinstance(error, dict) else answer.status
    if code == EXPIRED:
        remedy = f"Make a new one that does not end (docs/how-to/meta.md): {settings.partition(',')[0]}"
        return Finding(what, "ill", "the token is not valid any more (190)", remedy)
    return Finding(what, "ill", f"Meta refuses ({code})", f"Do they belong together: {settings}?")


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
