"""What holds for every channel: its capabilities make sense, and whatever is said fits within them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import console
from bot.channels.base import Capabilities, Channel, Delivery, OutboundFile
from bot.channels.messenger import render as messenger
from bot.channels.messenger.capabilities import INSTAGRAM, MESSENGER
from bot.channels.rasa import render as rasa
from bot.channels.rasa.channel import RasaChannel
from bot.channels.rendering import flat, utf16_units
from bot.channels.sms import render as sms
from bot.channels.sms.channel import SmsChannel
from bot.channels.sms.gsm import transliterate
from bot.channels.telegram import render as telegram
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.webchat import render as webchat
from bot.channels.webchat.channel import WebChatChannel
from bot.channels.webchat.lines import ChatLine
from bot.channels.whatsapp import render as whatsapp
from bot.channels.whatsapp.channel import WhatsAppChannel
from dialogs.messages import Attachment, Button, OutboundMessage

WORDS = {"menu": "Pilih", "choose": "Silakan pilih:", "more": "Pilihan lainnya:", "location_hint": "Di sini."}
NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """One message as people see it, in the channel's own measure of length."""

    length: int
    text: str
    labels: list[str]
    files: int = 0


@dataclass(frozen=True)
class Kind:
    """One of several channels behind the same class."""

    name: str
    capabilities: Capabilities


def on_telegram(delivery):
    return [
        Shown(
            utf16_units(part.text),
            part.text,
            [telegram._button(one)["text"] for one in flat(part.rows)],
            len(part.files),
        )
        for part in telegram.plan(delivery, "Kirim lokasi di bawah.")
    ]


def on_the_page(delivery):
    line = webchat.render(ChatLine.said(1, delivery.message, "waiting", NOW))
    labels = [button["label"] for row in line["buttons"] for button in row]
    return [Shown(len(line["text"]), line["text"], labels, len(delivery.files))]


def in_a_widget(delivery):
    sent = [Attachment(one.kind, f"ref{n}") for n, one in enumerate(delivery.files)]
    whole = replace(delivery, message=replace(delivery.message, attachments=tuple(sent)))
    says = rasa.rest(whole, "siti", lambda one: one.ref)
    told = [say for say in says if "text" in say]
    words = [
        Shown(len(say["text"]), say["text"], [one["title"] for one in say.get("buttons", ())]) for say in told
    ]
    return [*words, *(Shown(0, "", [], 1) for _ in says[len(told) :])]


def on_whatsapp(delivery):
    parts = whatsapp.plan(delivery, WORDS)
    return [
        Shown(utf16_units(part.text), part.text, _choices(part), int(part.file is not None)) for part in parts
    ]


def _choices(part):
    action = part.content.get("action", {})
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    replies = [one["reply"]["title"] for one in action.get("buttons", ())]
    return [*replies, *(row.get("description", row["title"]) for row in rows)]


def in_direct_messages(name, able):
    def show(delivery):
        measure = messenger.measure_for(name)
        return [
            Shown(
                measure(part.text), part.text, [one.label for one in part.replies], int(part.file is not None)
            )
            for part in messenger.plan(name, able, delivery)
        ]

    return show


def on_a_phone(delivery):
    texts = sms.render(delivery.message, "Balas:", len(delivery.files), "(Foto)")
    left_out = len(delivery.files)  # told of, as they cannot be sent
    return [Shown(len(text), text, [], left_out if "(Foto)" in text else 0) for text in texts]


def in_the_terminal(delivery):
    text = console.render(delivery)
    return [Shown(len(text), text, [], len(delivery.files))]


