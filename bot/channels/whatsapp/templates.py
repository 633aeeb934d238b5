"""Words approved beforehand, for when a person has not written for a day: a city's file, checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.channels.base import Delivery
from bot.channels.graph.literal import literal
from bot.channels.rendering import clip, flat
from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.reader import Node, nearest, read

DELIVERED: Final = Path(__file__).with_name("templates.yml")
NAME = re.compile(r"[a-z0-9_]{1,512}")
GAP = re.compile(r"\{\{(\d+)\}\}")
EDGE = re.compile(r"^\s*\{\{\d+\}\}|\{\{\d+\}\}\s*[.!?]?\s*$|\}\}\s*\{\{")
LONGEST: Final = 1024  # characters of a filled-in body
LONGEST_BUTTON: Final = 25
MOST_BUTTONS: Final = 10
LANGUAGES: Final = ("id", "en")
"""What we write in and WhatsApp knows; it knows no Javanese."""
ALWAYS: Final = ("nomor", "judul", "teks")
"""What every message can fill in: the report's number and title, and the whole text on one line."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it stands at Meta; `texts` and `buttons` by language."""

    name: str
    category: str
    approved: bool
    texts: Mapping[str, str]
    buttons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def gaps(self, language: str) -> int:
        """How many values its text asks for."""
        return len(set(GAP.findall(self.texts[language])))


@dataclass(frozen=True, slots=True)
class Use:
    """Which template says a message, with which values; `payloads` give its buttons a meaning.

    A `notice` only makes the person write, upon which the message itself follows.
    """

    template: Template
    parameters: tuple[str, ...]
    notice: bool = False
    payloads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A template ready to go; `whole` when it says everything the message says."""

    content: Mapping[str, Any]
    whole: bool


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates, and the messages that have one."""

    templates: Mapping[str, Template] = field(default_factory=dict)
    uses: Mapping[str, Use] = field(default_factory=dict)

    def fill(self, delivery: Delivery) -> Filled | None:
        """The template for a message, filled in; None when it has none that is approved."""
        use = self.uses.get(delivery.message.response)
        if use is None or not use.template.approved:
            return None
        language = delivery.language if delivery.language in use.template.texts else LANGUAGES[0]
        values, cut = _values(use, delivery, language)
        content = {
            "name": use.template.name,
            "language": {"policy": "deterministic", "code": language},
            "components": [*_body(values), *_buttons(use, delivery, language)],
        }
        return Filled(content, whole=not (use.notice or cut or delivery.files))


def _values(use: Use, delivery: Delivery, language: str) -> tuple[list[str], bool]:
    """The values in order, on one line each and short enough; and whether one had to be cut."""
    message = delivery.message
    known = {**dict(message.values), "nomor": message.ticket, "teks": message.text}
    full = [literal(" ".join(known.get(name, "").split())) or "-" for name in use.parameters]
    room = LONGEST - len(GAP.sub("", use.template.texts[language]))
    each = max(1, room // max(1, len(full)))
    short = [clip(one, each) for one in full]
    return (full, False) if sum(map(len, full)) <= room else (short, short != full)


def _body(values: Iterable[str]) -> list[dict[str, Any]]:
    parameters = [{"type": "text", "text": value} for value in values]
    return [{"type": "body", "parameters": parameters}] if parameters else []


def _buttons(use: Use, delivery: Delivery, language: str) -> list[dict[str, Any]]:
    own = [button.payload for button in flat(delivery.message.buttons) if button.payload]
    meant = [one.replace("{nomor}", delivery.message.ticket) for one in use.payloads] or own
    return [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": payload}],
        }
        for index, payload in enumerate(meant[: len(use.template.buttons.get(language, ()))])
    ]


Slots = Callable[[str], tuple[frozenset[str], int] | None]
"""What a response can fill in, and how many buttons it has; None for a name nobody wrote."""


