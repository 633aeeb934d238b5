"""Families of units: `kapanewon.godean` is one, and whoever serves `kapanewon` serves it."""

DOT = "."


def family_of(unit: str) -> str:
    """The family a unit belongs to; itself when it belongs to none."""
    return unit.partition(DOT)[0]


def serves(agency: str, unit: str) -> bool:
    """Whether the staff of an agency work for a unit: their own, or one of their family."""
    return agency in (unit, family_of(unit))
