"""The shape of the code: small functions, short files, few arguments, nothing printed."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 300
LONGEST_FUNCTION = 45
MOST_ARGUMENTS = 6
RUN_BY_HAND = {"nlu/train.py"}
LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with its reason."""


@pytest.fixture(scope="module")
def trees(sources):
    return {path: ast.parse(text) for path, text in sources.items()}


@pytest.fixture(scope="module")
def functions(trees):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (path, node) for path, tree in trees.items() for node in ast.walk(tree) if isinstance(node, kinds)
    ]


def length(function):
    """Lines of a function without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function):
        words = function.body[0]
        lines -= words.end_lineno - words.lineno + 1
    return lines


def name(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({length(node)} lines)"


def test_functions_are_small(functions):
    lengths = [length(node) for _, node in functions]
    percentiles = statistics.quantiles(lengths, n=100)
    assert statistics.median(lengths) < 9
    assert percentiles[94] <= 20
    assert percentiles[98] <= 30


def test_no_function_is_long(functions):
    assert [name(path, node) for path, node in functions if length(node) > LONGEST_FUNCTION] == []


def test_functions_take_few_arguments(functions):
    def arguments(node):
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return [one for one in every if one.arg not in {"self", "cls"}]

    constructors = {"__init__"}  # parts are handed to a thing once, by name, when it is made
    assert [
        name(path, node)
        for path, node in functions
        if node.name not in constructors and len(arguments(node)) > MOST_ARGUMENTS
    ] == []


def test_files_are_short(sources):
    long = {str(path.relative_to(ROOT)): text.count("\n") for path, text in sources.items()}
    assert {
        file: lines for file, lines in long.items() if lines > MOST_LINES and file not in LONG_FILES
    } == {}


def test_the_list_of_long_files_is_up_to_date(sources):
    known = {str(path.relative_to(ROOT)): text.count("\n") for path, text in sources.items()}
    assert [file for file in LONG_FILES if known.get(file, 0) <= MOST_LINES] == []


def test_files_of_tests_are_short_too():
    found = {
        path.relative_to(ROOT): len(path.read_text().splitlines()) for path in (ROOT / "tests").rglob("*.py")
    }
    assert {str(path): lines for path, lines in found.items() if lines > MOST_LINES} == {}


def test_nothing_is_printed(trees):
    """People are told by a console with a style, the log by structlog; `print` is neither."""
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees.items()
        if str(path.relative_to(ROOT)) not in RUN_BY_HAND
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_the_core_asks_nobody_for_the_time_or_for_chance(trees):
    """Clock and chance come from outside, so that every turn can be played again."""
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees.items()
        if path.relative_to(ROOT).parts[0] in {"dialogs", "tickets", "nlu"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ASKING
    ]
    assert asked == []


ASKING = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "random.random",
    "random.choice",
    "random.randint",
    "uuid.uuid4",
    "uuid4",
}
