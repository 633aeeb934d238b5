"""The course of an installation: the delivered scripts, with the city's own in place of them or added."""

from pathlib import Path

from nlu.categories import load_categories
from tickets.policies import Policies
from tickets.practice.reading import Known, load_course
from tickets.practice.script import Course


def course_of(folder: Path | None, policies: Policies) -> Course:
    """The scripts and the marking; `folder` is that of the city's policies.

    Raises:
        PolicyFaults: a file is wrong; it says where.
    """
    categories = {one.id: tuple(one.subcategories) for one in load_categories()}
    return load_course(folder, Known(policies, categories))
