"""Names of categories, areas and states, for whoever writes them down for the staff."""

from collections.abc import Mapping
from functools import cache

from bot.reporting.labels import Labels
from bot.services.core import OPERATOR, Core
from dialogs.responses import find, render
from nlu.categories import load_categories
from nlu.data import Data
from nlu.places.areas import Areas
from tickets.policies import Policies
from tickets.ticket import Status


@cache
def category_names(language: str) -> Mapping[str, str]:
    """The categories' names by id."""
    return {category.id: category.name[language] for category in load_categories()}


@cache
def area_names() -> Mapping[str, str]:
    """The kapanewon's names by code."""
    return {area.kode: area.kapanewon for area in Areas.load(Data()).of("kapanewon")}


@cache
def kalurahan_names(city: str) -> Mapping[str, str]:
    """The names of a kabupaten's kalurahan by code; those of the whole country would fill memory."""
    return {area.kode: area.kalurahan for area in Areas.load(Data()).of("kalurahan", city)}


def labels_of(policies: Policies, language: str) -> Labels:
    """The words of a report of this city in a language."""
    names = (category_names(language), area_names())
    return Labels(policies, *names, language, kalurahan_names(policies.city.kode))


def state_for_staff(core: Core, status: Status, language: str) -> str:
    """A state in words for the staff; the names of some speak to the citizen ("menunggu data dari Anda")."""
    live, own = core.bundles.live, f"petugas_status_{status.lower()}"
    if find(live, own, language):
        return render(live, own, language, OPERATOR, {}).text
    return core.policies.lifecycle.states[status].name[language]