def load_templates(path: Path | None, slots: Slots) -> Templates:
    """The templates of a file (the delivered one when None), checked against the dialog's own messages.

    Raises:
        PolicyFaults: listing every fault with its line and remedy.
    """
    faults: list[Fault] = []
    file = path or DELIVERED
    node = read(file.parent, file.name, faults)
    node.known("templates", "messages")
    templates = {name: _template(name, one) for name, one in node.at("templates").entries()}
    uses = {
        response: _use(response, one, templates, slots) for response, one in node.at("messages").entries()
    }
    if faults:
        raise PolicyFaults(tuple(faults))
    return Templates(templates, {name: use for name, use in uses.items() if use})


def _template(name: str, node: Node) -> Template:
    node.known("category", "approved", "text", "buttons")
    if not NAME.fullmatch(name):
        node.fault(f"'{name}' is no name for a template.", "Use small letters, digits and _.")
    texts = {language: node.at("text").text(language) for language, _ in node.at("text").entries()}
    for language, text in texts.items():
        _check_text(node.at("text"), language, text)
    if LANGUAGES[0] not in texts:
        node.fault("There is no Indonesian text.", 'Write text: with id: "…".', "text")
    template = Template(
        name,
        node.choice("category", ("utility", "marketing", "authentication")),
        node.flag("approved", default=False),
        texts,
        {language: node.at("buttons").texts(language) for language, _ in node.at("buttons").entries()},
    )
    _check_buttons(node, template)
    return template


def _check_text(node: Node, language: str, text: str) -> None:
    if language not in LANGUAGES:
        node.fault(
            f"WhatsApp has no templates in '{language}'.", f"Use {nearest(language, LANGUAGES)}.", language
        )
    numbers = list(dict.fromkeys(int(one) for one in GAP.findall(text)))
    if numbers != list(range(1, len(numbers) + 1)):
        node.fault("Values are not numbered in order.", "Write {{1}}, then {{2}}, and so on.", language)
    if EDGE.search(text):
        remedy = "Put words before the first, after the last and between any two."
        node.fault(
            "A value stands at the edge, or right beside another: Meta refuses that.", remedy, language
        )
    if len(text) > LONGEST:
        node.fault(f"The text has {len(text)} characters.", f"At most {LONGEST} are allowed.", language)


def _check_buttons(node: Node, template: Template) -> None:
    counts = {language: len(labels) for language, labels in template.buttons.items()}
    if counts and (set(counts) != set(template.texts) or len(set(counts.values())) > 1):
        node.fault(
            "Languages differ in their buttons.", "Give every language of text: the same number.", "buttons"
        )
    for labels in template.buttons.values():
        if len(labels) > MOST_BUTTONS or any(not 0 < len(one) <= LONGEST_BUTTON for one in labels):
            remedy = f"Use at most {MOST_BUTTONS} of 1 to {LONGEST_BUTTON} characters."
            node.fault("Too many buttons, or one too long.", remedy, "buttons")


def _use(response: str, node: Node, templates: Mapping[str, Template], slots: Slots) -> Use | None:
    node.known("template", "parameters", "carries", "buttons")
    name = node.choice("template", templates)
    if name not in templates:
        return None
    template = templates[name]
    use = Use(
        template,
        node.texts("parameters"),
        node.choice("carries", ("all", "notice"), "all") == "notice",
        node.texts("buttons"),
    )
    _check_use(response, node, use, slots)
    return use


def _check_use(response: str, node: Node, use: Use, slots: Slots) -> None:
    found = slots(response)
    if found is None:
        node.fault(f"There is no message '{response}'.", "See dialogs/responses for their names.")
        return
    for language in use.template.texts:
        wanted, given = use.template.gaps(language), len(use.parameters)
        if wanted != given:
            text = f"'{use.template.name}' asks for {wanted} values in '{language}', {given} are given."
            node.fault(text, "Name one value for each {{n}}, in order.", "parameters")
    known, buttons = found
    for parameter in use.parameters:
        if parameter not in {*known, *ALWAYS}:
            names = nearest(parameter, sorted({*known, *ALWAYS}))
            node.fault(f"'{response}' has no '{parameter}'.", f"Use {names}.", "parameters")
    shown = max((len(labels) for labels in use.template.buttons.values()), default=0)
    meant = len(use.payloads) or min(buttons, shown)
    if shown != meant:
        text = f"'{use.template.name}' has {shown} buttons, {meant} are given a meaning."
        node.fault(text, "Write buttons: with one payload for each.", "buttons")
