"""What other programs may read and ask for through Open311, and the extra questions of each service."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickets.policies.reader import Node, Words

DATATYPES = ("string", "text", "number", "datetime", "singlevaluelist", "multivaluelist")
LISTS = frozenset({"singlevaluelist", "multivaluelist"})
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attribute:
    """One extra question of a service; `values` are the choices of a list, by key."""

    code: str
    datatype: str
    required: bool
    description: Words
    hint: Words
    values: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What a file behind an address may be: bytes, seconds to fetch it, MIME types."""

    size: int
    seconds: int
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Open311Policy:
    """Spans in days, rates in requests a minute; `attributes` are by category."""

    jurisdiction: str
    contact: str
    key_service: str
    descriptions: bool
    positions: bool
    span_days: int
    most_rows: int
    key_rate: int
    reader_rate: int
    repeat_minutes: int
    media: MediaLimits
    attributes: Mapping[str, tuple[Attribute, ...]]


KEYS = (
    "jurisdiction", "contact", "key_service", "publish", "span_days", "most_rows", "per_minute",
    "repeat_minutes", "media", "attributes",
)  # fmt: skip


def read_open311(node: Node) -> Open311Policy:
    """The settings of `open311.yml`."""
    node.known(*KEYS)
    publish, rate = node.at("publish"), node.at("per_minute")
    publish.known("description", "position")
    rate.known("key", "reader")
    return Open311Policy(
        jurisdiction=node.text("jurisdiction"),
        contact=node.text("contact"),
        key_service=node.text("key_service"),
        descriptions=publish.flag("description", default=False),
        positions=publish.flag("position", default=False),
        span_days=node.count("span_days", least=1),
        most_rows=node.count("most_rows", least=1),
        key_rate=rate.count("key", least=1),
        reader_rate=rate.count("reader", least=1),
        repeat_minutes=node.count("repeat_minutes"),
        media=_media(node.at("media")),
        attributes=_attributes(node.at("attributes")),
    )


def _media(node: Node) -> MediaLimits:
    node.known("most_mb", "seconds", "types")
    return MediaLimits(
        node.count("most_mb", least=1) * MB, node.count("seconds", least=1), frozenset(node.texts("types"))
    )


def _attributes(node: Node) -> dict[str, tuple[Attribute, ...]]:
    if node.value is None:
        return {}
    return {category: tuple(map(_attribute, node.items(category))) for category in node.keys()}  # noqa: SIM118 a node


def _attribute(node: Node) -> Attribute:
    node.known("code", "datatype", "required", "description", "hint", "values")
    datatype = node.choice("datatype", DATATYPES)
    values = {key: node.at("values").words(key) for key in node.at("values").keys()}  # noqa: SIM118 a node, not a mapping
    if (datatype in LISTS) != bool(values):
        remedy = "Give it `values`." if datatype in LISTS else "Take its `values` out, or make it a list."
        node.fault(f"A question of datatype {datatype} and its values do not fit.", remedy, "datatype")
    return Attribute(
        code=node.text("code"),
        datatype=datatype,
        required=node.flag("required", default=False),
        description=node.words("description"),
        hint=node.words("hint") if node.has("hint") else dict.fromkeys(("id", "jv", "en"), ""),
        values=values,
    )
