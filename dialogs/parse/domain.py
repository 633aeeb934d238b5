"""Reading the domain: slots, words, settings, actions; and the questions people ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dialogs.domain import CONTROLS, Settings, Topic
from dialogs.faults import Fault
from dialogs.mappings import MAPPINGS
from dialogs.parse.notes import Place
from dialogs.slots import READERS, Mapped, SlotSpec, Words, fold
from dialogs.source import Table

TOP = frozenset({"version", "slots", "actions", "session_config", "talk", "words", "intents"})
SLOT_KEYS = frozenset(
    {
        "type",
        "initial_value",
        "values",
        "influence_conversation",
        "mappings",
        "choices",
        "optional",
        "lenient",
    }
)


@dataclass(frozen=True, slots=True)
class Domain:
    """All a domain file declares."""

    slots: Mapping[str, SlotSpec] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    words: Words = field(default_factory=Words)
    actions: frozenset[str] = frozenset()


def parse_domain(file: str, text: str, faults: list[Fault]) -> Domain:
    """The domain, with every fault in it noted."""
    place = Place(file, faults)
    if not text:
        place.note(0, "the domain is missing", "Add domain.yml with the slots of the flows")
        return Domain()
    content = place.open(text)
    place.unknown_keys(content, TOP)
    slots = place.table(content.get("slots"), content.line_of("slots"), "`slots`")
    actions = place.rows(content.get("actions"), content.line_of("actions"), "`actions`")
    words = place.table(content.get("words"), content.line_of("words"), "`words`")
    return Domain(
        slots={name: _slot(place, name, slots) for name in slots},
        settings=_settings(place, content, words),
        words=_words(words),
        actions=frozenset(map(str, actions)),
    )


def parse_topics(file: str, text: str, faults: list[Fault]) -> tuple[Topic, ...]:
    """The questions people ask; none when there is no such file."""
    if not text:
        return ()
    place = Place(file, faults)
    content = place.open(text)
    topics = place.table(content.get("topics"), content.line_of("topics"), "`topics`")
    return tuple(_topic(place, name, topics) for name in topics)


def _topic(place: Place, name: str, topics: Table) -> Topic:
    line = topics.line_of(name)
    table = place.table(topics[name], line, f"the topic `{name}`")
    by_language = place.table(table.get("keywords"), table.line_of("keywords"), "`keywords`")
    keywords = [fold(str(word)) for words in by_language.values() for word in words or ()]
    if not keywords:
        place.note(line, f"the topic `{name}` has no keywords", "List words people ask it with, per language")
    return Topic(name, tuple(keywords), str(table.get("response") or f"utter_faq_{name}"), line)


def _slot(place: Place, name: str, slots: Table) -> SlotSpec:
    line = slots.line_of(name)
    table = place.table(slots[name], line, f"the slot `{name}`")
    place.unknown_keys(table, SLOT_KEYS)
    kind = str(table.get("type") or "")
    if kind not in READERS:
        known = ", ".join(sorted(READERS))
        place.note(line, f"the slot `{name}` has the unknown type `{kind}`", f"Use one of: {known}")
        kind = "any"
    values = place.rows(table.get("values"), table.line_of("values"), "`values`")
    if kind == "categorical" and not values and not table.get("choices"):
        place.note(line, f"the slot `{name}` has no values", "List the `values` it can have")
    rows = place.rows(table.get("mappings"), table.line_of("mappings"), "`mappings`")
    return SlotSpec(
        name=name,
        type=kind,
        initial=table.get("initial_value"),
        values=tuple(map(str, values)),
        mappings=tuple(_mapping(place, row, table.line_of("mappings")) for row in rows),
        choices=str(table.get("choices") or ""),
        optional=bool(table.get("optional")),
        lenient=int(table.get("lenient") or 0),
        line=line,
    )


def _mapping(place: Place, row: Any, line: int) -> Mapped:
    table = place.table(row, line, "a mapping")
    kind = str(table.get("type") or "")
    if kind not in MAPPINGS:
        known = ", ".join(sorted(MAPPINGS))
        place.note(table.line or line, f"the mapping type `{kind}` is unknown", f"Use one of: {known}")
        kind = "custom"
    return Mapped(kind, str(table.get("entity") or ""), float(table.get("confidence") or 0))


def _settings(place: Place, content: Table, words: Table) -> Settings:
    session = place.table(
        content.get("session_config"), content.line_of("session_config"), "`session_config`"
    )
    talk = place.table(content.get("talk"), content.line_of("talk"), "`talk`")
    intents = place.table(content.get("intents"), content.line_of("intents"), "`intents`")
    standard = Settings()
    return Settings(
        consent_version=str(talk.get("consent_version", standard.consent_version)),
        remind_after=_minutes(session, "remind_after", standard.remind_after),
        expire_after=_minutes(session, "session_expiration_time", standard.expire_after),
        report_number=str(talk.get("report_number", standard.report_number)),
        sure_intent=float(talk.get("sure_intent", standard.sure_intent)),
        sure_emergency=float(talk.get("sure_emergency", standard.sure_emergency)),
        opening_words=int(talk.get("opening_words", standard.opening_words)),
        yes_intents=frozenset(intents.get("yes") or ()),
        no_intents=frozenset(intents.get("no") or ()),
        control_intents={intent: control for control in CONTROLS for intent in intents.get(control) or ()},
        controls={fold(str(word)): control for control in CONTROLS for word in words.get(control) or ()},
        correction_words=tuple(fold(str(word)) for word in words.get("correction") or ()),
        negation_words=tuple(fold(str(word)) for word in words.get("negation") or ()),
    )


def _minutes(session: Table, key: str, standard: timedelta) -> timedelta:
    return timedelta(minutes=float(session[key])) if key in session else standard


def _words(words: Table) -> Words:
    return Words(
        yes=frozenset(fold(str(word)) for word in words.get("yes") or ()),
        no=frozenset(fold(str(word)) for word in words.get("no") or ()),
        days={fold(str(word)): int(days) for word, days in (words.get("days") or {}).items()},
    )
