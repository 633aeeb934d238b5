"""Threats, calls to violence and hatred, read from who does what to whom rather than from single words."""

from collections.abc import Iterator, Sequence

from nlu.phrases import Match
from nlu.reading import Reading

FAR = 12  # words between a deed and the one it is meant for
NEAR = 5
QUOTED = 10  # words a reported speech reaches
BREAKS = frozenset(".!?\n;")
GRADES = ("1", "2", "3")
Found = tuple[int, tuple[Match, ...]]  # severity, and the words it rests on


class Scene:
    """The words of one message by the part they can play, and in which sentence each stands."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._parts = reading.parts
        self._numbered: list[int] | None = None

    @property
    def _sentences(self) -> list[int]:
        """The number of each word's sentence, counted once something asks."""
        if self._numbered is None:
            self._numbered = _sentences(self.reading)
        return self._numbered

    def all(self, *parts: str) -> Sequence[Match]:
        """The words that can play one of these parts, such as `speech.agent`."""
        if len(parts) == 1:
            return self._parts.get(parts[0], ())
        return [match for part in parts for match in self._parts.get(part, ())]

    def together(self, one: Match, other: Match) -> bool:
        """Whether two pieces stand in one sentence and do not share words."""
        apart = one.last < other.first or other.last < one.first
        return apart and self._sentences[one.first] == self._sentences[other.first]

    def before(self, match: Match, reach: int, *parts: str) -> Match | None:
        """The nearest of the parts ending at most `reach` words before the match, in its sentence."""
        found = [m for m in self.all(*parts) if 0 < match.first - m.last <= reach and self.together(m, match)]
        return max(found, key=lambda m: m.last, default=None)

    def after(self, match: Match, reach: int, *parts: str) -> Match | None:
        """The nearest of the parts beginning at most `reach` words after the match, in its sentence."""
        found = [m for m in self.all(*parts) if 0 < m.first - match.last <= reach and self.together(m, match)]
        return min(found, key=lambda m: m.first, default=None)

    def around(self, match: Match, reach: int, *parts: str) -> Match | None:
        """One of the parts on either side."""
        return self.after(match, reach, *parts) or self.before(match, reach, *parts)

    def at(self, position: int, *parts: str) -> Match | None:
        """One of the parts beginning at a word; the longest."""
        found = [match for match in self.all(*parts) if match.first == position]
        return max(found, key=lambda match: match.last, default=None)

    def starts(self, match: Match) -> bool:
        """Whether a sentence begins with the match."""
        return match.first == 0 or self._sentences[match.first - 1] != self._sentences[match.first]

    def reported(self, match: Match) -> bool:
        """Whether the words are somebody else's, as told; "tell the lurah …" is an order and no telling."""
        told = self.before(match, QUOTED, "speech.reported")
        return told is not None and not (self.starts(told) and self.at(told.first, "speech.order"))

    def told(self, match: Match) -> bool:
        """Whether the words are somebody else's, or denied."""
        return self.reported(match) or self.before(match, 2, "speech.negation") is not None

    def harmless(self, match: Match) -> bool:
        """Whether a harmless phrase of its own list shares a word with the match."""
        spared = self.all(f"{match.list_name}.harmless")
        return any(other.first <= match.last and match.first <= other.last for other in spared)

    def graded(self, name: str) -> list[Found]:
        """Phrases of a list that say it all by themselves."""
        return [
            (int(grade), (match,))
            for grade in GRADES
            for match in self.all(f"{name}.{grade}")
            if not self.harmless(match) and not self.told(match)
        ]


def _sentences(reading: Reading) -> list[int]:
    """The number of the sentence each word stands in."""
    numbers, number, end = [], 0, 0
    for token in reading.tokens:
        number += not BREAKS.isdisjoint(reading.text[end : token.start])
        numbers.append(number)
        end = token.end
    return numbers


THREATENING = frozenset(
    {*(f"threat.{grade}" for grade in GRADES), "threat.kill", "threat.hurt", "threat.wreck", "threat.fused"}
    | {"threat.done_to", "speech.weapon"}
)
INCITING = frozenset({*(f"incitement.{grade}" for grade in GRADES), "incitement.attack", "speech.weapon"})
PERSONS = ("speech.addressee", "speech.official", "speech.body")
TARGETS = (*PERSONS, "speech.place")
OWN_AIM = {"kill": TARGETS, "hurt": PERSONS, "wreck": ("speech.place", "speech.addressee")}
GRAVITY = {"kill": 3, "hurt": 2, "wreck": 2}
JAVANESE_I = frozenset({"tak", "dak"})


def threats(scene: Scene) -> Iterator[Found]:
    """What the writer threatens to do, or says somebody deserves."""
    yield from scene.graded("threat")
    for kind in OWN_AIM:
        for act in _acts(scene, kind):
            words = _own_deed(scene, act, kind) or _order(scene, act, kind)
            if words:
                yield GRAVITY[kind], words
    for act in scene.all("threat.fused"):
        if not scene.told(act) and not scene.after(act, 2, "speech.spare"):
            yield 3, (act,)
    yield from _deserved(scene)
    yield from _armed(scene)


