"""The units that handle reports, and the bodies of others that reports are passed to."""

from dataclasses import dataclass, field

from tickets.policies.reader import Node
from tickets.units import DOT, family_of


@dataclass(frozen=True, slots=True)
class Agency:
    """A unit; `external` ones are another government's or a company's, `aliases` are what people say.

    `per` is set for a family with one unit in each kapanewon, `kode` for such a unit: the area it serves.
    """

    id: str
    name: str
    short: str
    external: bool = False
    aliases: tuple[str, ...] = ()
    per: str = ""
    kode: str = ""


@dataclass(frozen=True, slots=True)
class Agencies:
    """All units by id; `coordinator` is the id of the one that verifies and forwards."""

    coordinator: str
    by_id: dict[str, Agency]
    _families: dict[str, list[Agency]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort those that serve a place by their family: every rule of routing asks for it."""
        families: dict[str, list[Agency]] = {}
        for one in self.by_id.values():
            if one.kode:
                families.setdefault(family_of(one.id), []).append(one)
        object.__setattr__(self, "_families", families)

    def __getitem__(self, agency: str) -> Agency:
        """The unit; one no longer listed goes by its id, and the coordinator looks after what it left."""
        return self.by_id.get(agency) or Agency(agency, agency, agency, external=True)

    def __contains__(self, agency: str) -> bool:
        return agency in self.by_id

    def at(self, agency: str, kode: str) -> str:
        """The unit of a family that serves a place; the agency itself where none is known."""
        members = self._families.get(agency, ())
        return next((one.id for one in members if f"{kode}.".startswith(f"{one.kode}.")), agency)

    def short(self, agency: str) -> str:
        """The short name citizens know the unit by; the id itself for a unit no longer listed."""
        return self[agency].short


def read_agencies(node: Node) -> Agencies:
    """The agencies of `agencies.yml`."""
    node.known("coordinator", "agencies")
    by_id: dict[str, Agency] = {}
    for item in node.items("agencies"):
        agency = _agency(item)
        if agency.id in by_id:
            item.fault(f"The agency '{agency.id}' is listed twice.", "Keep one of the two.", "id")
        by_id[agency.id] = agency
    return Agencies(node.choice("coordinator", by_id), by_id)


def _agency(item: Node) -> Agency:
    item.known("id", "name", "short", "external", "aliases", "per")
    if DOT in item.text("id"):
        item.fault(f"'{item.text('id')}' has a dot.", "Dots part the units of a family; leave it out.", "id")
    return Agency(
        id=item.text("id"),
        name=item.text("name"),
        short=item.text("short"),
        external=item.flag("external", default=False),
        aliases=item.texts("aliases"),
        per=item.choice("per", ("kapanewon", ""), ""),
    )
