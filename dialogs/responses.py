"""What the bot says: texts by name and language, chosen and filled in deterministically."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from dialogs.dates import in_words
from dialogs.flow import Condition
from dialogs.messages import Button, OutboundMessage

LANGUAGES = ("id", "jv", "en")
FALLBACK = "id"
ROW_WIDTH = 30
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
BLANK = ""

Piece = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A text split once: per line, pairs of plain text and the placeholder that follows it.

    `plain` is the whole of a text that has no gaps.
    """

    source: str
    lines: tuple[tuple[Piece, ...], ...]
    plain: str | None = None

    @classmethod
    def of(cls, source: str) -> "Template":
        """The template of a text with `{placeholder}`s."""
        text = source.strip("\n")
        lines = tuple(_pieces(line) for line in text.split("\n"))
        return cls(source, lines, text if all(len(line) == 1 for line in lines) else None)

    @property
    def placeholders(self) -> frozenset[str]:
        """The names it asks for."""
        return frozenset(PLACEHOLDER.findall(self.source))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its gaps filled; a line of which every gap stays blank is left out."""
        if self.plain is not None:
            return self.plain
        filled = (_line(line, values) for line in self.lines)
        return "\n".join(line for line in filled if line is not None)


@dataclass(frozen=True, slots=True)
class ButtonTemplate:
    """A button with gaps in its label and payload, shown when its condition holds."""

    label: Template
    payload: Template
    when: Condition | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to say a response; empty `channel` is for all of them."""

    text: Template
    buttons: tuple[ButtonTemplate, ...] = ()
    channel: str = ""
    when: Condition | None = None
    ask_location: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """A text by its name, in one language."""

    name: str
    variations: tuple[Variation, ...]
    about_ticket: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak: language, channel, a seed that picks among variations, and what conditions look at."""

    language: str
    channel: str = ""
    seed: int = 0
    slots: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


class Speaker(Protocol):
    """Anything that holds responses: by language, then by name."""

    @property
    def responses(self) -> Mapping[str, Mapping[str, Response]]:
        """The texts of every language."""


def render(
    speaker: Speaker, name: str, language: str, channel: str, values: Mapping[str, str], seed: int = 0
) -> OutboundMessage:
    """A response as a message, for words that are pushed rather than said in a turn."""
    context = {"channel": channel, "language": language}
    readable = {name: in_words(value, language) for name, value in values.items()}
    return say(speaker, name, Voice(language, channel, seed, values, context), readable)


def say(speaker: Speaker, name: str, voice: Voice, values: Mapping[str, str]) -> OutboundMessage:
    """A response as a message in this voice; a name nobody wrote says itself: nothing stays silent."""
    response = find(speaker, name, voice.language)
    variation = choose(response, voice) if response else None
    if response is None or variation is None:
        return OutboundMessage(name.removeprefix("utter_").replace("_", " "), response=name)
    return OutboundMessage(
        text=variation.text.fill(values) or name,
        buttons=rows(_buttons(variation.buttons, voice, values)),
        ask_location=variation.ask_location,
        response=name,
        ticket=values.get("nomor", BLANK) if response.about_ticket else "",
    )


def find(speaker: Speaker, name: str, language: str) -> Response | None:
    """The response in that language, else in Indonesian."""
    spoken = speaker.responses.get(language, {}).get(name)
    return spoken or speaker.responses.get(FALLBACK, {}).get(name)


def choose(response: Response, voice: Voice) -> Variation | None:
    """The variation to use: the channel's own before the general, a conditional before an unconditional."""
    fitting = [
        variation
        for variation in response.variations
        if variation.channel in {"", voice.channel}
        and (variation.when is None or variation.when(voice.slots, voice.context))
    ]
    if not fitting:
        return response.variations[-1] if response.variations else None
    best = max(_rank(variation) for variation in fitting)
    equals = [variation for variation in fitting if _rank(variation) == best]
    return equals[voice.seed % len(equals)]


def rows(buttons: Iterable[Button], width: int = ROW_WIDTH) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows: as many beside each other as their labels leave room for."""
    made: list[list[Button]] = []
    room = 0
    for button in buttons:
        room -= len(button.label) + 2
        if not made or room < 0:
            made.append([])
            room = width - len(button.label)
        made[-1].append(button)
    return tuple(tuple(row) for row in made)


def _rank(variation: Variation) -> tuple[bool, bool]:
    return bool(variation.channel), variation.when is not None


def _buttons(
    templates: tuple[ButtonTemplate, ...], voice: Voice, values: Mapping[str, str]
) -> Iterable[Button]:
    for template in templates:
        if template.when is None or template.when(voice.slots, voice.context):
            yield Button(template.label.fill(values), template.payload.fill(values), template.url)


def _pieces(line: str) -> tuple[Piece, ...]:
    parts = PLACEHOLDER.split(line)
    return tuple(zip(parts[::2], [*parts[1::2], ""], strict=True))


def _line(pieces: tuple[Piece, ...], values: Mapping[str, str]) -> str | None:
    if len(pieces) == 1:
        return pieces[0][0]
    found = [(plain, values.get(name, BLANK) if name else BLANK) for plain, name in pieces]
    if not any(value for _, value in found):
        return None
    return "".join(plain + value for plain, value in found)
