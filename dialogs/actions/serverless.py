"""rasa-sdk without the web server it brings along.

Its contract of actions is all we use, but as it is imported it imports sanic, for a note on a hook's
argument: 200 modules and 6 MB.
"""

import sys
from types import ModuleType

SERVER = "sanic"


def import_rasa_sdk() -> None:
    """Import it so; whoever imports the server later, or has already, gets the real one."""
    if "rasa_sdk" in sys.modules or SERVER in sys.modules:
        return
    sys.modules[SERVER] = stand_in = ModuleType(SERVER)
    stand_in.Sanic = object  # type: ignore[attr-defined]
    try:
        import rasa_sdk.executor  # noqa: F401, PLC0415 this is the moment
    finally:
        del sys.modules[SERVER]
