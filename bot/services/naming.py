"""Names of categories and areas, for whoever writes figures down."""

from collections.abc import Mapping
from functools import cache

from nlu.categories import load_categories
from nlu.data import Data
from nlu.places.areas import Areas


@cache
def category_names(language: str) -> Mapping[str, str]:
    """The categories' names by id."""
    return {category.id: category.name[language] for category in load_categories()}


@cache
def area_names() -> Mapping[str, str]:
    """The kapanewon's names by code."""
    return {area.kode: area.kapanewon for area in Areas.load(Data()).of("kapanewon")}
