"""Everything that reads what strangers or admins wrote, each as a function of bytes."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from aiogram import Bot
from pydantic import ValidationError
from telegram import Update as StaffUpdate

from bot.channels.matrix.parse import parse as parse_matrix
from bot.channels.messenger.parse import parse as parse_messenger
from bot.channels.rasa.parse import UnreadableError, message_of, read_event, read_rest
from bot.channels.sms import kannel, twilio
from bot.channels.sms.parse import parse as parse_sms
from bot.channels.telegram.common import read_common
from bot.channels.telegram.parse import parse, parse_membership
from bot.channels.telegram.reading import read_full
from bot.channels.webchat.parse import Refusal, Sender, parse_files, parse_message
from bot.channels.whatsapp.parse import parse as parse_whatsapp
from bot.channels.x.export import ExportError, read_export
from bot.operator.reading import pin_of, read_words
from bot.web.open311.errors import ApiError
from bot.web.open311.reading import Rules, media_url, reported, wanted
from bot.web.open311.services import Catalogue
from dialogs.bundle import read_bundle
from nlu.categories import load_categories
from nlu.interpreter import Interpreter
from storage.codec import INBOUND, OUTBOUND, TICKET
from tests.fuzz import seeds
from tests.fuzz.answers import telegrams_answers
from tests.fuzz.dice import Dice
from tickets.evidence.examine import examine
from tickets.policies import Policies, PolicyFaults, load_policies
from tickets.screening import screen

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
BOT = Bot("42:abc")
MOST = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A way in, and its share of the inputs of a whole run, in thousandths."""

    run: Callable[[Dice], None]
    share: int


@cache
def _interpreter() -> Interpreter:
    return Interpreter.load()


@cache
def _policies() -> Policies:
    return load_policies()


@cache
def _rules() -> Rules:
    policies = _policies()
    states = policies.lifecycle.states
    final = frozenset(name for name, state in states.items() if state.final)
    catalogue = Catalogue(load_categories(), policies.open311.attributes)
    return Rules(policies.open311, catalogue, final, frozenset(states))


def telegram(dice: Dice) -> None:
    """An update of the citizens' bot."""
    raw = dice.bent(dice.one(seeds.telegram()))
    common = read_common(raw)
    update = common or read_full(raw, BOT)
    if update is not None:
        read = parse(update, NOW)
        parse_membership(update)
        assert common is None or parse(common, NOW) == read, "the short way reads it otherwise"


def staff(dice: Dice) -> None:
    """An update of the staff's bot, of a form that Telegram might send."""
    raw = dice.bent(dice.one(seeds.telegram()))
    if (read_common(raw) or read_full(raw, BOT)) is None:
        return
    try:
        update = StaffUpdate.de_json(raw, None)
        if update.effective_message is not None:
            read_words(update)
            pin_of(update.effective_message)
    except (ArithmeticError, TypeError, ValueError, KeyError, AttributeError):
        return  # its library checks no types; the desk counts the try, sets it aside and says so


def whatsapp(dice: Dice) -> None:
    """A change of WhatsApp's webhook."""
    raw = dice.bent(dice.one(seeds.whatsapp()))
    parse_whatsapp(raw if isinstance(raw, dict) else {}, "106540352242922", NOW)


def messenger(dice: Dice) -> None:
    """An entry of Messenger's or Instagram's webhook."""
    raw = dice.bent(dice.one(seeds.messenger()))
    parse_messenger(dice.one(("messenger", "instagram")), "777", raw if isinstance(raw, dict) else {}, NOW)


def matrix(dice: Dice) -> None:
    """An event of a Matrix room."""
    raw = dice.bent(dice.one(seeds.matrix()))
    parse_matrix("!abc:kota.test", raw if isinstance(raw, dict) else {}, MOST)


def sms(dice: Dice) -> None:
    """What a gateway calls us with."""
    names = ("from", "text", "to", "udh", "charset", "coding", "binary", "sent", "id", "type", "ref", "smsc")
    raw = {dice.one(names): dice.torn(dice.text().encode("utf-8", "replace")) for _ in range(dice.number(9))}
    found = kannel.read_sms({"from": b"+628123", "text": b"halo", **raw}, NOW)
    if found is not None:
        parse_sms(found, "ID")
    kannel.read_report(raw, NOW)
    fields = ("From", "To", "Body", "MessageSid", "SmsSid", "NumMedia", "MessageStatus", "ErrorCode")
    twilio.sign("kunci", "https://x.test/sms", [(dice.one(fields), dice.text()) for _ in range(4)])


