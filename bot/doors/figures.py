"""The page of figures: for everybody where it is switched on, the fuller one for who has a link."""

from bot.app import Kentongan
from bot.doors.door import Door
from bot.settings import Settings
from bot.web.figures import FiguresPage


def figures_door(house: Kentongan, settings: Settings) -> Door:
    """`/angka` when the city shows its figures, `/angka/pimpinan` when links can be given at all."""
    page = FiguresPage(house.core, house.roster)
    return Door(page.routes(public=settings.figures_page))
