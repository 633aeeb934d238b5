"""What screening costs beyond understanding: python -m benchmarks.screening [FILE.jsonl]."""

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from nlu.interpretation import Interpretation, Signal
from nlu.interpreter import Interpreter
from tickets.policies import load_policies
from tickets.screening import screen

GOLD = Path(__file__).parents[1] / "tests/screening/gold.jsonl"
ROUNDS = 5
MOST_MS = 0.3


def main() -> None:
    """Print milliseconds a message for the signals and the verdict; exit 1 above the limit."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    interpreter, policies = Interpreter.load(), load_policies()
    readings = [interpreter.interpret(text) for text in texts]
    signals = _signals_ms(interpreter, texts)
    verdict = _timed(lambda: [screen(one.text, one, {}, policies) for one in readings]) / len(texts)
    print(f"signals {signals:.3f} ms, verdict {verdict:.3f} ms, limit {MOST_MS} ms a message")
    raise SystemExit(signals + verdict > MOST_MS)


def _signals_ms(interpreter: Interpreter, texts: list[str]) -> float:
    """The difference understanding makes with and without its signals."""

    def read() -> list[Interpretation]:
        return [interpreter.interpret(text) for text in texts]

    whole = _timed(read)
    finder = interpreter._signals  # noqa: SLF001 measured by taking it out
    interpreter._signals = _Nothing()  # type: ignore[assignment]  # noqa: SLF001
    without = _timed(read)
    interpreter._signals = finder  # noqa: SLF001
    return (whole - without) / len(texts)


class _Nothing:
    def find(self, *_: object) -> tuple[Signal, ...]:
        return ()


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds of the median round."""
    rounds = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        work()
        rounds.append(perf_counter() - begin)
    return 1000 * statistics.median(rounds)


if __name__ == "__main__":
    main()
