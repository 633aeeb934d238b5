"""The small safe language of conditions: parsed once at load, compiled into plain functions."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from dialogs import patterns
from dialogs.flow import Condition

MAX_CHARACTERS = 500

GRAMMAR = r"""
?start: either
?either: both ("or"i both)*
?both: negated ("and"i negated)*
?negated: "not"i negated -> negation
        | test
?test: term OPERATOR term        -> comparison
     | term "is"i "not"i "set"i  -> unset
     | term "is"i "set"i         -> present
     | term "is"i "not"i term    -> differs
     | term "is"i term           -> equals
     | term "not"i "in"i term    -> outside
     | term "in"i term           -> inside
     | term "contains"i term     -> containing
     | term "matches"i STRING    -> matching
     | term                      -> truth
?term: path | literal | "(" either ")" -> nested
path: PATH
literal: STRING -> string
       | NUMBER -> number
       | "true"i -> true
       | "false"i -> false
       | ("null"i | "none"i) -> null
       | "[" [literal ("," literal)*] "]" -> items
OPERATOR: "!=" | "==" | "=" | "<=" | ">=" | "<" | ">"
PATH.2: /(slots|context)(\.[A-Za-z_][A-Za-z0-9_]*)+/
STRING: /"[^"\n]*"|'[^'\n]*'/
NUMBER: /-?\d+(\.\d+)?/
%ignore /[ \t\n]+/
"""

Value = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


class ConditionError(ValueError):
    """A condition that cannot be understood; the text says where."""


@lru_cache(maxsize=4096)
def compile_condition(text: str) -> Condition:
    """A function telling whether the condition holds.

    Raises:
        ConditionError: the text is too long or not in the language.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConditionError(f"longer than {MAX_CHARACTERS} characters")
    try:
        value: Value = _Compiler().transform(_parser().parse(text))
    except UnexpectedInput as error:
        raise ConditionError(f"not understood from character {error.column}") from None
    except VisitError as error:
        raise ConditionError(str(error.orig_exc)) from None
    except RecursionError:
        raise ConditionError("nested too deeply") from None
    return lambda slots, context: bool(value(slots, context))


def slots_named(text: str) -> tuple[str, ...]:
    """The slots a condition speaks of, in order."""
    return tuple(re.findall(r"slots\.([A-Za-z_]\w*)", text))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


def _path(parts: tuple[str, ...]) -> Value:
    root, name, *rest = parts
    in_slots = root == "slots"

    def look(slots: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
        value = (slots if in_slots else context).get(name)
        for key in rest:
            value = _member(value, key)
        return value

    return look


def _member(value: Any, key: str) -> Any:
    if key == "length":
        return len(value) if isinstance(value, str | list | tuple | dict) else 0
    return value.get(key) if isinstance(value, Mapping) else None


def _order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 when the two can be ordered, else None."""
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return None
    return int(left > right) - int(left < right)


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part.casefold() in whole.casefold()
    return isinstance(whole, list | tuple | dict) and part in whole


COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: _order(a, b) == -1,
    ">": lambda a, b: _order(a, b) == 1,
    "<=": lambda a, b: _order(a, b) in {-1, 0},
    ">=": lambda a, b: _order(a, b) in {0, 1},
}


def _pair(test: Callable[[Any, Any], bool], left: Value, right: Value) -> Value:
    return lambda s, c: test(left(s, c), right(s, c))


@v_args(inline=True)
class _Compiler(Transformer[Token, Value]):
    def either(self, *parts: Value) -> Value:
        return lambda s, c: any(part(s, c) for part in parts)

    def both(self, *parts: Value) -> Value:
        return lambda s, c: all(part(s, c) for part in parts)

    def negation(self, part: Value) -> Value:
        return lambda s, c: not part(s, c)

    def truth(self, part: Value) -> Value:
        return part

    nested = truth

    def comparison(self, left: Value, operator: Token, right: Value) -> Value:
        return _pair(COMPARE[operator], left, right)

    def equals(self, left: Value, right: Value) -> Value:
        return _pair(COMPARE["="], left, right)

    def differs(self, left: Value, right: Value) -> Value:
        return _pair(COMPARE["!="], left, right)

    def present(self, part: Value) -> Value:
        return lambda s, c: part(s, c) is not None

    def unset(self, part: Value) -> Value:
        return lambda s, c: part(s, c) is None

    def inside(self, part: Value, whole: Value) -> Value:
        return _pair(_contains, whole, part)

    def outside(self, part: Value, whole: Value) -> Value:
        return lambda s, c: not _contains(whole(s, c), part(s, c))

    def containing(self, whole: Value, part: Value) -> Value:
        return _pair(_contains, whole, part)

    def matching(self, part: Value, pattern: Token) -> Value:
        try:
            find = patterns.pattern(pattern[1:-1]).find
        except patterns.PatternError as error:
            raise ConditionError(f"not to be used: the pattern {pattern} is {error}") from None

        def matches(slots: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
            value = part(slots, context)
            return isinstance(value, str) and find(value) is not None

        return matches

    def path(self, token: Token) -> Value:
        return _path(tuple(token.split(".")))

    def string(self, token: Token) -> Value:
        return self._constant(token[1:-1])

    def number(self, token: Token) -> Value:
        return self._constant(float(token) if "." in token else int(token))

    def true(self) -> Value:
        return self._constant(True)  # noqa: FBT003 - the value itself

    def false(self) -> Value:
        return self._constant(False)  # noqa: FBT003 - the value itself

    def null(self) -> Value:
        return self._constant(None)

    def items(self, *values: Value) -> Value:
        return self._constant([value({}, {}) for value in values])

    def _constant(self, value: Any) -> Value:
        return lambda _slots, _context: value
