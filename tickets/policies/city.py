"""Who this installation serves: names, codes, emergency numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tickets.policies.reader import Node, Words

HELPLINES = ("jiwa", "anak")
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number to call at once, and whose it is in each language."""

    number: str
    name: Words


@dataclass(frozen=True, slots=True)
class City:
    """The local government served; `kode` is its Kemendagri code, `prefix` begins every report number."""

    name: str
    short: str
    prefix: str
    kode: str
    timezone: ZoneInfo
    privacy_version: str
    emergency_numbers: tuple[EmergencyNumber, ...]
    ombudsman: Words
    helplines: Mapping[str, str]


def read_city(node: Node) -> City:
    """The city of `city.yml`."""
    node.known(
        "name", "short", "prefix", "kode", "timezone", "privacy_version", "emergency_numbers", "helplines",
        "ombudsman",
    )  # fmt: skip
    return City(
        name=node.text("name"),
        short=node.text("short"),
        prefix=_prefix(node),
        kode=_kode(node),
        timezone=_timezone(node),
        privacy_version=node.text("privacy_version"),
        emergency_numbers=_emergency_numbers(node),
        ombudsman=node.words("ombudsman"),
        helplines=_helplines(node.at("helplines")),
    )


def _helplines(node: Node) -> Mapping[str, str]:
    """Where somebody listens, by the name texts call it: the delivered texts speak of `jiwa` and `anak`."""
    for name in HELPLINES:
        if not node.has(name):
            node.fault(f"The helpline '{name}' is missing.", f"Write {name}: with a number.")
    return {name: node.text(name) for name in node.keys()}  # noqa: SIM118 (a Node)


def _prefix(node: Node) -> str:
    prefix = node.text("prefix")
    if prefix and not re.fullmatch(r"[A-Z]{2,4}", prefix):
        node.fault(f"'{prefix}' cannot begin a report number.", "Use two to four capital letters.", "prefix")
    return prefix


def _kode(node: Node) -> str:
    kode = node.text("kode")
    if kode and not re.fullmatch(r"\d\d\.\d\d", kode):
        node.fault(f"'{kode}' is not the code of a kabupaten or kota.", 'Write it as "34.04".', "kode")
    return kode


def _timezone(node: Node) -> ZoneInfo:
    name = node.choice("timezone", ZONES)
    return ZoneInfo(name if name in ZONES else ZONES[0])


def _emergency_numbers(node: Node) -> tuple[EmergencyNumber, ...]:
    if not node.items("emergency_numbers"):
        node.fault("There is no emergency number.", "List at least one, such as 112.", "emergency_numbers")
    return tuple(
        EmergencyNumber(item.text("number"), item.words("name")) for item in node.items("emergency_numbers")
    )
