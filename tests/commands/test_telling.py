from rich.table import Table

from bot.commands.telling import tell_table


def test_words_of_others_in_a_table_are_no_markup(capsys):
    table = Table("their word")
    table.add_row("[/b] diteruskan [red]segera[/red]")
    tell_table(table)
    assert "[/b] diteruskan [red]segera[/red]" in capsys.readouterr().out
