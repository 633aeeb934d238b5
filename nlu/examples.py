"""Training examples in Rasa's NLU format: `intent: kategori_<id>` or a dialogue intent.

`metadata` may give a `subcategory`, a `classification` (a report without one is a complaint), or an
`emergency`: its kind, or `tidak` for what only sounds like one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nlu.data import Data, DataError, digest

FORM = 3  # of what a model sees of a message; models of another form are not used
CATEGORY = "kategori_"
COMPLAINT = "pengaduan"
CLASS_OF = {"info_pertanyaan": "informasi", "terima_kasih": "apresiasi"}
REPORT = "lapor"
FRESH = "nlu/kiriman_"
LEARNT_FROM = ("lexicon/hints.yml", "lexicon/where.yml", "classification.yml", "slang.yml")
NO_EMERGENCY = "tidak"
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """One message with the intent it shows and, for a report, where it belongs.

    The intent is empty where a message only shows what is no emergency; `emergency` is None where nobody
    has said.
    """

    text: str
    intent: str
    category: str = ""
    subcategory: str = ""
    emergency: str | None = None
    classification: str = ""
    fresh: bool = False  # written after the hints, so that it shows honestly how far they carry


def load_examples(data: Data) -> tuple[Example, ...]:
    """Every example of the data folder, in the order of its files."""
    return tuple(example for file in data.folder("nlu") for example in _file(data, file))


def examples_digest(data: Data) -> str:
    """A digest of everything a model is learnt from: examples, hints and spelling."""
    names = [*data.folder("nlu"), *LEARNT_FROM]
    lines = [f"form {FORM}", *(f"{name} {digest(data.text(name))}" for name in names)]
    return digest("\n".join(lines))


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
    metadata = block.get("metadata") or {}
    for line in lines.splitlines():
        if not line.strip():
            continue
        if not line.startswith("- "):
            raise DataError(f"{file}: intent {name}: `{line}` does not begin with `- `")
        yield _example(_ENTITY.sub(r"\1", line[2:].strip()), name, metadata, file)


def _example(text: str, name: str, metadata: dict[str, str], file: str) -> Example:
    fresh, emergency = file.startswith(FRESH), metadata.get("emergency")
    if emergency == NO_EMERGENCY:
        return Example(text, "", emergency="")
    if not name.startswith(CATEGORY):
        return Example(text, name, emergency=emergency, classification=CLASS_OF.get(name, ""), fresh=fresh)
    return Example(
        text,
        REPORT,
        name.removeprefix(CATEGORY),
        metadata.get("subcategory", ""),
        emergency,
        metadata.get("classification", COMPLAINT),
        fresh,
    )
