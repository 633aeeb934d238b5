"""The command line is the machine's: who may type there may do all; what is done as somebody is kept so.

The table holds every command there is, so that a new one is thought about: what it does to an installation,
and how it is kept who did it.
"""

import typer

from bot.__main__ import app

ALONE = """
chat | channels table | channels templates | flows check | flows test | flows try | flows graph
keys new | nlu parse | nlu evaluate | place | screen check | screen try | screen text
screen evaluate | tickets lifecycle | tickets check | practice check | practice list | route text
route check
"""
"""Touches no installation: works on files and on what is typed."""
LOOKS = """
doctor | messages | forwards list | forwards check | open311 key list | flows diff | flows impact
flows history | flows abandoned | keys check | operator list | operator looks | people requests
people log | breaches list | breaches notice | nlu versions | nlu unknown | screen overturns | tickets verify
tickets referrals | report | channels answers | database compare
"""
"""Reads what is no one person's story, or only tells of it that it is there."""
NAMED = """
flows trace | people find | people export | people erase | people corrected | flows publish | flows rollback
breaches record
"""
"""Done by somebody: the machine's user or an author is kept with it."""
THE_MACHINE = """
run | serve | work | database move | channels mentions | forwards retry | open311 key add
open311 key revoke | keys rotate | operator invite | operator revoke
people retention | people again | breaches told | nlu train | nlu rollback | tickets recount
tickets acknowledge
"""
"""Done by whoever runs the server, as the service itself would."""
ACTING_AS = {"as", "by", "actor", "role", "operator"}
"""Names of options that would let somebody act as somebody else."""
MAKES_OTHERS = {"operator invite": {"role"}}
"""Says what somebody else will be, not who acts."""


def named(told: str) -> set[str]:
    return {one.strip() for one in told.replace("\n", "|").split("|")} - {""}


def every():
    def walk(command, path):
        below = getattr(command, "commands", None)
        if below is None:
            yield " ".join(path), {one.name for one in command.params}
            return
        for name in below:
            yield from walk(below[name], (*path, name))

    return dict(walk(typer.main.get_command(app), ()))


def test_every_command_has_been_thought_about():
    told = [named(one) for one in (ALONE, LOOKS, NAMED, THE_MACHINE)]
    assert set(every()) == set().union(*told)
    assert sum(map(len, told)) == len(every())


def test_no_command_lets_its_caller_act_as_one_of_the_staff():
    as_others = {name: ACTING_AS & given for name, given in every().items()}
    assert {name: found for name, found in as_others.items() if found} == MAKES_OTHERS


def test_what_reads_or_changes_one_persons_data_asks_why():
    about_people = {name for name, given in every().items() if "whom" in given}
    assert about_people == {f"people {name}" for name in ("find", "export", "erase", "corrected")}
    assert all("why" in every()[name] for name in about_people)
