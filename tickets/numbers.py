"""Report numbers people can read aloud: `SLM-26-7K3QX`, the last sign checking all the others."""

import random
import re
from functools import cache

from stdnum.iso7064 import mod_37_2

# No signs that look alike (0 O D Q would, so of these only Q), none that sound alike in Indonesian
# (be ce de e ge pe te: of these C P T), and hardly a vowel, so that no number spells a word.
ALPHABET = "23456789CFHJKMPQRTUWXY"
CODE_LENGTH = 5
_LOOKALIKES = str.maketrans("0ODGBSZVN", "QQQ6852UM")
_YEAR_LOOKALIKES = str.maketrans("OIL", "011")
_SEPARATORS = r"[\s.\-\u2013\u2014/_]*"


def make_number(prefix: str, year: int, rng: random.Random) -> str:
    """A new number of that year; the caller sees to it that it was not given out before."""
    start = f"{prefix}{year % 100:02d}"
    while True:
        code = "".join(rng.choices(ALPHABET, k=CODE_LENGTH - 1))
        check = mod_37_2.calc_check_digit(start + code)
        if check in ALPHABET:
            return f"{prefix}-{start[-2:]}-{code}{check}"


def check_number(number: str) -> bool:
    """Whether the check sign fits; finds every single wrong sign and every swap of neighbours."""
    signs = number.replace("-", "")
    return re.fullmatch(rf"[A-Z]+\d\d[{ALPHABET}]{{{CODE_LENGTH}}}", signs) is not None and mod_37_2.is_valid(
        signs
    )


def parse_number(text: str, prefix: str) -> str | None:
    """The first valid number in a text, in its normal form.

    Case, spaces, missing or other dashes and look-alike signs (O for 0, I for 1, S for 5) are forgiven.
    """
    for found in _pattern(prefix).finditer(text.upper()):
        year = re.sub(_SEPARATORS, "", found["year"]).translate(_YEAR_LOOKALIKES)
        code = re.sub(_SEPARATORS, "", found["code"]).translate(_LOOKALIKES)
        number = f"{prefix}-{year}-{code}"
        if check_number(number):
            return number
    return None


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    letters = _SEPARATORS.join(_alike(letter) for letter in prefix)
    code = _SEPARATORS.join(["[0-9A-Z]"] * CODE_LENGTH)
    return re.compile(
        rf"(?<![0-9A-Z]){letters}{_SEPARATORS}(?P<year>[0-9OIL]{_SEPARATORS}[0-9OIL]){_SEPARATORS}"
        rf"(?P<code>{code})(?![0-9A-Z])"
    )


def _alike(letter: str) -> str:
    twins = {"S": "S5", "L": "L1I", "I": "I1L", "O": "O0", "B": "B8", "Z": "Z2", "G": "G6"}
    return f"[{twins.get(letter, letter)}]"
