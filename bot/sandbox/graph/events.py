"""What people do, in the webhooks' words: WhatsApp's, and those Messenger and Instagram share."""

from typing import Any

from bot.sandbox.graph.model import Account, Graph, Json, Person

WHATSAPP = "whatsapp_business_account"


def wamid(graph: Graph) -> str:
    """A fresh id of a WhatsApp message."""
    return f"wamid.HBgNsandbox{graph.number():012d}"


def mid(graph: Graph) -> str:
    """A fresh id of a Messenger or Instagram message."""
    return f"m_sandbox{graph.number():012d}"


def change(account: Account, **value: Any) -> Json:
    """An entry of WhatsApp's webhook with one change."""
    about = {"display_phone_number": account.phone, "phone_number_id": account.id}
    inside = {"messaging_product": "whatsapp", "metadata": about, **value}
    return {"id": "102290129340398", "changes": [{"value": inside, "field": "messages"}]}


def said(graph: Graph, person: Person, kind: str, content: Json, reply_to: str = "") -> Json:
    """A person's WhatsApp message as the entry of a webhook."""
    person.wrote_at = graph.clock()
    message: Json = {"id": wamid(graph), "timestamp": str(int(person.wrote_at)), "type": kind, kind: content}
    contact: Json = {"profile": {"name": person.name}}
    if person.phone:
        message["from"] = contact["wa_id"] = person.phone
    if person.scoped:
        message["from_user_id"] = contact["user_id"] = person.scoped
    if reply_to:
        message["context"] = {"from": person.account.phone, "id": reply_to}
    return change(person.account, contacts=[contact], messages=[message])


def status(graph: Graph, person: Person, ref: str, state: str, error: Json | None = None) -> Json:
    """What became of a message of the bot's on WhatsApp."""
    told: Json = {"id": ref, "status": state, "timestamp": str(int(graph.clock()))}
    if person.phone:
        told["recipient_id"] = person.phone
    if person.scoped:
        told["recipient_user_id"] = person.scoped
    if error:
        told["errors"] = [error]
    return change(person.account, statuses=[told])


def event(graph: Graph, person: Person, **what: Any) -> Json:
    """One event of Messenger or Instagram as the entry of a webhook; times are in milliseconds."""
    now = int(graph.clock() * 1000)
    head = {"sender": {"id": person.scoped}, "recipient": {"id": person.account.id}, "timestamp": now}
    return {"id": person.account.id, "time": now, "messaging": [{**head, **what}]}


def wrote(graph: Graph, person: Person, content: Json, reply_to: str = "") -> Json:
    """A person's message to a page or Instagram account."""
    person.wrote_at = graph.clock()
    message: Json = {"mid": mid(graph), **content}
    if reply_to:
        message["reply_to"] = {"mid": reply_to}
    return event(graph, person, message=message)
