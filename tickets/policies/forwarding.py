"""Which other governments' systems take reports by machine, and how they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tickets.policies.agencies import Agencies
from tickets.policies.reader import Node

KINDS = ("open311", "sp4n")
REST = "lainnya"


@dataclass(frozen=True, slots=True)
class Target:
    """A system that takes reports: `services` maps our categories to their codes."""

    id: str
    agency: str
    area: str
    kind: str
    url: str
    jurisdiction: str
    services: Mapping[str, str]

    def serves(self, agency: str, kode: str) -> bool:
        """Whether it is for this agency's reports from this place (Kemendagri code)."""
        inside = not self.area or kode == self.area or kode.startswith(f"{self.area}.")
        return agency == self.agency and inside


@dataclass(frozen=True, slots=True)
class ForwardingPolicy:
    """The targets, and how often to ask and to try."""

    poll_minutes: int
    most_tries: int
    targets: tuple[Target, ...]

    def target(self, agency: str, kode: str) -> Target | None:
        """Where a report of this agency from this place goes; None when only a file can be handed over."""
        return next((one for one in self.targets if one.serves(agency, kode)), None)

    def named(self, name: str) -> Target | None:
        """The target of that id."""
        return next((one for one in self.targets if one.id == name), None)


def read_forwarding(node: Node, agencies: Agencies) -> ForwardingPolicy:
    """The targets of `forwarding.yml`."""
    node.known("poll_minutes", "most_tries", "targets")
    targets = tuple(_target(item, agencies) for item in node.items("targets"))
    names = [one.id for one in targets]
    for item, name in zip(node.items("targets"), names, strict=True):
        if names.count(name) > 1:
            item.fault(f"The target '{name}' is listed twice.", "Give each an id of its own.", "id")
    return ForwardingPolicy(node.count("poll_minutes", least=1), node.count("most_tries", least=1), targets)


def _target(node: Node, agencies: Agencies) -> Target:
    node.known("id", "agency", "area", "kind", "url", "jurisdiction", "services")
    target = Target(
        id=node.text("id"),
        agency=node.choice("agency", [one.id for one in agencies.by_id.values() if one.external]),
        area=node.text("area", ""),
        kind=node.choice("kind", KINDS),
        url=node.text("url").rstrip("/"),
        jurisdiction=node.text("jurisdiction", ""),
        services={key: node.at("services").text(key) for key in _keys(node)},
    )
    if urlsplit(target.url).scheme not in {"http", "https"}:
        node.fault(f"'{target.url}' is no web address.", "Write it with https://.", "url")
    if target.kind == "open311" and REST not in target.services:
        node.fault(
            "There is no service for categories that are not named.",
            f"Add {REST}: and their code.",
            "services",
        )
    return target


def _keys(node: Node) -> tuple[str, ...]:
    return node.at("services").keys() if node.has("services") else ()