def webchat(dice: Dice) -> None:
    """A body the page posts, or somebody who pretends to be it."""
    sender = Sender("web-1", dice.text()[:9], NOW)
    try:
        parse_message(dice.bent(dice.one(seeds.webchat())), sender)
        parse_files({dice.text(): dice.text(), "id": dice.text()}, (), sender)
    except Refusal as refusal:
        assert 400 <= refusal.status < 500  # noqa: PT017 only refusals may come


def rasa(dice: Dice) -> None:
    """What a widget made for Rasa sends."""
    body = dice.bent(dice.one(seeds.rasa()))
    for read in (read_rest, lambda data: read_event(data, "sesi")):
        try:
            message_of(read(body), "1", NOW)
        except UnreadableError:
            continue


def open311(dice: Dice) -> None:
    """The fields of a form or a query."""
    names = ("service_code", "lat", "long", "address_string", "description", "email", "phone", "media_url")
    more = ("start_date", "end_date", "status", "page", "page_size", "service_request_id", "attribute[x]")
    fields = {dice.one(names + more): [dice.text()] for _ in range(dice.number(9))}
    fields |= {"service_code": ["lampu_jalan-mati"]} if dice.number(2) else {}
    for read in (
        lambda: reported(fields, _rules(), dice.one(("id", "jv", "en"))),
        lambda: wanted(fields, _rules(), NOW),
        lambda: media_url(fields),
    ):
        try:
            read()
        except ApiError as refusal:
            assert 400 <= refusal.status < 500  # noqa: PT017 only refusals may come


def mentions(dice: Dice) -> None:
    """An export of mentions on X."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / dice.one(("x.csv", "x.json"))
        row = b"id,text,author_id,created_at,username\n1,lampu mati,9,2026-11-22T03:00:00Z,siti\n"
        file.write_bytes(
            dice.torn(row if file.suffix == ".csv" else b'{"data": [{"id": "1", "text": "lampu"}]}')
        )
        try:
            read_export(file, NOW)
        except ExportError:
            return


def stored(dice: Dice) -> None:
    """A row that an older program, or a damaged disk, left in the database."""
    shape = {
        "channel": "web",
        "external_id": "1",
        "address": "a",
        "sent_at": "2026-11-22T03:00:00Z",
        "kind": "text",
    }
    for codec in (INBOUND, OUTBOUND, TICKET):
        try:
            codec.load(dice.bent(shape))
        except ValidationError:
            continue


def evidence(dice: Dice) -> None:
    """A file a stranger sent."""
    examine(dice.torn(dice.one(seeds.files())), _policies().evidence.limits)


def reading(dice: Dice) -> None:
    """A text, as understanding and screening read it."""
    text = dice.text()
    found = _interpreter().interpret(text, now=NOW)
    assert all(0 <= entity.start <= entity.end <= len(text) for entity in found.entities)
    screen(text, found, {}, _policies())


def flows(dice: Dice) -> None:
    """A file of the dialog that somebody edited; faults are told, never thrown."""
    name = dice.one(sorted(seeds.flows()))
    read_bundle({name: _edited(dice, seeds.flows()[name])})


def policies(dice: Dice) -> None:
    """A policy file that somebody edited."""
    name = dice.one(sorted(seeds.policy_files()))
    with tempfile.TemporaryDirectory() as folder:
        text = _edited(dice, seeds.policy_files()[name])
        (Path(folder) / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        try:
            load_policies(Path(folder))
        except PolicyFaults:
            return


def _edited(dice: Dice, text: str) -> str:
    lines = text.splitlines()
    for _ in range(1 + dice.number(5)):
        at = dice.number(len(lines) + 1)
        new = (
            *([], [""], ["- "], ["  " + dice.text()], [dice.text() + ": " + dice.text()]),
            *(lines[at : at + 3] * 2, ["\t" + line for line in lines[at : at + 1]], ["x: &a [*a, *a]"]),
            [line.replace(":", ": " + dice.text(), 1) for line in lines[at : at + 1]],
        )
        lines[at : at + 1] = dice.one(new)
    return "\n".join(lines)


TARGETS = {
    "telegram": Target(telegram, 110),
    "answers": Target(telegrams_answers, 40),
    "staff": Target(staff, 80),
    "whatsapp": Target(whatsapp, 100),
    "messenger": Target(messenger, 100),
    "matrix": Target(matrix, 80),
    "sms": Target(sms, 100),
    "webchat": Target(webchat, 80),
    "rasa": Target(rasa, 60),
    "open311": Target(open311, 80),
    "mentions": Target(mentions, 30),
    "stored": Target(stored, 60),
    "evidence": Target(evidence, 30),
    "reading": Target(reading, 47),
    "flows": Target(flows, 2),
    "policies": Target(policies, 1),
}
