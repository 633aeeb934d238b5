"""Mentions from an export: read in every form, taken in once, answered by hand."""

import json
import re
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.channels.x.channel import posts
from bot.channels.x.export import ExportError, read_export
from bot.commands.channels import commands
from dialogs.messages import Button, OutboundMessage

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LAMP = "@LaporSleman lampu jalan depan pasar godean mati udah seminggu"
API = {
    "data": [
        {"id": "11", "text": LAMP, "author_id": "7", "created_at": "2026-11-21T01:02:03.000Z"},
        {
            "id": "10",
            "text": "@LaporSleman jalan rusak",
            "author_id": "8",
            "attachments": {"media_keys": ["3_1"]},
        },
    ],
    "includes": {"media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example/a.jpg"}]},
}
OLD = [
    {
        "tweet": {
            "id_str": "12",
            "full_text": LAMP,
            "user": {"id_str": "7", "name": "Siti"},
            "created_at": "Sat Nov 21 01:02:03 +0000 2026",
            "in_reply_to_status_id": 9,
        }
    }
]


def export(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_as_the_api_gives_them(tmp_path):
    first, second = read_export(export(tmp_path, "a.json", API), NOW).messages
    assert (first.external_id, first.address, first.sent_at.day) == ("11", "7", 21)
    assert first.text == "lampu jalan depan pasar godean mati udah seminggu"
    assert [one.ref for one in second.attachments] == ["https://pbs.example/a.jpg"]


def test_long_edited_and_passed_on_posts_and_films(tmp_path):
    film = [
        {"content_type": "application/x-mpegURL", "url": "https://v.example/a.m3u8"},
        {"content_type": "video/mp4", "bit_rate": 256000, "url": "https://v.example/k.mp4?tag=1"},
        {"content_type": "video/mp4", "bit_rate": 832000, "url": "https://v.example/b.mp4?tag=1"},
    ]
    media = [{"media_key": "7_1", "type": "video", "preview_image_url": "https://v.example/p.jpg"}]
    media += [{"media_key": "7_2", "type": "video", "variants": film}]
    long = {"id": "31", "edit_history_tweet_ids": ["30", "31"], "text": LAMP[:40] + "…", "author_id": "7"}
    long |= {"note_tweet": {"text": LAMP}, "attachments": {"media_keys": ["7_1", "7_2"]}}
    answer = {"id": "33", "text": "@LaporSleman sudah?", "author_id": "7"}
    answer |= {"referenced_tweets": [{"type": "replied_to", "id": "9"}]}
    passed = {"id": "32", "text": f"RT @siti: {LAMP}", "author_id": "8"}
    passed |= {"referenced_tweets": [{"type": "retweeted", "id": "30"}]}
    told = {"data": [long, answer, passed], "includes": {"media": media}}
    found = read_export(export(tmp_path, "a.json", told), NOW)
    first, second = found.messages
    assert (first.external_id, first.text) == ("30", LAMP.removeprefix("@LaporSleman "))
    assert [(one.kind, one.ref) for one in first.attachments] == [
        ("photo", "https://v.example/p.jpg"),
        ("video", "https://v.example/b.mp4?tag=1"),
    ]
    assert second.reply_to == "9"
    assert found.left_out == ("entry 3: 32 only passes another post on",)


def test_as_the_archive_gives_them(tmp_path):
    (found,) = read_export(export(tmp_path, "a.json", OLD), NOW).messages
    assert (found.external_id, found.address, found.reply_to) == ("12", "7", "9")
    assert found.sent_at == datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)


def test_as_lines_and_as_a_table(tmp_path):
    rows = [{"id": str(n), "text": f"laporan {n}", "author": f"@warga{n}"} for n in range(3)]
    lines = export(tmp_path, "a.jsonl", "\n".join(json.dumps(one) for one in rows))
    table = export(
        tmp_path, "a.csv", "ID,Text,Author\n" + "\n".join(f"{n},laporan {n},@warga{n}" for n in range(3))
    )
    told = [
        [(m.external_id, m.text, m.address) for m in read_export(one, NOW).messages] for one in (lines, table)
    ]
    assert told[0] == told[1] == [(str(n), f"laporan {n}", f"warga{n}") for n in range(3)]


@pytest.mark.parametrize("content", ["{", "bukan json\n{}", "\x00"])
def test_what_is_no_export_is_told_by_line(tmp_path, content):
    with pytest.raises(ExportError, match=r"a\.json:1: not JSON"):
        read_export(export(tmp_path, "a.json", content), NOW)


def test_entries_that_are_none_are_left_out_with_a_reason(tmp_path):
    rows = [{"text": "tanpa id"}, {"id": 5, "author_id": 1}, {"id": 6, "author_id": 1, "text": "ya"}, 7, None]
    found = read_export(export(tmp_path, "a.json", rows), NOW)
    assert [one.external_id for one in found.messages] == ["6"]
    assert found.left_out == ("entry 1: has no id or author", "entry 2: 5 says nothing")


def test_answers_are_posts_of_280_with_choices_by_number():
    shown = posts(OutboundMessage("kata " * 100, ((Button("Ya", "/y"), Button("Tidak", "/t")),)))
    assert all(len(one) <= 280 for one in shown)
    assert shown[-1].endswith("1. Ya\n2. Tidak")


def test_the_commands_take_in_list_and_strike_off(tmp_path, monkeypatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    path = export(tmp_path, "a.json", {"data": [API["data"][0]]})
    assert "1 new, 0 known before" in run(commands, ["mentions", str(path)]).output
    assert "0 new, 1 known before" in run(commands, ["mentions", str(path)]).output
    listed = run(commands, ["answers"]).output
    assert listed.count("to 7") == 1
    assert re.search(r"#\d+  to 7  .*\d\d:\d\d WIB$", listed, re.MULTILINE)
    number = listed.split("#")[1].split()[0]
    assert f"#{number}" not in run(commands, ["answers", "--posted", number]).output
    assert "waits for nobody" in run(commands, ["answers", "--posted", number]).output
    assert run(commands, ["mentions", str(tmp_path / "tidak-ada.json")]).exit_code == 1
