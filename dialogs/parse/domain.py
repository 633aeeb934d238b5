"""Reading the domain: slots, words, settings, actions; and the questions people ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dialogs.domain import CONTROLS, Settings, Topic
from dialogs.faults import Fault
from dialogs.mappings import MAPPINGS
from dialogs.parse.notes import Place
from dialogs.patterns import PatternError, pattern
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
        "gathers",
        "called",
        "shown",
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
    words = place.table(content.get("words"), content.line_of("words"), "`words`")
    return Domain(
        slots={name: _slot(place, name, slots) for name in slots},
        settings=_settings(place, content, words),
        words=_words(place, words),
        actions=frozenset(place.words(content, "actions")),
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
    keywords = [fold(word) for language in by_language for word in place.words(by_language, language)]
    if not keywords:
        place.note(line, f"the topic `{name}` has no keywords", "List words people ask it with, per language")
    response = str(table.get("response") or f"utter_faq_{name}")
    return Topic(name, tuple(keywords), response, bool(table.get("ours")), line)


def _slot(place: Place, name: str, slots: Table) -> SlotSpec:
    line = slots.line_of(name)
    table = place.table(slots[name], line, f"the slot `{name}`")
    place.unknown_keys(table, SLOT_KEYS)
    kind = str(table.get("type") or "")
    if kind not in READERS:
        known = ", ".join(sorted(READERS))
        place.note(line, f"the slot `{name}` has the unknown type `{kind}`", f"Use one of: {known}")
        kind = "any"
    values = place.words(table, "values")
    if kind == "categorical" and not values and not table.get("choices"):
        place.note(line, f"the slot `{name}` has no values", "List the `values` it can have")
    rows = place.rows(table.get("mappings"), table.line_of("mappings"), "`mappings`")
    return SlotSpec(
        name=name,
        type=kind,
        initial=table.get("initial_value"),
        values=tuple(values),
        mappings=tuple(_mapping(place, row, table.line_of("mappings")) for row in rows),
        choices=str(table.get("choices") or ""),
        optional=bool(table.get("optional")),
        lenient=int(place.number(table, "lenient", 0)),
        gathers=str(table.get("gathers") or ""),
        called=frozenset(map(fold, place.words(table, "called"))),
        shown=_shown(place, table),
        line=line,
    )


def _shown(place: Place, slot: Table) -> dict[str, dict[str, str]]:
    """The words a value's own are replaced by, per language."""
    languages = place.table(slot.get("shown"), slot.line_of("shown"), "`shown`")
    by_language = {
        name: place.table(languages[name], languages.line_of(name), f"`shown` in `{name}`")
        for name in languages
    }
    return {name: {str(word): str(table[word]) for word in table} for name, table in by_language.items()}


def _mapping(place: Place, row: Any, line: int) -> Mapped:
    table = place.table(row, line, "a mapping")
    kind = str(table.get("type") or "")
    if kind not in MAPPINGS:
        known = ", ".join(sorted(MAPPINGS))
        place.note(table.line or line, f"the mapping type `{kind}` is unknown", f"Use one of: {known}")
        kind = "custom"
    return Mapped(kind, str(table.get("entity") or ""), place.number(table, "confidence", 0))


def _settings(place: Place, content: Table, words: Table) -> Settings:
    session = place.table(
        content.get("session_config"), content.line_of("session_config"), "`session_config`"
    )
    talk = place.table(content.get("talk"), content.line_of("talk"), "`talk`")
    intents = place.table(content.get("intents"), content.line_of("intents"), "`intents`")
    standard = Settings()
    return Settings(
        consent_version=str(talk.get("consent_version", standard.consent_version)),
        remind_after=_minutes(place, session, "remind_after", standard.remind_after),
        expire_after=_minutes(place, session, "session_expiration_time", standard.expire_after),
        report_number=_pattern(place, talk, "report_number", standard.report_number),
        sure_intent=place.number(talk, "sure_intent", standard.sure_intent),
        likely_intent=place.number(talk, "likely_intent", standard.likely_intent),
        sure_emergency=place.number(talk, "sure_emergency", standard.sure_emergency),
        again_within=_minutes(place, talk, "again_within", standard.again_within),
        opening_words=int(place.number(talk, "opening_words", standard.opening_words)),
        yes_intents=frozenset(place.words(intents, "yes")),
        no_intents=frozenset(place.words(intents, "no")),
        correction_intents=frozenset(place.words(intents, "correction")),
        control_intents={intent: name for name in CONTROLS for intent in place.words(intents, name)},
        controls={fold(word): name for name in CONTROLS for word in place.words(words, name)},
        correction_words=tuple(map(fold, place.words(words, "correction"))),
        filler_words=frozenset(map(fold, place.words(words, "filler"))),
        news_words=frozenset(map(fold, place.words(words, "news"))),
        asking_words=frozenset(map(fold, place.words(words, "asking"))),
        aside_intents=frozenset(place.words(intents, "aside")),
        never_words=frozenset(map(fold, place.words(words, "never"))),
        telling_words=frozenset(map(fold, place.words(words, "telling"))),
        negation_words=tuple(map(fold, place.words(words, "negation"))),
    )


def _pattern(place: Place, talk: Table, key: str, standard: str) -> str:
    """A regular expression that is safe to use, else the standard one."""
    text = str(talk.get(key, standard))
    try:
        pattern(text)
    except PatternError as error:
        place.note(talk.line_of(key), f"`{key}` is {error}", "Correct the pattern")
        return standard
    return text


def _minutes(place: Place, session: Table, key: str, standard: timedelta) -> timedelta:
    return timedelta(minutes=place.number(session, key, standard / timedelta(minutes=1)))


def _words(place: Place, words: Table) -> Words:
    days = place.table(words.get("days"), words.line_of("days"), "`days`")
    return Words(
        yes=frozenset(map(fold, place.words(words, "yes"))),
        no=frozenset(map(fold, place.words(words, "no"))),
        days={fold(word): int(place.number(days, word, 0)) for word in days},
    )
