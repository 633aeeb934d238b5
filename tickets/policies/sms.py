"""What SMS costs, how much may be spent, and the words that stop it."""

from dataclasses import dataclass

from tickets.policies.reader import Node


@dataclass(frozen=True, slots=True)
class SmsPolicy:
    """Money in rupiah, 0 for no cap; `number_hour` in segments; `exempt` are notices no cap holds back."""

    country_code: str
    price: int
    day_cap: int
    month_cap: int
    number_hour: int
    exempt: frozenset[str]
    stop_words: frozenset[str]
    start_words: frozenset[str]


def read_sms(node: Node) -> SmsPolicy:
    """The limits of `sms.yml`."""
    node.known("country_code", "price", "caps", "number_hour", "exempt", "words")
    caps, words = node.at("caps"), node.at("words")
    caps.known("day", "month")
    words.known("stop", "start")
    return SmsPolicy(
        country_code=_country(node),
        price=node.count("price"),
        day_cap=caps.count("day"),
        month_cap=caps.count("month"),
        number_hour=node.count("number_hour"),
        exempt=frozenset(node.texts("exempt")),
        stop_words=_words(words, "stop"),
        start_words=_words(words, "start"),
    )


def _country(node: Node) -> str:
    code = node.text("country_code")
    if code and not (code.isdecimal() and 1 <= len(code) <= 3):
        node.fault(f"'{code}' is no country code.", 'Write it in digits and quotes: "62".', "country_code")
    return code


def _words(node: Node, key: str) -> frozenset[str]:
    found = frozenset(word.casefold() for word in node.texts(key))
    if not found:
        node.fault(f"There is no word for '{key}'.", f"List at least one under {key}.", key)
    return found
