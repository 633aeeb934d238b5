"""Training examples in Rasa's NLU format: `intent: kategori_<id>` or a dialogue intent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nlu.data import Data, DataError, digest

CATEGORY = "kategori_"
FRESH = "nlu/kiriman_"
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """One message with the intent it shows and, for a report, where it belongs."""

    text: str
    intent: str
    category: str = ""
    subcategory: str = ""
    fresh: bool = False  # written after the hints, so that it shows honestly how far they carry


def load_examples(data: Data) -> tuple[Example, ...]:
    """Every example of the data folder, in the order of its files."""
    return tuple(example for file in data.folder("nlu") for example in _file(data, file))


def examples_digest(data: Data) -> str:
    """A digest of everything a model is learnt from: examples, hints and spelling."""
    names = [*data.folder("nlu"), "lexicon/hints.yml", "lexicon/where.yml", "slang.yml"]
    return digest("\n".join(f"{name} {digest(data.text(name))}" for name in names))


def _file(data: Data, file: str) -> Iterator[Example]:
    for block in data.yaml(file)["nlu"]:
        if "intent" in block:
            yield from _block(block, file)


def _block(block: dict[str, Any], file: str) -> Iterator[Example]:
    name, lines = block["intent"], block.get("examples")
    if not isinstance(lines, str):
        raise DataError(
            f"{file}: intent {name} has no examples; write `examples: |` and one `- message` a line"
        )
    subcategory = (block.get("metadata") or {}).get("subcategory", "")
    for line in lines.splitlines():
        if not line.strip():
            continue
        if not line.startswith("- "):
            raise DataError(f"{file}: intent {name}: `{line}` does not begin with `- `")
        text = _ENTITY.sub(r"\1", line[2:].strip())
        yield _example(text, name, subcategory, file)


def _example(text: str, name: str, subcategory: str, file: str) -> Example:
    fresh = file.startswith(FRESH)
    if name.startswith(CATEGORY):
        return Example(text, "lapor", name.removeprefix(CATEGORY), subcategory, fresh)
    return Example(text, name, fresh=fresh)
