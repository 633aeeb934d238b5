"""Signs nobody sees neither turn a card around nor hide a word."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.services.talks.visible import plainly
from dialogs.messages import Attachment, InboundMessage, Location


def said(text, name="Siti", file="foto.jpg"):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    files = (Attachment("photo", "r", name=file),)
    return InboundMessage("telegram", "1", "7", now, "text", text, files, sender_name=name)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x00", "\x1b"])
def test_they_are_taken_out_of_words_names_and_file_names(sign):
    found = plainly(said(f"lampu{sign} mati", f"{sign}Siti", f"foto{sign}gpj.exe"))
    assert (found.text, found.sender_name, found.attachments[0].name) == ("lampu mati", "Siti", "fotogpj.exe")


def test_they_are_taken_out_of_the_name_of_a_place():
    pin = replace(said(""), kind="location", location=Location(-7.7, 110.3, title="Pasar\u202e Godean"))
    assert plainly(pin).location == Location(-7.7, 110.3, title="Pasar Godean")


@pytest.mark.parametrize("text", ["baris\nsatu\tdua", "👩‍👩‍👧 👍🏽", "ꦗꦮ", "道路", "ok"])
def test_everything_else_stays_as_it_is(text):
    message = said(text)
    assert plainly(message) is message


def test_words_of_nothing_else_are_kept_to_be_answered():
    assert plainly(said("\u200b")).text == "\u200b"
