"""`kentongan screen …`: what screening makes of a text, and how well it judges labelled ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args

import typer

from bot.commands.lines import JsonFlag, TextFirst, rows_of, said, show
from bot.commands.screen_policy import check, overturns, try_
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from tickets.policies import load_policies
from tickets.policies.screening import OWN, SIGNALS
from tickets.screening import screen
from tickets.ticket import ScreeningResult, Verdict

JUDGED = tuple(signal for signal in SIGNALS if signal not in OWN)
BLOCKING: tuple[Verdict, ...] = ("hold", "refuse")
VERDICTS = get_args(Verdict)
GRAVE = ("threat", "hate", "incitement", "sexual", "self_harm", "spam")
"""Labels by which a row that names no verdict may rightly be held or refused."""
DIGITS = 4
Screen = Callable[[str], ScreeningResult]
Row = Mapping[str, Any]


commands = typer.Typer(cls=TextFirst, no_args_is_help=True)


for name, command in (("check", check), ("try", try_), ("overturns", overturns)):
    commands.command(name)(command)


@commands.callback()
def screening() -> None:
    """Print the verdict on TEXT ('-': one text a line from standard input), or evaluate labelled rows."""


@commands.command(hidden=True)
def text(
    message: Annotated[str, typer.Argument(help="The text ('-': one a line from standard input).")],
    as_json: JsonFlag = False,
) -> None:
    """Print the verdict, its rules with the words they rest on, the advice, and the masked text."""
    judge = screener()
    for line in said(message):
        show(result_json(judge(line)), compact=as_json)


@commands.command()
def evaluate(
    file: Annotated[str, typer.Argument(help="A JSON Lines file ('-': standard input).")],
    as_json: JsonFlag = False,
) -> None:
    """Judge rows with `text` and any of `verdict` and the signals' names; list lawful rows blocked."""
    show(scores_json(judged(labelled(file), screener())), compact=as_json)


def screener() -> Screen:
    """Screening of single texts as a first message without photo or pin."""
    policies = load_policies(Settings().policies_dir)
    interpreter = load_interpreter(Settings().data_dir, policies.city.kode)
    return lambda message: screen(message, interpreter.interpret(message), {}, policies)


def result_json(result: ScreeningResult) -> dict[str, Any]:
    """A verdict as the plain values that are printed."""
    rules = [
        {
            "id": finding.rule,
            "signal": finding.signal,
            "spans": [list(span) for span in finding.spans],
            "advice": finding.advice,
            "next": finding.next,
        }
        for finding in result.findings
    ]
    return {"verdict": result.verdict, "rules": rules, "masked": result.masked}


def labelled(file: str) -> Iterator[Row]:
    """The rows of a JSON Lines file or of standard input, their verdicts checked; faults name the line."""
    for where, row in rows_of(file):
        if row.get("verdict") not in (None, *VERDICTS):
            raise typer.BadParameter(f"{where}: no verdict {row['verdict']!r}; use {', '.join(VERDICTS)}")
        yield row


@dataclass(slots=True)
class Tally:
    """Hits and misses of one signal."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def note(self, *, expected: bool, found: bool) -> None:
        """Count one row."""
        self.right += expected and found
        self.wrong += found and not expected
        self.missed += expected and not found


@dataclass(slots=True)
class Scores:
    """What a set of labelled rows showed; `lawful` counts the rows that must not be held or refused."""

    rows: int = 0
    lawful: int = 0
    false_blocks: list[dict[str, Any]] = field(default_factory=list)
    signals: dict[str, Tally] = field(default_factory=dict)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)


def judged(rows: Iterator[Row], judge: Screen) -> Scores:
    """Screen every row and compare; a label a row does not carry is not judged on it."""
    scores = Scores()
    for row in rows:
        result = judge(row["text"])
        scores.rows += 1
        _note_signals(scores, row, result)
        if row.get("verdict"):
            scores.verdicts[row["verdict"], result.verdict] += 1
        if is_lawful(row):
            _note_lawful(scores, row["text"], result)
    return scores


def _note_signals(scores: Scores, row: Row, result: ScreeningResult) -> None:
    found = {finding.signal for finding in result.findings}
    for signal in JUDGED:
        if row.get(signal) is not None:
            tally = scores.signals.setdefault(signal, Tally())
            tally.note(expected=bool(row[signal]), found=signal in found)


def is_lawful(row: Row) -> bool:
    """Whether a row must get through: so labelled, or labelled with nothing that may be held."""
    if row.get("verdict"):
        return row["verdict"] not in BLOCKING and not any(row.get(signal) for signal in GRAVE)
    labels = [row[signal] for signal in GRAVE if row.get(signal) is not None]
    return bool(labels) and not any(labels)


def _note_lawful(scores: Scores, message: str, result: ScreeningResult) -> None:
    scores.lawful += 1
    if result.verdict in BLOCKING:
        rules = [finding.rule for finding in result.findings]
        scores.false_blocks.append({"text": message, "verdict": result.verdict, "rules": rules})


def scores_json(scores: Scores) -> dict[str, Any]:
    """Scores as plain values; null where no row asked."""
    return {
        "rows": scores.rows,
        "signals": {name: tally_json(tally) for name, tally in scores.signals.items()},
        "verdict": _verdict_json(scores.verdicts),
        "lawful": scores.lawful,
        "false_block_rate": _share(len(scores.false_blocks), scores.lawful),
        "false_blocks": scores.false_blocks,
    }


def tally_json(tally: Tally) -> dict[str, Any]:
    """Precision, recall and F1 of one signal."""
    return {
        "count": tally.right + tally.missed,
        "precision": _share(tally.right, tally.right + tally.wrong),
        "recall": _share(tally.right, tally.right + tally.missed),
        "f1": _share(2 * tally.right, 2 * tally.right + tally.wrong + tally.missed),
    }


def _verdict_json(verdicts: Counter[tuple[str, str]]) -> dict[str, Any] | None:
    if not verdicts:
        return None
    agreed = sum(count for (expected, given), count in verdicts.items() if expected == given)
    confusion = [
        {"right": expected, "given": given, "count": count}
        for (expected, given), count in verdicts.most_common()
        if expected != given
    ]
    return {"count": verdicts.total(), "accuracy": _share(agreed, verdicts.total()), "confusion": confusion}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
