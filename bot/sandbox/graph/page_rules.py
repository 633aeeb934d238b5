"""What Messenger and Instagram messages may hold.

Source: developers.facebook.com, Messenger Platform, *Send API* and *Quick replies*; Instagram Messaging.
"""

from typing import Any, Final

from bot.sandbox.graph.model import Json, Refusal

INSTAGRAM: Final = "instagram"
QUICK_REPLIES: Final = 13
TITLE: Final = 20
PAYLOAD: Final = 1000
FILES: Final = frozenset({"image", "video", "audio", "file"})


def invalid(message: str) -> Refusal:
    """A parameter the API refuses."""
    return Refusal(400, 100, message)


def check_send(about: str, body: Any) -> Json:
    """The message of a call that would be taken.

    Raises:
        Refusal: as the API would.
    """
    if not isinstance(body, dict):
        raise invalid("Invalid parameter")
    _only(body, {"recipient", "messaging_type", "tag", "message"})
    if not isinstance(body.get("recipient"), dict) or not body["recipient"].get("id"):
        raise invalid("param recipient must be non-empty.")
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind not in {"RESPONSE", "UPDATE", "MESSAGE_TAG"} or (kind == "MESSAGE_TAG") != bool(tag):
        raise invalid("Param messaging_type must be RESPONSE, UPDATE, or MESSAGE_TAG with a tag")
    if tag and tag != "HUMAN_AGENT":
        raise invalid("Param tag must be HUMAN_AGENT")
    message = body.get("message")
    if not isinstance(message, dict):
        raise invalid("param message must be non-empty.")
    _only(message, {"text", "attachment", "quick_replies"})
    _check_content(about, message)
    return message


def _only(value: Json, known: set[str]) -> None:
    for key in value:
        if key not in known:
            raise invalid(f"Invalid keys {key!r} were found in param")


def _check_content(about: str, message: Json) -> None:
    if ("text" in message) == ("attachment" in message):
        raise invalid("Message needs either text or attachment")
    if "text" in message:
        _check_text(about, message["text"])
    else:
        _check_attachment(message["attachment"])
    if "quick_replies" in message:
        _check_replies(message["quick_replies"])


def _check_text(about: str, text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise invalid("Message cannot be empty, must provide valid attachment or text")
    if about == INSTAGRAM and len(text.encode()) > 1000:
        raise invalid("Length of param message[text] must be less than or equal to 1000 bytes")
    if len(text) > 2000:
        raise invalid("Length of param message[text] must be less than or equal to 2000")


def _check_attachment(value: Any) -> None:
    if not isinstance(value, dict) or value.get("type") not in FILES:
        raise invalid("Param message[attachment] is invalid")
    _only(value, {"type", "payload"})
    payload = value.get("payload")
    if not isinstance(payload, dict) or not (payload.get("attachment_id") or payload.get("url")):
        raise invalid("Param message[attachment][payload] needs an attachment_id or url")


def _check_replies(value: Any) -> None:
    if not isinstance(value, list) or not 1 <= len(value) <= QUICK_REPLIES:
        raise invalid(f"Number of quick replies must be between 1 and {QUICK_REPLIES}")
    for one in value:
        if not isinstance(one, dict) or one.get("content_type") != "text":
            raise invalid("Quick reply needs content_type text")
        _only(one, {"content_type", "title", "payload", "image_url"})
        title, payload = one.get("title"), one.get("payload")
        if not isinstance(title, str) or not 1 <= len(title) <= TITLE:
            raise invalid(f"Quick reply title must have 1 to {TITLE} characters")
        if not isinstance(payload, str) or not 1 <= len(payload) <= PAYLOAD:
            raise invalid(f"Quick reply payload must have 1 to {PAYLOAD} characters")
