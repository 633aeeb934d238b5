"""What really comes, as a starting point: the payload tables of the tests, delivered files, real pictures."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.loader import read_sources
from tests.pictures import jpeg
from tickets import policies

TESTS = Path(__file__).parents[1]
POLICIES = Path(policies.__file__).parents[1] / "data"


@cache
def telegram() -> list[Any]:
    """Updates of the Bot API."""
    folder = TESTS / "channels" / "telegram" / "payloads"
    bodies = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    return [case["update"] for cases in bodies for case in cases if "update" in case]


@cache
def whatsapp() -> list[Any]:
    """Changes of WhatsApp's webhook."""
    cases = json.loads((TESTS / "channels" / "whatsapp" / "messages.json").read_text(encoding="utf-8"))
    about = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    person = {"profile": {"name": "Siti"}, "wa_id": "6281234567890", "user_id": "ID.100"}
    shell = {"messaging_product": "whatsapp", "metadata": about, "contacts": [person]}
    status = {"id": "wamid.A", "status": "failed", "timestamp": "1763780640", "errors": [{"code": 131047}]}
    values = [{**shell, "messages": [case["message"]]} for case in cases] + [{**shell, "statuses": [status]}]
    return [{"field": "messages", "value": value} for value in values]


@cache
def messenger() -> list[Any]:
    """Entries of Messenger's and Instagram's webhook."""
    shell = {"sender": {"id": "900"}, "recipient": {"id": "777"}, "timestamp": 1763780640000}
    photo = {"type": "image", "payload": {"url": "https://x.test/a.jpg"}}
    events = (
        {"message": {"mid": "m_1", "text": "lampu mati"}},
        {"message": {"mid": "m_2", "attachments": [photo, photo]}},
        {"message": {"mid": "m_3", "text": "Betul", "quick_reply": {"payload": "/affirm"}}},
        {"postback": {"mid": "m_4", "title": "Mulai", "payload": "/start"}},
        {"delivery": {"mids": ["m_1"], "watermark": 1763780640000}},
        {"read": {"watermark": 1763780640000}},
        {"message_edit": {"mid": "m_1", "text": "lampu hidup", "num_edit": 1}},
    )
    return [{"id": "777", "time": 1763780640000, "messaging": [{**shell, **one}]} for one in events]


@cache
def matrix() -> list[Any]:
    """Events of a Matrix room."""
    shell = {"event_id": "$1", "sender": "@siti:kota.test", "origin_server_ts": 1_795_000_000_000}
    contents = (
        {
            "msgtype": "m.text",
            "body": "> kutip\n\nlampu mati",
            "m.relates_to": {"m.in_reply_to": {"event_id": "$0"}},
        },
        {
            "msgtype": "m.image",
            "body": "a.jpg",
            "url": "mxc://k/x",
            "info": {"mimetype": "image/jpeg", "size": 9},
        },
        {"msgtype": "m.location", "body": "sini", "geo_uri": "geo:-7.7,110.3;u=35"},
        {"m.new_content": {"body": "baru", "msgtype": "m.text"}, "m.relates_to": {"rel_type": "m.replace"}},
    )
    return [{**shell, "type": "m.room.message", "content": one} for one in contents]


@cache
def webchat() -> list[Any]:
    """Bodies the page posts."""
    return [
        {"id": "a1b2c3d4e5f6a7b8", "text": "lampu mati"},
        {"id": "a1b2c3d4e5f6a7b8", "button": "/affirm", "text": "Ya"},
        {
            "id": "a1b2c3d4e5f6a7b8",
            "location": {"lat": -7.7, "lon": 110.3, "accuracy": 9},
            "reply_to": "web-1",
        },
    ]


@cache
def rasa() -> list[Any]:
    """Messages of Rasa's channels."""
    return [
        {
            "sender": "budi",
            "message": "halo",
            "metadata": {"language": "id"},
            "customData": {"language": "jv"},
        }
    ]


@cache
def flows() -> dict[str, str]:
    """The delivered dialog."""
    return dict(read_sources())


@cache
def policy_files() -> dict[str, str]:
    """The delivered policies."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(POLICIES.glob("*.yml"))}


@cache
def files() -> list[bytes]:
    """Pictures, documents and clips, small ones."""
    return [
        jpeg(1, quality=30),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"GIF89a" + bytes(20),
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(30),
        b"\x00\x00\x00\x18ftypmp42" + bytes(40),
        b"OggS" + bytes(60),
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF",
        b"PK\x03\x04" + bytes(60),
    ]
