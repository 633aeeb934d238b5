"""What the Cloud API accepts: every documented limit, and no field it does not know.

Source: developers.facebook.com, WhatsApp Business Platform, *Messages*.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.sandbox.graph.model import Json, Refusal, Template

TOP = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
}
MEDIA = {
    "image": ({"image/jpeg", "image/png"}, 5),
    "video": ({"video/mp4", "video/3gpp"}, 16),
    "audio": ({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, 16),
    "document": (set(), 100),
    "sticker": ({"image/webp"}, 0.5),
}
"""MIME types (none: any) and megabytes."""
MEGABYTE = 1024 * 1024


def bad(details: str, code: int = 131009) -> Refusal:
    """A value the API refuses."""
    return Refusal(400, code, "Parameter value is not valid", details)


def missing(name: str) -> Refusal:
    """A field the API cannot do without."""
    return Refusal(400, 131008, "Required parameter is missing", f"{name} is missing")


def only(place: str, value: Any, known: Iterable[str]) -> Json:
    """The object, if it is one and holds nothing unknown."""
    if not isinstance(value, dict):
        raise bad(f"{place} must be an object")
    unknown = set(value) - set(known)
    if unknown:
        raise Refusal(400, 100, f"Invalid parameter: unexpected key {min(unknown)!r} on {place}")
    return value


def words(place: str, value: Any, most: int) -> str:
    """A text of 1 to `most` characters."""
    if not isinstance(value, str) or not value.strip():
        raise missing(place)
    if len(value) > most:
        raise bad(f"{place} length invalid. Min length: 1, Max length: {most}")
    return value


def check_message(body: Any, media_of: Callable[[str], tuple[str, int] | None]) -> tuple[str, Json]:
    """The type and content of a message that would be taken.

    Raises:
        Refusal: as the API would.
    """
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        raise Refusal(400, 100, "The parameter messaging_product is required.")
    kind = str(body.get("type") or "text")
    only("message", body, {*TOP, kind})
    if body.get("recipient_type", "individual") != "individual":
        raise bad("recipient_type must be individual")
    if not (body.get("to") or body.get("recipient")):
        raise Refusal(400, 100, "The parameter to is required.")
    if "context" in body:
        words("context.message_id", only("context", body["context"], {"message_id"}).get("message_id"), 500)
    if kind in MEDIA:
        _check_media(kind, only(kind, body.get(kind), {"id", "link", "caption", "filename"}), media_of)
    elif kind in CHECKS:
        CHECKS[kind](body.get(kind))
    else:
        raise Refusal(400, 131051, "Unsupported message type", kind)
    return kind, body[kind]


def _check_media(kind: str, content: Json, media_of: Callable[[str], tuple[str, int] | None]) -> None:
    found = media_of(str(content.get("id") or ""))
    if found is None:
        raise Refusal(400, 100, "Invalid parameter: media id", "no such media, or it has expired")
    mime, size = found
    allowed, most = MEDIA[kind]
    if allowed and mime not in allowed:
        raise Refusal(400, 131053, "Media upload error", f"{mime} is no {kind}")
    if size > most * MEGABYTE:
        raise Refusal(400, 131052, "Media too large", f"{kind}: at most {most} MB")
    if "caption" in content:
        if kind in {"audio", "sticker"}:
            raise bad(f"{kind} takes no caption")
        words("caption", content["caption"], 1024)
    if "filename" in content and kind != "document":
        raise bad(f"{kind} takes no filename")


def _check_text(value: Any) -> None:
    words("text.body", only("text", value, {"body", "preview_url"}).get("body"), 4096)


def _check_interactive(value: Any) -> None:
    content = only("interactive", value, {"type", "header", "body", "footer", "action"})
    kind = content.get("type")
    check = INTERACTIVE.get(str(kind))
    if check is None:
        raise bad(f"interactive type {kind!r} is unknown")
    most = 4096 if kind == "list" else 1024
    words("interactive.body.text", only("body", content.get("body"), {"text"}).get("text"), most)
    check(content.get("action"))


def _buttons(value: Any) -> None:
    buttons = only("action", value, {"buttons"}).get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise bad("action.buttons: between 1 and 3")
    replies = [
        only("reply", only("button", one, {"type", "reply"}).get("reply"), {"id", "title"}) for one in buttons
    ]
    for reply in replies:
        words("reply.id", reply.get("id"), 256)
        words("reply.title", reply.get("title"), 20)
    _distinct("reply.id", [one["id"] for one in replies])
    _distinct("reply.title", [one["title"] for one in replies])


def _list(value: Any) -> None:
    action = only("action", value, {"button", "sections"})
    words("action.button", action.get("button"), 20)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        raise bad("action.sections: between 1 and 10")
    rows = [row for section in sections for row in _rows(section, several=len(sections) > 1)]
    if not 1 <= len(rows) <= 10:
        raise bad("Total row count exceed max allowed count: 10")
    _distinct("row.id", [row["id"] for row in rows])


def _rows(value: Any, *, several: bool) -> list[Json]:
    section = only("section", value, {"title", "rows"})
    if several or "title" in section:
        words("section.title", section.get("title"), 24)
    rows = section.get("rows")
    if not isinstance(rows, list):
        raise missing("section.rows")
    for row in rows:
        only("row", row, {"id", "title", "description"})
        words("row.id", row.get("id"), 200)
        words("row.title", row.get("title"), 24)
        if "description" in row:
            words("row.description", row["description"], 72)
    return rows


def _link(value: Any) -> None:
    action = only("action", value, {"name", "parameters"})
    if action.get("name") != "cta_url":
        raise bad("action.name must be cta_url")
    shown = only("parameters", action.get("parameters"), {"display_text", "url"})
    words("display_text", shown.get("display_text"), 20)
    if not words("url", shown.get("url"), 2000).startswith(("http://", "https://")):
        raise bad("url must begin with http:// or https://")


def _location(value: Any) -> None:
    if only("action", value, {"name"}).get("name") != "send_location":
        raise bad("action.name must be send_location")


def _distinct(place: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise bad(f"Duplicated {place}")


INTERACTIVE: Mapping[str, Callable[[Any], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _location,
}


def _check_template(value: Any) -> None:
    content = only("template", value, {"name", "language", "components"})
    words("template.name", content.get("name"), 512)
    language = only("language", content.get("language"), {"code", "policy"})
    words("template.language.code", language.get("code"), 20)


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "text": _check_text,
    "interactive": _check_interactive,
    "template": _check_template,
}


def check_template(content: Json, known: Mapping[str, Template]) -> None:
    """Whether an approved template of that language takes these values.

    Raises:
        Refusal: 132001, 132000, 132012 or 132018, as the API would.
    """
    template = known.get(content["name"])
    code = content["language"]["code"]
    if template is None or code not in template.values:
        raise Refusal(
            404, 132001, "Template name does not exist in the translation", f"{content['name']} in {code}"
        )
    given = 0
    for component in content.get("components", []):
        given += _component(component, template)
    if given != template.values[code]:
        details = f"body: number of localizable_params ({given}) is not the expected {template.values[code]}"
        raise Refusal(
            400, 132000, "Number of parameters does not match the expected number of params", details
        )


def _component(component: Any, template: Template) -> int:
    one = only("component", component, {"type", "sub_type", "index", "parameters"})
    parameters = one.get("parameters")
    if not isinstance(parameters, list) or not parameters:
        raise Refusal(400, 132012, "Parameter format does not match", "parameters is empty")
    if one.get("type") == "button":
        if one.get("sub_type") != "quick_reply" or not str(one.get("index", "")).isdigit():
            raise Refusal(400, 132012, "Parameter format does not match", "button")
        if int(one["index"]) >= template.buttons:
            raise Refusal(400, 132018, "There is an issue with the parameters", "no such button")
        words("payload", only("parameter", parameters[0], {"type", "payload"}).get("payload"), 256)
        return 0
    for parameter in parameters:
        text = words("parameter.text", only("parameter", parameter, {"type", "text"}).get("text"), 1024)
        if "\n" in text or "\t" in text or "    " in text:
            raise Refusal(
                400, 132018, "There is an issue with the parameters", "no new lines, tabs or runs of spaces"
            )
    return len(parameters)
