"""The `kentongan` command."""

import typer

from bot.commands import chat, flows, operator, serve

app = typer.Typer(
    name="kentongan",
    help="Complaint intake for a city: from a citizen's message to the right agency, and back.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(serve.run)
app.command()(serve.serve)
app.command()(chat.chat)
app.add_typer(flows.commands, name="flows")
app.add_typer(operator.commands, name="operator")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
