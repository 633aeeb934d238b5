"""How long a message takes to be understood, beside scikit-learn's own predict on the same weights.

python -m benchmarks.nlu
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.commands.understood import reading_json
from bot.services.flows.dispositions import agency_of
from bot.settings import Settings
from nlu.data import Data
from nlu.hints import hints
from nlu.interpreter import Interpreter
from nlu.model import FILE, Model
from nlu.reading import Reader
from tickets.policies import load_policies

ROOT = Path(__file__).parents[1]
LENGTH = 300  # characters
ROUNDS = 3
LIMITS = {"median_ms": 0.5, "p99_ms": 1.5, "import_s": 0.5, "model_mb": 15.0, "pin_us": 50.0}
IMPORT = "import time; t = time.perf_counter(); import nlu.interpreter; print(time.perf_counter() - t)"
LOAD = (
    "import time; from nlu.interpreter import Interpreter; t = time.perf_counter(); "
    "Interpreter.load(); print(time.perf_counter() - t)"
)


def messages() -> list[str]:
    """Gold messages run together to texts of 300 characters, no two alike."""
    whole = " ".join(lines())
    return [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, 37)]


def timed(work: Callable[[Any], object], texts: Sequence[Any]) -> list[float]:
    """Milliseconds per text or pin, the best of the rounds for each: the machine may be busy with others."""
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for at, text in enumerate(texts):
            start = time.perf_counter()
            work(text)
            best[at] = min(best[at], (time.perf_counter() - start) * 1000)
    return best


def sklearn_predict() -> Callable[[str], object]:
    """Reading, features and scikit-learn's predict for every head, with our own weights in it."""
    data = Data()
    reader, model = Reader(data), Model.load(data.file(FILE))
    heads = []
    for head in model.heads.values():
        judge = LogisticRegression()
        judge.classes_ = np.array(head.labels)
        judge.coef_ = model.weights[:, head.columns].T.astype(np.float64)
        judge.intercept_ = model.intercept[head.columns]
        heads.append(judge)

    def predict(text: str) -> object:
        reading = reader.read(text)
        rows, values = model.vocabulary.vector(reading.tokens, hints(reading))
        row = csr_matrix((values, rows, [0, len(rows)]), shape=(1, len(model.vocabulary.features)))
        row.sum_duplicates()
        return [head.predict_proba(row) for head in heads]

    return predict


def lines() -> list[str]:
    """The gold messages as they are."""
    rows = (ROOT / "nlu_data/gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(row)["text"] for row in rows]


def answer(interpreter: Interpreter) -> Callable[[str], object]:
    """What `kentongan nlu parse -` does with a line: reading, agencies, JSON."""
    policies = load_policies(Settings().policies_dir)

    def answered(line: str) -> bytes:
        reading = interpreter.interpret(line)
        agencies = [agency_of(reading, guess, policies) for guess in reading.categories]
        return orjson.dumps(reading_json(reading, agencies, explain=False))

    return answered


def seconds(code: str) -> float:
    """The least of three fresh processes."""
    command = [sys.executable, "-c", code]
    made = [_output(command) for _ in range(ROUNDS)]
    return min(map(float, made))


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 our own code
    return done.stdout


def measure() -> dict[str, float]:
    """Every figure by its name."""
    texts = messages()
    interpreter = Interpreter.load()
    ours, theirs = timed(interpreter.interpret, texts), timed(sklearn_predict(), texts)
    pins = [(-7.80 + at * 4e-5, 110.25 + at * 4e-5) for at in range(5000)]
    pin = statistics.median(timed(lambda pin: interpreter.gazetteer.at(*pin), pins)) * 1000
    return {
        "messages": len(texts),
        "median_ms": statistics.median(ours),
        "p99_ms": sorted(ours)[int(len(ours) * 0.99)],
        "sklearn_median_ms": statistics.median(theirs),
        "sklearn_p99_ms": sorted(theirs)[int(len(theirs) * 0.99)],
        "pin_us": pin,
        "lines_a_minute": 60_000 / statistics.mean(timed(answer(interpreter), lines())),
        "import_s": seconds(IMPORT),
        "load_s": seconds(LOAD),
        "model_mb": (ROOT / "nlu_data" / FILE).stat().st_size / 1e6,
    }


def main() -> None:
    """Print the figures, and end with 1 when one is over its limit."""
    found = measure()
    for name, value in found.items():
        limit = LIMITS.get(name)
        print(f"{name:20} {value:10.3f}" + (f"   at most {limit}" if limit else ""))
    print(f"{'sklearn / ours':20} {found['sklearn_median_ms'] / found['median_ms']:10.2f}")
    sys.exit(any(found[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    main()
