"""Hatred of a people, a faith or another group: the group named, and what is said or wished upon it."""

from collections.abc import Iterator

from nlu.hostility import GRADES, NEAR, Found, Scene
from nlu.phrases import Match

KIND = "hate"
FILLERS = 5  # words such as "itu memang semua" between a group and what it is called
FLOW = 7  # words from a people to what it is plainly called
GROUPS = ("hate.group", "hate.slur")
HATING = frozenset({*(f"{KIND}.{grade}" for grade in GRADES), *GROUPS, "hate.house"})


def hatreds(scene: Scene) -> Iterator[Found]:
    """Everything hateful in a message."""
    yield from scene.graded(KIND)
    for group in scene.all(*GROUPS):
        if not scene.harmless(group) and not scene.reported(group):
            words = _hated(scene, group)
            if words:
                yield 3, (*words, group)
    for house in scene.all("hate.house"):
        attack = scene.before(house, 2, "threat.wreck", "hate.close", "incitement.attack")
        if attack and not scene.told(attack) and not scene.around(attack, NEAR, "speech.past"):
            yield 3, (attack, house)


def _hated(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    scorned = _scorned(scene, group) or _called(scene, group)
    if scorned or _is_place_or_thing(scene, group):
        return scorned
    return _averse(scene, group) or _expelled(scene, group) or _barred(scene, group)


def _is_place_or_thing(scene: Scene, group: Match) -> bool:
    """Warung madura, kampung arab, di papua: the word says which or where, not who."""
    return scene.before(group, 1, "hate.thing", "speech.preposition") is not None


def _scorned(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    """`dasar cina`, `pantes, lha wong batak`."""
    scorn = scene.before(group, 5, "hate.scorn")
    if scorn is None:
        return None
    between = range(scorn.last + 1, group.first)
    direct = all(scene.at(at, "hate.people", "hate.filler") for at in between)
    return (scorn,) if direct or (len(between) <= 4 and scene.before(group, 1, "hate.people")) else None


def _called(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    """`cina itu memang licik`, `wong madura ki maling kabeh`."""
    at, fillers = group.last + 1, 0
    while fillers < FILLERS and not scene.at(at, "hate.insult") and (word := _filler(scene, at)):
        at, fillers = word.last + 1, fillers + 1
    insult = scene.at(at, "hate.insult")
    if insult and scene.together(group, insult) and (fillers or not _is_place_or_thing(scene, group)):
        return (insult,) if not _of_a_thing(scene, group) else None
    plain = scene.before(group, 1, "hate.people") and scene.after(group, FLOW, "hate.insult")
    if plain and not scene.at(plain.first, "hate.doubtful") and not scene.told(plain):
        return (plain,)
    dirt = scene.at(at, "hate.dirty")
    person = scene.before(group, 1, "hate.people") or (dirt and scene.after(dirt, 2, "hate.people"))
    return (dirt,) if dirt and person and scene.together(group, dirt) else None


def _filler(scene: Scene, at: int) -> Match | None:
    return scene.at(at, "hate.filler", "hate.people", *GROUPS)


def _of_a_thing(scene: Scene, group: Match) -> bool:
    """Whether a thing is spoken of and not all of its owners: `warung madura itu sampahnya`."""
    thing = scene.before(group, 1, "hate.thing", "speech.preposition")
    return thing is not None and not scene.after(group, 2, "speech.merely")


def _averse(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    """`benci orang madura`, `males sama orang batak`."""
    averse = scene.before(group, 4, "hate.averse")
    if averse is None:
        return None
    between = range(averse.last + 1, group.first)
    return (averse,) if all(scene.at(at, "hate.people", "hate.filler") for at in between) else None


def _expelled(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    """`usir cina`, `papua … usir`, `lgbt harus dibasmi`."""
    order = scene.before(group, NEAR, "hate.expel", "threat.kill") or scene.after(group, 8, "hate.expel")
    if order and not scene.told(order) and not scene.after(order, 2, "speech.spare"):
        return (order,)
    fate = scene.around(group, NEAR, "hate.expelled", "threat.done_to")
    wished = fate and (scene.before(fate, 3, "speech.deserve") or scene.after(fate, 2, "speech.merely"))
    return (fate, wished) if fate and wished else None


def _barred(scene: Scene, group: Match) -> tuple[Match, ...] | None:
    """`jangan pilih pemimpin kristen`, `orang papua jangan dikasih kos`."""
    barred = scene.before(group, 6, "hate.barred") or scene.after(group, 8, "hate.barred")
    return (barred,) if barred else None