CHANNELS = [
    pytest.param(TelegramChannel, on_telegram, id="telegram"),
    pytest.param(WebChatChannel, on_the_page, id="webchat"),
    pytest.param(WhatsAppChannel, on_whatsapp, id="whatsapp"),
    *(
        pytest.param(Kind(name, able), in_direct_messages(name, able), id=name)
        for name, able in (("messenger", MESSENGER), ("instagram", INSTAGRAM))
    ),
    pytest.param(RasaChannel, in_a_widget, id="rasa"),
    pytest.param(SmsChannel, on_a_phone, id="sms"),
    pytest.param(console.ConsoleChannel, in_the_terminal, id="console"),
]


SPELLED = {SmsChannel: transliterate}
"""How a channel spells what it cannot write as it stands."""


async def no_bytes():
    return b""


words = st.text(st.sampled_from("abc déø🌊👩\n "), max_size=40)
labels = st.text(st.sampled_from("Ya é🌊"), min_size=1, max_size=90).filter(str.strip)
buttons = st.builds(Button, labels, st.sampled_from(["/affirm", "/SetSlots(x=" + "y" * 70 + ")"]))
rows = st.lists(st.lists(buttons, min_size=1, max_size=12).map(tuple), max_size=3).map(tuple)
kinds = st.sampled_from(["photo", "video", "voice", "audio", "document", "animation"])
files = st.lists(
    st.builds(OutboundFile, kinds, st.just("x/y"), st.just("n"), st.just(no_bytes)), max_size=23
).map(tuple)
long_texts = st.builds(lambda part, times: part * times, words, st.sampled_from([1, 3, 400]))
messages = st.builds(OutboundMessage, long_texts, rows, ask_location=st.booleans())


@pytest.mark.parametrize(("channel", "show"), CHANNELS)
def test_capabilities_make_sense(channel: type[Channel], show):
    able: Capabilities = channel.capabilities
    assert channel.name
    assert able.max_text >= 160
    assert able.max_buttons >= 0
    assert able.max_button_label >= 10
    assert 0 <= able.max_download <= 100 * 1024 * 1024


@pytest.mark.parametrize(("channel", "show"), CHANNELS)
@given(message=messages, files=files)
def test_whatever_is_said_fits(channel, show, message, files):
    able = channel.capabilities
    for shown in show(Delivery("1", message, files)):
        assert shown.length <= able.max_text
        assert len(shown.labels) <= able.max_buttons
        assert all(len(label) <= able.max_button_label for label in shown.labels)


@pytest.mark.parametrize(("channel", "show"), CHANNELS)
@given(message=messages, files=files)
def test_nothing_said_gets_lost(channel, show, message, files):
    shown = show(Delivery("1", message, files))
    text = "".join("".join(one.text for one in shown).split())
    spelled = SPELLED.get(channel, str)
    assert "".join(spelled(message.text).split()) in text
    assert sum(one.files for one in shown) == len(files)
    offered = text + "".join("".join(label.split()) for one in shown for label in one.labels)
    limit = channel.capabilities.max_button_label - 1
    for button in flat(message.buttons):
        assert "".join(spelled(button.label)[:limit].split()) in offered


@pytest.mark.parametrize(("channel", "show"), CHANNELS)
def test_twelve_choices_can_all_be_seen(channel, show):
    choices = tuple((Button(f"Pilihan {number}", f"/p{number}"),) for number in range(12))
    shown = show(Delivery("1", OutboundMessage("Pilih", choices)))
    everything = "\n".join([one.text for one in shown] + [label for one in shown for label in one.labels])
    assert all(f"Pilihan {number}" in everything for number in range(12))


@given(message=messages, files=files, sent=st.integers(0, 30))
def test_a_half_sent_telegram_message_never_repeats_a_part(message, files, sent):
    parts = telegram.plan(Delivery("1", message, files), "hint")
    assert parts == telegram.plan(Delivery("1", message, files), "hint")
    rest = telegram.unsent(parts, sent)
    assert parts[len(parts) - len(rest) :] == rest
    assert sum(part.refs for part in parts) - sum(part.refs for part in rest) >= min(
        sent, sum(p.refs for p in parts)
    )
