"""The `kentongan` command."""

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from bot.memory import collect_rarely, import_structlog, keep_little

# name → module of bot.commands and what in it; a function is one command, a Typer a group of them
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("serve", "run"),
    "serve": ("serve", "serve"),
    "work": ("serve", "work"),
    "database": ("database", "commands"),
    "chat": ("chat", "chat"),
    "doctor": ("doctor", "doctor"),
    "messages": ("messages", "messages"),
    "channels": ("channels", "commands"),
    "forwards": ("forwards", "commands"),
    "open311": ("open311", "commands"),
    "flows": ("flows", "commands"),
    "keys": ("keys", "commands"),
    "operator": ("operator", "commands"),
    "people": ("people", "commands"),
    "breaches": ("breaches", "commands"),
    "nlu": ("nlu", "commands"),
    "place": ("place", "commands"),
    "screen": ("screen", "commands"),
    "tickets": ("tickets", "commands"),
    "practice": ("practice", "commands"),
    "report": ("report", "report"),
    "route": ("route", "commands"),
}


class _OnDemand(MutableMapping[str, Any]):
    """The commands by name, each imported when it is asked for: some take seconds to import."""

    def __getitem__(self, name: str) -> Any:
        module, attribute = COMMANDS[name]
        found = getattr(import_module(f"bot.commands.{module}"), attribute)
        return typer.main.get_command(found if isinstance(found, typer.Typer) else _alone(found))

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def __setitem__(self, name: str, command: Any) -> None:
        raise TypeError(f"{name}: commands are listed in COMMANDS")

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{name}: commands are listed in COMMANDS")


class _Commands(TyperGroup):
    """A group whose commands are imported when they are called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _OnDemand()


def _alone(function: Any) -> typer.Typer:
    """A single command as typer wants it, under the function's own name."""
    single = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    single.command()(function)
    return single


app = typer.Typer(name="kentongan", no_args_is_help=True, pretty_exceptions_show_locals=False, cls=_Commands)


@app.callback()
def kentongan() -> None:
    """Complaint intake for a city: from a citizen's message to the right agency, and back."""


def main() -> None:
    """Run the command line; a trouble people can mend ends in a sentence, not in a trace."""
    collect_rarely()
    keep_little()
    import_structlog()
    _log_aside()
    try:
        app()
    except Exception as error:
        from bot.commands.troubles import explained  # noqa: PLC0415 needed only when something went wrong

        text = explained(error)
        if text is None:
            raise
        typer.echo(text, err=True)
        sys.exit(1)


def _log_aside() -> None:
    """What a command answers goes to standard output alone; a server says what it logs by itself."""
    from bot.logs import set_up  # noqa: PLC0415 not before structlog was imported as it is to be

    set_up("WARNING")


if __name__ == "__main__":
    main()
