"""What differs between two bundles: flow by flow, step by step, text by text, and line by line per file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from dialogs.bundle import Bundle
from dialogs.flow import Flow, Step
from dialogs.responses import LANGUAGES, Response
from dialogs.slots import SlotSpec

Part = Literal["flow", "step", "text", "slot", "file"]
Kind = Literal["added", "removed", "changed"]
SIGNS: Mapping[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}
SHOWN, LEAD = 80, 20
"""Characters shown of a long text, and how many of them come before the first that differs."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs; `before` and `after` tell it in a line where that helps.

    A step is named `flow.step`, a text `utter_name`, with its language; `file` is where it stands now.
    """

    part: Part
    kind: Kind
    name: str
    file: str
    language: str = ""
    before: str = ""
    after: str = ""

    @property
    def shown(self) -> tuple[str, str]:
        """Before and after, cut to where they differ."""
        same = next((at for at, (a, b) in enumerate(zip(self.before, self.after, strict=False)) if a != b), 0)
        start = max(same - LEAD, 0) if len(max(self.before, self.after, key=len)) > SHOWN else 0
        return _cut(self.before, start), _cut(self.after, start)

    def __str__(self) -> str:
        """A line to read: the sign first."""
        named = f"{self.name} ({self.language})" if self.language else self.name
        told = [f'"{text}"' for text in self.shown if text]
        return f"{SIGNS[self.kind]} {self.part} {named}{': ' if told else ''}{' → '.join(told)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Every change, and the files line by line as a unified diff."""

    changes: tuple[Change, ...] = ()
    lines: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines)


def difference(old: Bundle, new: Bundle) -> Difference:
    """What changes from the old bundle to the new one."""
    changes = [*_flows(old, new), *_texts(old, new), *_slots(old, new)]
    told = {change.file for change in changes}
    rest = [one for one in _files(old.sources, new.sources) if one.name not in told]
    return Difference((*changes, *rest), file_lines(old.sources, new.sources))


def file_lines(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """A unified diff over all files; empty when they are the same."""
    parts: list[str] = []
    for path in sorted({*old, *new}):
        before, after = old.get(path, "").splitlines(), new.get(path, "").splitlines()
        parts.extend(unified_diff(before, after, path, path, lineterm="", n=2))
    return "\n".join(parts)


def _flows(old: Bundle, new: Bundle) -> Iterator[Change]:
    for kind, name in _names(old.flows, new.flows):
        flow = new.flows.get(name) or old.flows[name]
        if kind != "changed":
            yield Change("flow", kind, name, flow.file)
            continue
        before = old.flows[name]
        if _head(before) != _head(flow):
            yield Change("flow", "changed", name, flow.file)
        yield from _steps(before, flow)


def _steps(old: Flow, new: Flow) -> Iterator[Change]:
    for kind, name in _names(old.steps, new.steps):
        before, after = old.steps.get(name), new.steps.get(name)
        if before is not None and after is not None and _body(before) == _body(after):
            continue
        told = (tell(before) if before else "", tell(after) if after else "")
        yield Change("step", kind, f"{new.id}.{name}", new.file, "", *told)


def _texts(old: Bundle, new: Bundle) -> Iterator[Change]:
    for language in LANGUAGES:
        had, has = old.responses.get(language, {}), new.responses.get(language, {})
        for kind, name in _names(had, has):
            before, after = had.get(name), has.get(name)
            one = after or before
            if one is None or (before and after and _said(before) == _said(after)):
                continue
            told = (words(before) if before else "", words(after) if after else "")
            yield Change("text", kind, name, one.file, language, *told)


def _slots(old: Bundle, new: Bundle) -> Iterator[Change]:
    for kind, name in _names(old.slots, new.slots):
        before, after = old.slots.get(name), new.slots.get(name)
        told = (_kind_of(before), _kind_of(after))
        if kind != "changed" or _shape(before) != _shape(after):
            yield Change("slot", kind, name, "domain.yml", "", *told)


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for kind, path in _names(old, new):
        if old.get(path) != new.get(path):
            yield Change("file", kind, path, path)


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """Every name of either, in the order of the new one, those gone last."""
    for name in new:
        yield ("changed" if name in old else "added"), name
    for name in old:
        if name not in new:
            yield "removed", name


def _head(flow: Flow) -> tuple[Any, ...]:
    called = (flow.name, flow.description, flow.intents, flow.commands, flow.slot_triggers, flow.audience)
    return (*called, flow.first, flow.slots, flow.keeps, flow.returns, flow.guard is None)


def _body(step: Step) -> tuple[Any, ...]:
    ways = tuple((branch.text, branch.to) for branch in step.next)
    refused = tuple((one.text, one.utter) for one in step.rejections)
    return (step.kind, step.target, ways, step.utter, step.ask_before_filling, refused, step.assigns)


def tell(step: Step) -> str:
    """A step in a line: what it does and where it leads."""
    ways = ", ".join(f"{branch.text}: {branch.to}" if branch.text else branch.to for branch in step.next)
    work = f"{step.kind} {step.target}".strip()
    return f"{work} → {ways}"


def words(response: Response) -> str:
    """A response in a line: its texts and the labels of its buttons."""
    told = []
    for variation in response.variations:
        labels = "".join(f" [{button.label.source}]" for button in variation.buttons)
        told.append(" ".join(variation.text.source.split()) + labels)
    return " | ".join(told)


def _said(response: Response) -> tuple[Any, ...]:
    return tuple(
        (
            one.text.source,
            tuple(
                (each.label.source, each.payload.source, each.url, each.when is None) for each in one.buttons
            ),
            (one.channel, one.when is None, one.ask_location),
        )
        for one in response.variations
    )


def _kind_of(spec: SlotSpec | None) -> str:
    return f"{spec.type} {' '.join(spec.values)}".strip() if spec else ""


def _shape(spec: SlotSpec | None) -> tuple[Any, ...]:
    if spec is None:
        return ()
    rest = (spec.initial, spec.choices, spec.optional, spec.lenient)
    return (spec.type, spec.values, spec.mappings, *rest)


def _cut(text: str, start: int) -> str:
    """At most SHOWN characters from `start` on, with dots where something was left out."""
    end = start + SHOWN
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (len(text) > end)}" if text else ""
