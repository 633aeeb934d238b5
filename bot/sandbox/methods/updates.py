"""How a bot gets its updates: asking for them, or naming a webhook."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import orjson

from bot.sandbox.courier import Webhook
from bot.sandbox.errors import bad_request
from bot.sandbox.feed import Poll
from bot.sandbox.model import Json
from bot.sandbox.registry import Call, handles

PORTS = frozenset({80, 88, 443, 8443})
LONGEST_POLL = 50
SECRET = re.compile(r"[A-Za-z0-9_-]*")


@handles("getUpdates")
async def get_updates(call: Call) -> list[orjson.Fragment]:
    """Updates from an offset on; everything before it is confirmed."""
    feed = call.world.feeds[call.bot.id]
    _set_allowed(call)
    limit = min(max(call.get("limit", 100), 1), 100)
    timeout = min(max(call.get("timeout", 0), 0), LONGEST_POLL)
    return await feed.poll(Poll(call.get("offset", 0), limit, timeout))


def _set_allowed(call: Call) -> None:
    allowed = call.get("allowed_updates")
    if allowed is not None:
        call.world.feeds[call.bot.id].allowed = tuple(allowed)


@handles("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates posted to an address; an empty one ends that."""
    url = call.get("url", "")
    if not url:
        return delete_webhook(call)
    _check_url(url)
    secret = call.get("secret_token", "")
    _check_secret(secret)
    _set_allowed(call)
    connections = min(max(call.get("max_connections", 40), 1), 100)
    feed = call.world.feeds[call.bot.id]
    feed.end_polling()
    if call.get("drop_pending_updates"):
        feed.pending.clear()
    call.world.couriers[call.bot.id].start(Webhook(url, secret, connections, call.get("ip_address", "")))
    return True


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise bad_request("bad webhook: invalid webhook URL specified") from problem
    if not parts.hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if _is_loopback(parts.hostname):  # what a Bot API server of one's own allows
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_secret(secret: str) -> None:
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")


@handles("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Stop posting updates."""
    if call.get("drop_pending_updates"):
        call.world.feeds[call.bot.id].pending.clear()
    call.world.couriers[call.bot.id].stop()
    return True


@handles("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    feed, courier = call.world.feeds[call.bot.id], call.world.couriers[call.bot.id]
    info = courier.info() | {"pending_update_count": len(feed.pending)}
    return info | ({"allowed_updates": list(feed.allowed)} if feed.allowed else {})
