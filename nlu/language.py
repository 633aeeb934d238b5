"""Which language a message is written in: by its small words."""

from collections.abc import Mapping

from nlu.data import Data, DataError
from nlu.interpretation import Language
from nlu.normalize import Token

FILE = "languages.yml"
ORDER: tuple[Language, ...] = ("id", "jv", "en")  # ties go to the first


class Languages:
    """Words by the language that owns them."""

    def __init__(self, owners: Mapping[str, Language]) -> None:
        self._owners = owners

    @classmethod
    def load(cls, data: Data) -> "Languages":
        """Read the word lists.

        Raises:
            DataError: a word is claimed by two languages.
        """
        owners: dict[str, Language] = {}
        for language, text in _lists(data).items():
            for word in text.split():
                if owners.setdefault(word, language) != language:
                    raise DataError(f"{FILE}: `{word}` stands under {owners[word]} and {language}; keep one")
        return cls(owners)

    @property
    def words(self) -> frozenset[str]:
        """Every listed word."""
        return frozenset(self._owners)

    def of(self, tokens: tuple[Token, ...]) -> Language:
        """The language most words of the message belong to; Indonesian when none tells."""
        owner = self._owners.get
        owned = [owner(token.text) or owner(token.norm) for token in tokens]
        return max(ORDER, key=owned.count)


def _lists(data: Data) -> dict[Language, str]:
    content: dict[Language, str] = data.yaml(FILE)["languages"]
    return content