def _acts(scene: Scene, kind: str) -> list[Match]:
    """Violent verbs that are meant: not told of others, not denied, not done to rubbish or pests."""
    return [
        act
        for act in scene.all(f"threat.{kind}")
        if not scene.harmless(act) and not scene.told(act) and not scene.after(act, 2, "speech.spare")
    ]


def _aim(scene: Scene, act: Match, parts: Sequence[str]) -> Match | None:
    """The one an act is meant for: not where it happens."""
    aims = [m for m in scene.all(*parts) if scene.together(m, act) and _distance(m, act) <= FAR]
    meant = [m for m in aims if not scene.before(m, 1, "speech.preposition")]
    return min(meant, key=lambda m: _distance(m, act), default=None)


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last)


def _own_deed(scene: Scene, act: Match, kind: str) -> tuple[Match, ...] | None:
    """`saya … bunuh kalian`, `rumahmu saya bakar`, `tak gorok`."""
    agent = _agent(scene, act)
    if agent is None:
        return None
    aim = _aim(scene, act, OWN_AIM[kind])
    if aim:
        return agent, act, aim
    javanese = kind == "kill" and scene.reading.tokens[agent.first].text in JAVANESE_I
    return (agent, act) if javanese else None


def _agent(scene: Scene, act: Match) -> Match | None:
    """The writer as the doer, with at most words of intent between; who only wishes opens a sentence."""
    agent = scene.before(act, 4, "speech.agent")
    if agent is None:
        wish = scene.before(act, 3, "speech.wish")
        return wish if wish and scene.starts(wish) else None
    between = range(agent.last + 1, act.first)
    return agent if all(scene.at(at, "speech.will", "speech.merely") for at in between) else None


def _order(scene: Scene, act: Match, kind: str) -> tuple[Match, ...] | None:
    """`bunuh saja lurahnya`; at the start of a sentence also `bakar rumah dukuhnya`."""
    aim = _aim(scene, act, OWN_AIM[kind])
    if aim is None or scene.before(act, 3, "speech.agent"):
        return None
    if scene.after(act, 1, "speech.merely"):
        return act, aim
    if scene.before(act, 3, *PERSONS):
        return None
    if scene.after(act, 3, "speech.merely"):
        return act, aim
    begins = scene.starts(act) or scene.before(act, 2, "speech.invitation")
    return (act, aim) if begins and kind == "kill" and 0 < aim.first - act.last <= 2 else None


def _deserved(scene: Scene) -> Iterator[Found]:
    """`pantasnya digantung`, `dibunuh saja biar kapok`."""
    for act in scene.all("threat.done_to"):
        wished = scene.before(act, 4, "speech.deserve") or scene.after(act, 2, "speech.merely")
        spared = scene.told(act) or scene.before(act, NEAR, "speech.spare") or scene.harmless(act)
        aim = _aim(scene, act, PERSONS)
        if wished and aim and not spared:
            yield 3, (wished, act, aim)


def _armed(scene: Scene) -> Iterator[Found]:
    """`saya bawa bensin ke kantor kalian`."""
    for weapon in scene.all("speech.weapon"):
        carried = scene.before(weapon, 3, "speech.carry")
        agent = carried and _agent(scene, carried)
        aim = scene.around(weapon, FAR, "speech.addressee", "speech.official") or scene.after(
            weapon, 3, "speech.toward"
        )
        spared = scene.told(weapon) or scene.after(weapon, NEAR, "speech.spare")
        if carried and agent and aim and not spared:
            yield 3, (agent, carried, weapon)


def incitements(scene: Scene) -> Iterator[Found]:
    """Calls on others to attack somebody or something; what already happened is a report."""
    yield from (found for found in scene.graded("incitement") if not _happened(scene, found[1][0]))
    yield from _called_to_arms(scene)
    for act in scene.all("incitement.attack"):
        call = scene.before(act, 4, "speech.invitation") or scene.around(act, 6, "speech.together")
        meant = not (scene.harmless(act) or scene.told(act) or _happened(scene, act))
        if call and meant and not scene.after(act, NEAR, "speech.spare"):
            yield 3 if scene.at(act.first, "threat.kill") else 2, (call, act)


def _called_to_arms(scene: Scene) -> Iterator[Found]:
    """`kumpul semua, bawa bensin`: who carries arms through the streets is reported, not called."""
    for weapon in scene.all("speech.weapon"):
        carried = scene.before(weapon, 1, "speech.carry")
        if carried is None or scene.told(carried) or _happened(scene, carried):
            continue
        called = scene.starts(carried) or scene.around(carried, 8, "speech.invitation")
        if called and not scene.after(weapon, NEAR, "speech.spare"):
            yield 3, (carried, weapon)


def _happened(scene: Scene, act: Match) -> bool:
    return scene.around(act, FAR, "speech.past") is not None
