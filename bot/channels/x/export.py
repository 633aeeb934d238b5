"""Mentions from an export: JSON as X's own API gives it, JSON lines, or CSV with named columns."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from bot.channels.bodies import read_json
from dialogs.messages import Attachment, InboundMessage

NAME: Final = "x"
ID: Final = ("id", "id_str", "tweet_id", "post_id")
TEXT: Final = ("full_text", "text", "content")
AUTHOR: Final = ("author_id", "user_id", "author", "username", "screen_name")
AT: Final = ("created_at", "date", "time")
MEDIA: Final = ("media", "media_urls", "photos", "attachments")
REPLY: Final = ("in_reply_to_status_id", "in_reply_to", "reply_to")
OLD_TIME: Final = "%a %b %d %H:%M:%S %z %Y"


class ExportError(ValueError):
    """An export that cannot be read; the message names file, entry and remedy."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of an export, and entries that are none with the reason."""

    messages: tuple[InboundMessage, ...]
    left_out: tuple[str, ...]


def read_export(path: Path, now: datetime) -> Mentions:
    """The mentions in a file; `.csv` by its columns, everything else as JSON.

    Raises:
        ExportError: the file cannot be read at all.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise ExportError(f"{path}: cannot be read ({type(problem).__name__}); save it as UTF-8") from None
    rows = _csv(content) if path.suffix.lower() == ".csv" else _json(path, content)
    messages, left_out = [], []
    for number, row in enumerate(rows, start=1):
        found = _message(row, now)
        if isinstance(found, str):
            left_out.append(f"entry {number}: {found}")
        else:
            messages.append(found)
    return Mentions(tuple(sorted(messages, key=lambda one: (one.sent_at, one.external_id))), tuple(left_out))


def _csv(content: str) -> Iterator[Mapping[str, Any]]:
    for row in csv.DictReader(io.StringIO(content)):
        yield {(name or "").strip().lower(): value for name, value in row.items()}


def _json(path: Path, content: str) -> list[Mapping[str, Any]]:
    try:
        told = read_json(content.encode())
    except orjson.JSONDecodeError:
        told = [_line(path, n, line) for n, line in enumerate(content.splitlines(), 1) if line.strip()]
    if isinstance(told, dict):
        users = told.get("includes", {}).get("media", []) if isinstance(told.get("includes"), dict) else []
        return [_with_media(row, users) for row in _rows(told.get("data", [told]))]
    return list(_rows(told))


def _line(path: Path, number: int, line: str) -> Any:
    try:
        return read_json(line.encode())
    except orjson.JSONDecodeError as problem:
        remedy = "export again as JSON or CSV"
        raise ExportError(f"{path}:{number}: not JSON ({problem}); {remedy}") from None


def _rows(value: Any) -> Iterable[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else [value]
    return [row.get("tweet", row) for row in rows if isinstance(row, dict)]


def _with_media(row: Mapping[str, Any], known: Any) -> Mapping[str, Any]:
    """The post with the addresses of its media, which the API gives apart from it."""
    attached = row.get("attachments")
    keys = attached.get("media_keys", []) if isinstance(attached, dict) else []
    urls = [_address(one) for one in known if isinstance(one, dict) and one.get("media_key") in keys]
    return {**row, "media": [url for url in urls if url]}


def _address(media: Mapping[str, Any]) -> str:
    """Where a picture lies, or a film in the best of its sizes."""
    sizes = media.get("variants")
    films = [one for one in sizes if isinstance(one, dict)] if isinstance(sizes, list) else []
    films = [one for one in films if one.get("content_type") == "video/mp4" and one.get("url")]
    best = max(films, key=_rate, default={})
    return str(media.get("url") or best.get("url") or media.get("preview_image_url") or "")


def _rate(film: Mapping[str, Any]) -> int:
    told = film.get("bit_rate")
    return told if isinstance(told, int) else 0


def _message(row: Mapping[str, Any], now: datetime) -> InboundMessage | str:
    ref, author, words = _first_version(row) or _first(row, ID), _author(row), _words(row)
    if not ref or not author:
        return "has no id or author"
    if _related(row, "retweeted"):
        return f"{ref} only passes another post on"
    files = tuple(map(_file, _urls(row)))
    if not words and not files:
        return f"{ref} says nothing"
    return InboundMessage(
        channel=NAME,
        external_id=ref,
        address=author,
        sent_at=_at(_first(row, AT), now),
        kind="media" if files else "text",
        text=_without_mentions(words),
        attachments=files,
        message_ref=ref,
        reply_to=_first(row, REPLY) or _related(row, "replied_to"),
        group=ref if len(files) > 1 else "",
        sender_name=_first(row, ("name", "username", "screen_name")),
    )


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()
    return ""


def _words(row: Mapping[str, Any]) -> str:
    """The whole text: of a long post, the API's `text` is only how it begins."""
    long = row.get("note_tweet")
    return _first(long if isinstance(long, dict) else {}, TEXT) or _first(row, TEXT)


def _first_version(row: Mapping[str, Any]) -> str:
    """The id of a post before it was edited; each edit has another."""
    versions = row.get("edit_history_tweet_ids")
    return _first({"id": versions[0]}, ID) if isinstance(versions, list) and versions else ""


def _related(row: Mapping[str, Any], how: str) -> str:
    """The post that this one answers, or passes on."""
    others = row.get("referenced_tweets")
    found = (one for one in others if isinstance(one, dict)) if isinstance(others, list) else ()
    return next((_first(one, ID) for one in found if one.get("type") == how), "")


def _file(url: str) -> Attachment:
    film = url.partition("?")[0].endswith(".mp4")
    return Attachment("video", url, "video/mp4") if film else Attachment("photo", url, "image/jpeg")


def _author(row: Mapping[str, Any]) -> str:
    user = row.get("user") or row.get("author")
    inner = _first(user, ("id_str", "id", "screen_name", "username")) if isinstance(user, dict) else ""
    return inner or _first(row, AUTHOR).lstrip("@")


def _urls(row: Mapping[str, Any]) -> list[str]:
    for name in MEDIA:
        value = row.get(name)
        parts = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
        urls = [one if isinstance(one, str) else str(dict(one).get("media_url_https", "")) for one in parts]
        found = [url.strip(",;") for url in urls if url.startswith(("https://", "http://"))]
        if found:
            return found
    return []


def _without_mentions(words: str) -> str:
    """The text without the accounts it begins with: they are the address on the envelope."""
    parts = words.split()
    while parts and parts[0].startswith("@"):
        parts.pop(0)
    return " ".join(parts) or words


def _at(value: str, now: datetime) -> datetime:
    for read in (datetime.fromisoformat, _old_time):
        try:
            found = read(value)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return now


def _old_time(value: str) -> datetime:
    return datetime.strptime(value, OLD_TIME)  # noqa: DTZ007 the form has the zone in it
