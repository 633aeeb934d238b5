"""A link to the fuller figures opens what its holder may see now, while it holds, and nothing else."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.services.desk.figure_links import FigureLinks, Pass
from storage.desk.staff import Membership, Operator
from storage.seals import ring
from tests.services.kit import MONDAY, POLICIES, Hands

LEADER = Operator("7", "Sekda", (Membership("dishub", "pimpinan"),))
HOURS = timedelta(hours=POLICIES.figures.page.hours)


@dataclass
class Desk:
    """The links, a clock to move, and who works here now."""

    clock: Hands = field(default_factory=Hands)
    staff: dict[str, Operator] = field(default_factory=lambda: {LEADER.id: LEADER})
    url: str = "https://lapor.example"

    async def operator(self, user: str) -> Operator | None:
        return self.staff.get(user)

    @property
    def links(self) -> FigureLinks:
        return FigureLinks(SimpleNamespace(clock=self.clock, policies=POLICIES, url=self.url), self)

    def key(self, scope: str | None = "dishub") -> str:
        (found,) = parse_qs(urlsplit(self.links.made(LEADER, scope, "jv")).query)["kunci"]
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_it_opens_for_whom_and_what_it_was_made(desk):
    assert await desk.links.opened(desk.key()) == Pass("7", "dishub", "jv")


async def test_it_holds_for_its_hours_to_the_second(desk):
    key = desk.key()
    desk.clock.now = MONDAY + HOURS - timedelta(seconds=1)
    assert await desk.links.opened(key) is not None
    desk.clock.now = MONDAY + HOURS
    assert await desk.links.opened(key) is None


@pytest.mark.parametrize("now", [None, Membership("dlh", "pimpinan"), Membership("dishub", "petugas")])
async def test_who_left_moved_or_has_another_role_sees_nothing_by_it(desk, now):
    key = desk.key()
    desk.staff = {} if now is None else {"7": Operator("7", "Sekda", (now,))}
    assert await desk.links.opened(key) is None


@pytest.mark.parametrize("key", ["", "~", "x" * 501, "~AAAAAAAA.AAAA"])
async def test_what_was_not_made_here_for_this_opens_nothing(desk, key):
    assert await desk.links.opened(key) is None


async def test_what_was_sealed_for_something_else_opens_nothing(desk):
    told = b'["7", "dishub", "id", 9000000000]'
    assert await desk.links.opened(ring().seal(b"outbox.message", told)) is None
    assert await desk.links.opened(ring().seal(b"figures.link", told)) is not None


def test_none_is_made_for_others_figures_for_other_roles_or_without_an_address(desk):
    worker = Operator("8", "Rina", (Membership("dishub", "penghubung"),))
    assert desk.links.made(LEADER, "dlh", "id") == ""
    assert desk.links.made(LEADER, None, "id") == ""
    assert desk.links.made(worker, "dishub", "id") == ""
    desk.url = ""
    assert desk.links.made(LEADER, "dishub", "id") == ""
