"""Which language a message is written in: by its small words, and by Javanese endings on shared ones."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nlu.data import Data, DataError
from nlu.interpretation import Language
from nlu.normalize import Token

FILE = "languages.yml"
ORDER: tuple[Language, ...] = ("id", "jv", "en")  # ties go to the first
VOWELS = frozenset("aeiou")


class Languages:
    """Words by the language that owns them."""

    def __init__(self, owners: Mapping[str, Language]) -> None:
        self._owners = owners

    @classmethod
    def load(cls, data: Data) -> "Languages":
        """Read the word lists.

        Raises:
            DataError: a word is claimed by two languages, or by one and as shared.
        """
        content = data.yaml(FILE)
        owners = _owned(content["languages"])
        shared = content["shared"].split()
        for word in shared:
            if word in owners:
                raise DataError(f"{FILE}: `{word}` stands under {owners[word]} and shared; keep one")
        return cls({**dict.fromkeys(_with_endings(shared), "jv"), **owners})

    @property
    def words(self) -> frozenset[str]:
        """Every word that tells a language."""
        return frozenset(self._owners)

    def of(self, tokens: tuple[Token, ...]) -> Language:
        """The language most words of the message belong to; Indonesian when none tells."""
        owner = self._owners.get
        owned = [owner(token.text) or owner(token.norm) for token in tokens]
        return max(ORDER, key=owned.count)


def _owned(lists: Mapping[Language, Any]) -> dict[str, Language]:
    owners: dict[str, Language] = {}
    for language, text in lists.items():
        for word in text.split():
            if owners.setdefault(word, language) != language:
                raise DataError(f"{FILE}: `{word}` stands under {owners[word]} and {language}; keep one")
    return owners


def _with_endings(words: Iterable[str]) -> Iterator[str]:
    """The words with the Javanese endings for "its" or "the": lampune, obate, lampunipun, obatipun."""
    for word in words:
        joint = "n" if word[-1] in VOWELS else ""
        yield f"{word}{joint}e"
        yield f"{word}{joint}ipun"
