"""structlog without the coloured traces it can draw on a terminal.

Where rich is installed it imports it, with a parser for source code: 60 modules and 3 MB. Our lines say
where an error came from and draw nothing.
"""

import sys

DRAWING = "rich"


def import_structlog() -> None:
    """Import it so; whoever imports what it draws with, later or before, gets the real one."""
    if "structlog" in sys.modules or DRAWING in sys.modules:
        return
    sys.modules[DRAWING] = None  # type: ignore[assignment]  # Python's own word for: cannot be imported
    try:
        import structlog  # noqa: F401, PLC0415 this is the moment
    finally:
        del sys.modules[DRAWING]
