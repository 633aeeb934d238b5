"""Indonesia's national holidays, without those of all other countries.

As `holidays` imports one country it imports them all: two hundred modules, 8 MB and a tenth of a second.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import holidays

NAME = "holidays.countries.indonesia"
FILE = Path(holidays.__file__).with_name("countries") / "indonesia.py"


def national_holidays(categories: tuple[str, ...], year: int | None = None) -> holidays.HolidayBase:
    """The holidays of these categories by their day, named in Indonesian; of a year, or as asked for."""
    if NAME not in sys.modules:
        _import_alone()
    return holidays.country_holidays("ID", language="id", categories=categories, years=year)


def _import_alone() -> None:
    """Import Indonesia's where `holidays` will look for it."""
    spec = spec_from_file_location(NAME, FILE)
    assert spec is not None  # noqa: S101 the name ends in .py
    assert spec.loader is not None  # noqa: S101
    sys.modules[NAME] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[NAME])
