"""A dialog as it is run: flows, texts and domain of one version, known by the hash of its content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogs.consent import consent_questions
from dialogs.domain import Settings, Topic
from dialogs.faults import Fault, FlowFaults
from dialogs.flow import Flow
from dialogs.parse.domain import parse_domain, parse_topics
from dialogs.parse.flows import parse_flows
from dialogs.parse.responses import parse_responses
from dialogs.responses import Response
from dialogs.slots import SlotSpec, Words, fold
from nlu.categories import Category, load_categories

DOMAIN = "domain.yml"
TOPICS = "faq.yml"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One immutable version of the whole dialog.

    `by_intent`, `by_command` and `by_slot` name the flow that each of them starts; `labels` are all the
    names a button goes by, by its payload; `initial` the slots of a talk that begins; `domain` is what
    actions see of it; `consent` the texts that ask for consent.
    """

    hash: str
    sources: Mapping[str, str]
    flows: Mapping[str, Flow]
    responses: Mapping[str, Mapping[str, Response]]
    slots: Mapping[str, SlotSpec]
    settings: Settings
    words: Words
    topics: tuple[Topic, ...] = ()
    actions: frozenset[str] = frozenset()
    categories: Mapping[str, Category] = field(default_factory=dict)
    by_intent: Mapping[str, str] = field(default_factory=dict)
    by_command: Mapping[str, str] = field(default_factory=dict)
    by_slot: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)
    domain: Mapping[str, Any] = field(default_factory=dict)
    consent: frozenset[str] = frozenset()

    @classmethod
    def from_sources(cls, sources: Mapping[str, str]) -> "Bundle":
        """The bundle these files (path → text) make.

        Raises:
            FlowFaults: the files cannot be read as a dialog; it carries every fault found.
        """
        bundle, faults = read_bundle(sources)
        if faults:
            raise FlowFaults(sorted(faults))
        return bundle


def read_bundle(sources: Mapping[str, str]) -> tuple[Bundle, list[Fault]]:
    """As much of a bundle as can be read, and the faults that were met."""
    faults: list[Fault] = []
    domain = parse_domain(DOMAIN, sources.get(DOMAIN, ""), faults)
    flows = parse_flows(_under(sources, "flows/"), faults)
    topics = parse_topics(TOPICS, sources.get(TOPICS, ""), faults)
    responses = parse_responses(_under(sources, "responses/"), faults)
    bundle = Bundle(
        hash=content_hash(sources),
        sources=dict(sources),
        flows=flows,
        responses=responses,
        slots=domain.slots,
        settings=domain.settings,
        words=domain.words,
        topics=topics,
        actions=domain.actions,
        categories={category.id: category for category in load_categories()},
        by_intent={intent: flow.id for flow in flows.values() for intent in flow.intents},
        by_command={command: flow.id for flow in flows.values() for command in flow.commands},
        by_slot={slot: flow.id for flow in flows.values() for slot in flow.slot_triggers},
        labels=_labels(responses),
        initial={name: spec.initial for name, spec in domain.slots.items()},
        domain=_for_actions(domain.slots, topics),
        consent=consent_questions(flows.values()),
    )
    return bundle, faults


def content_hash(sources: Mapping[str, str]) -> str:
    """The same for the same files with the same content, whatever order they come in."""
    digest = hashlib.sha256()
    for path in sorted(sources):
        for part in (path, sources[path]):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]


def _under(sources: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path: text for path, text in sorted(sources.items()) if path.startswith(folder)}


def _labels(responses: Mapping[str, Mapping[str, Response]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for response in (one for named in responses.values() for one in named.values()):
        for button in (button for variation in response.variations for button in variation.buttons):
            found.setdefault(button.payload.source, set()).add(fold(button.label.source))
    return {payload: frozenset(labels) for payload, labels in found.items()}


def _for_actions(slots: Mapping[str, SlotSpec], topics: tuple[Topic, ...]) -> dict[str, Any]:
    faq = [
        {"id": one.id, "keywords": list(one.keywords), "response": one.response, "ours": one.ours}
        for one in topics
    ]
    return {"slots": {name: {"type": spec.type} for name, spec in slots.items()}, "faq": faq}
