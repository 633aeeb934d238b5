"""What holds whatever anybody sends."""

import json
import string
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.check import check
from dialogs.conversation import (
    MAX_CHOICES,
    MAX_TRAIL,
    Answered,
    Choice,
    Conversation,
    Frame,
    from_json,
    to_json,
)
from dialogs.engine import MAX_STEPS
from dialogs.events import BotUttered, Failed, StepRun
from dialogs.loader import load_bundle, read_sources
from dialogs.messages import Location
from dialogs.work import MAX_STACK
from nlu.interpretation import Area, CategoryGuess, Emergency, Entity, Guess, Interpretation, Place

BUNDLE = load_bundle()
SOURCES = read_sources()
WORDS = [
    *(
        "lapor",
        "status",
        "batal",
        "ulang",
        "kembali",
        "bantuan",
        "menu",
        "petugas",
        "lewati",
        "bahasa",
        "bot",
    ),
    *(
        "ya",
        "tidak",
        "1",
        "2",
        "9",
        "betul",
        "kirim",
        "ubah",
        "SLM-26-7K3QX",
        "lanjut",
        "/datasaya",
        "/start",
        "",
    ),
    *(
        "eh salah, bukan Depok, Mlati",
        "lampu jalan mati di depan pasar",
        "berapa lama diproses?",
        "🙂",
        "x" * 5000,
    ),
]
PAYLOADS = [
    "/lapor",
    "/status",
    "/ulang",
    "/SetSlots(tinjau=ya)",
    "/SetSlots(tiket=SLM-26-7K3QX,selesai=belum)",
    "/x",
    "(",
]
areas = st.sampled_from(
    [
        Area("1", "Sidoagung", "Godean", "Sleman"),
        Area("2", "", "Mlati", "Sleman"),
        Area("3", "", "", "Bantul"),
    ]
)
unit = st.floats(0, 1)
places = st.builds(
    Place, areas, unit, st.sampled_from(["", "Pasar"]), st.lists(areas, max_size=2).map(tuple), st.booleans()
)
guesses = st.builds(
    CategoryGuess,
    st.sampled_from(["lampu_jalan", "sampah", "aparatur", "hantu"]),
    st.sampled_from(["", "mati"]),
    unit,
)
meanings = st.builds(
    Interpretation,
    text=st.just(""),
    intent=st.builds(
        Guess,
        st.sampled_from([*BUNDLE.by_intent, *BUNDLE.settings.control_intents, "setuju", "tidak", "?"]),
        unit,
    ),
    classification=st.sampled_from(["pengaduan", "informasi", "apresiasi", "aspirasi", "wbs"]),
    categories=st.lists(guesses, max_size=4).map(tuple),
    emergency=st.sampled_from([None] * 9 + [Emergency("kebakaran", 0.9)]),
    language=st.sampled_from(["id", "jv", "en"]),
    place=st.none() | places,
    entities=st.sampled_from([(), (Entity("time", "kemarin", 0, 1),)]),
)
kinds = st.sampled_from(["text"] * 12 + ["sticker", "contact", "poll", "edited", "unsupported", "too_large"])
verdicts = st.sampled_from(["pass", "pass", "pass_private", "ask", "hold", "refuse"])
moves = st.one_of(
    st.tuples(
        st.just("say"), st.sampled_from(WORDS) | st.text(string.printable, max_size=60), meanings, kinds
    ),
    st.tuples(st.just("press"), st.integers(0, 9)),
    st.tuples(st.just("payload"), st.sampled_from(PAYLOADS) | st.text(max_size=20)),
    st.tuples(st.just("photo"), st.sampled_from(["", "g1", "g2"]), meanings),
    st.tuples(st.just("pin"), st.none() | places),
    st.tuples(st.just("silence"), st.sampled_from([1, 31, 60 * 25])),
)


def act(talk: Any, move: tuple[Any, ...]) -> bool:
    """Make a move; whether a person said something (silence is none of it)."""
    match move:
        case ("say", text, meaning, kind):
            talk.say(text, meaning, kind=kind)
        case ("press", at):
            choices = talk.conversation.choices
            talk.payload(choices[at % len(choices)].payload if choices else "/menu")
        case ("payload", payload):
            talk.payload(payload)
        case ("photo", group, meaning):
            talk.photos(f"p{talk.sent}", group=group, meaning=meaning)
        case ("pin", place):
            message = talk.message(kind="location", location=Location(-7.7, 110.3))
            talk.send(message, Interpretation("", Guess("di_luar", 0.1), place=place))
        case ("silence", minutes):
            talk.silence(minutes=minutes)
            return False
    return True


