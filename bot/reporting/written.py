"""A report as Markdown, CSV and XLSX; no cell of a spreadsheet can be a formula."""

import csv
import io
import re
from collections.abc import Iterable

from babel.numbers import format_decimal

from bot.reporting.tables import Cell, Paper, Sheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""How text begins that a spreadsheet would run; some take the signs of full width for the narrow ones."""
INNER_STARTS = re.compile(r"(?<=[;\t\r\n])(?=[ \"]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a formula would begin in a country whose spreadsheets part cells at semicolons, as Indonesia's do."""
MARKS = re.compile(r"[\\`*_\[\]|~]")
"""What shapes a line of Markdown, or makes a link or a picture of words."""
LONGEST_TITLE = 31
NARROWEST, WIDEST = 10, 60


def markdown(paper: Paper) -> str:
    """The report to be read, and read aloud."""
    parts = [f"# {_escaped(paper.title)}", *map(_escaped, paper.about)]
    for sheet in paper.sheets:
        if sheet.rows:
            parts += [f"## {_escaped(sheet.title)}", _table(sheet, paper.locale)]
    parts.append("\n".join(f"- {_escaped(note)}" for note in paper.notes))
    return "\n\n".join(parts) + "\n"


def _table(sheet: Sheet, locale: str) -> str:
    lines = [sheet.header, tuple("---" for _ in sheet.header), *sheet.rows]
    return "\n".join("| " + " | ".join(_told(cell, locale) for cell in line) + " |" for line in lines)


def _told(cell: Cell, locale: str) -> str:
    if isinstance(cell, float):
        return str(format_decimal(cell, locale=locale))
    return "" if cell is None else _escaped(str(cell))


def _escaped(text: str) -> str:
    """Words that stay words on their line, whatever reads the Markdown."""
    return MARKS.sub(r"\\\g<0>", " ".join(text.splitlines())).replace("&", "&amp;").replace("<", "&lt;")


def csv_text(paper: Paper) -> str:
    """Every table one below the other, the table's title in front of each row."""
    lines: list[Iterable[Cell]] = []
    for sheet in paper.sheets:
        lines += [("", *sheet.header), *((sheet.title, *row) for row in sheet.rows), ()]
    return _csv(lines)


def csv_of(sheet: Sheet) -> str:
    """One table, its headings first."""
    return _csv([sheet.header, *sheet.rows])


def _csv(lines: Iterable[Iterable[Cell]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([_apart(safe(cell)) for cell in line] for line in lines)
    return out.getvalue()


def safe(cell: Cell) -> Cell:
    """The cell such that a spreadsheet shows it and never runs it; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _apart(cell: Cell) -> Cell:
    """The cell such that it begins no formula either where a spreadsheet parts cells at other signs."""
    return INNER_STARTS.sub("'", cell) if isinstance(cell, str) else cell


def xlsx(paper: Paper) -> bytes:
    """A workbook: a sheet for each table, the tickets one by one, and how it was counted."""
    from openpyxl import Workbook  # noqa: PLC0415 takes long to import and is rarely needed

    book = Workbook()
    book.remove(book.active)
    about = Sheet(paper.title, (paper.title,), tuple((line,) for line in (*paper.about, *paper.notes)))
    for sheet in (*paper.sheets, paper.tickets, about):
        _fill(book.create_sheet(sheet.title[:LONGEST_TITLE]), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: object, sheet: Sheet) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 as above
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for at, line in enumerate((sheet.header, *sheet.rows), 1):
        for column, value in enumerate(line, 1):
            plain = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            cell = page.cell(at, column)  # type: ignore[attr-defined]
            cell.value = safe(plain)
            if isinstance(plain, str):
                cell.data_type = "s"
            if at == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(sheet.header) + 1):
        longest = max(len(str(line[column - 1] or "")) for line in (sheet.header, *sheet.rows))
        width = min(max(longest + 2, NARROWEST), WIDEST)
        page.column_dimensions[get_column_letter(column)].width = width  # type: ignore[attr-defined]
    page.freeze_panes = "A2"  # type: ignore[attr-defined]