def told(talk: Any) -> dict[str, Any]:
    return {name: talk.slots.get(name) for name in ("uraian", "kategori", "lokasi")}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moves, max_size=25), st.lists(verdicts, max_size=8), st.booleans())
def test_every_message_is_answered_and_the_talk_stays_small(kit, script, wanted, failing) -> None:
    desk = kit.PaperDesk(
        verdicts=[{"verdict": one, "advice": "Nasihat.", "rules": [{"id": "makian"}]} for one in wanted]
    )
    talk = kit.Talk(BUNDLE, desk)
    desk.add("SLM-26-7K3QX", actions=["confirm", "deny", "message"])
    if failing:
        desk.receipt = None  # type: ignore[assignment, method-assign]
    for move in script:
        silent = talk.conversation.handoff and talk.conversation.acknowledged
        spoken = act(talk, move)
        talk_now = talk.conversation
        assert not spoken or silent or talk.happened(BotUttered), move
        assert all(event.kind != "loop" for event in talk.happened(Failed))
        assert all(message.text.strip() for message in talk.said)
        assert len(talk.happened(StepRun)) <= MAX_STEPS * 3
        assert len(talk_now.stack) <= MAX_STACK + 1
        assert len(talk_now.trail) <= MAX_TRAIL
        assert len(talk_now.choices) <= MAX_CHOICES
        assert len(json.dumps(to_json(talk_now))) < 60_000


harmless = st.one_of(
    st.tuples(
        st.just("say"),
        st.sampled_from(["menu", "bantuan", "status", "halo", "asdf", "🙂", "kembali", "SLM-26-7K3QX"]),
        st.just(Interpretation("", Guess("?", 0.0))),
        kinds,
    ),
    st.tuples(st.just("payload"), st.sampled_from(["/SetSlots(hantu=1)", "(", "/hantu"])),
    st.tuples(st.just("silence"), st.sampled_from([1, 31, 60 * 25])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(harmless, max_size=12))
def test_nothing_in_between_loses_what_was_told(kit, script) -> None:
    talk = kit.Talk(BUNDLE)
    talk.report()
    before = told(talk)
    for move in script:
        act(talk, move)
        assert told(talk) == before


names = st.text(string.ascii_lowercase, min_size=1, max_size=8)
plain = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9) | st.lists(names, max_size=3)
moments = st.none() | st.integers(0, 10**9).map(
    lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
conversations = st.builds(
    Conversation,
    *[names] * 6,
    slots=st.dictionaries(names, plain.filter(lambda value: value is not None), max_size=5),
    stack=st.lists(
        st.builds(
            Frame,
            names,
            names,
            st.sampled_from(["base", "call", "over", "quiet"]),
            st.booleans(),
            st.integers(0, 9),
        ),
        max_size=4,
    ).map(tuple),
    trail=st.lists(st.builds(Answered, st.integers(0, 3), names, names, names), max_size=4).map(tuple),
    choices=st.lists(st.builds(Choice, names, names), max_size=4).map(tuple),
    consent=names,
    handoff=st.booleans(),
    turn=st.integers(0, 999),
    asked_at=moments,
    quiet_at=moments,
    tickets=st.lists(names, max_size=3).map(tuple),
)


@given(conversations)
def test_a_conversation_survives_storage(conversation: Conversation) -> None:
    assert from_json(json.loads(json.dumps(to_json(conversation)))) == conversation


def test_a_document_from_a_later_version_is_still_read() -> None:
    document = to_json(Conversation.start("c", "web", "a", "k", "h")) | {"sesuatu_yang_baru": 1}
    assert from_json(document) == Conversation.start("c", "web", "a", "k", "h")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(SOURCES)),
    st.integers(0, 10_000),
    st.sampled_from(["", "\n", ": ", "[", "{", '"', "- ", "&a ", "*a", "\t", "7"]),
)
def test_a_file_with_a_slip_is_a_bundle_or_a_list_of_faults(path: str, at: int, slip: str) -> None:
    text = SOURCES[path]
    at %= len(text)
    found = check(SOURCES | {path: text[:at] + slip + text[at + 1 :]})
    assert all(fault.file and fault.text and fault.remedy for fault in found)


def test_the_same_message_always_brings_about_the_same(kit) -> None:
    def once() -> list[Any]:
        talk = kit.Talk(BUNDLE)
        talk.report()
        talk.press("Kirim")
        return talk.history

    assert once() == once()
