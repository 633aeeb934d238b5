"""The few words a channel says itself, per language, from a JSON file beside it."""

from collections.abc import Mapping
from pathlib import Path

import orjson

LANGUAGES = ("id", "jv", "en")
FALLBACK = "id"

Texts = Mapping[str, Mapping[str, str]]


class TextsError(ValueError):
    """A file of texts that cannot be used; the message names file, language, key and remedy."""


def load_texts(path: Path) -> Texts:
    """Texts by language and key; every language has the same keys.

    Raises:
        TextsError: a language or a key is missing, or the file is not JSON.
    """
    try:
        texts = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as problem:
        raise TextsError(
            f"{path.name}: not JSON ({problem}); compare with the last version that worked"
        ) from None
    keys = {key for language in LANGUAGES for key in texts.get(language, {})}
    for language in LANGUAGES:
        for key in sorted(keys):
            if not texts.get(language, {}).get(key):
                raise TextsError(
                    f"{path.name}: {language}.{key} is missing; add the sentence in this language"
                )
    return {language: texts[language] for language in LANGUAGES}


def pick(texts: Texts, language: str) -> Mapping[str, str]:
    """The texts for a language tag such as `en-GB`; Indonesian for any language there are none for."""
    return texts.get(language.lower().split("-")[0], texts[FALLBACK])


def language_asked(accept_language: str) -> str:
    """The first language of an `Accept-Language` header that we speak; Indonesian otherwise."""
    for tag in accept_language.lower().split(","):
        language = tag.split(";")[0].split("-")[0].strip()
        if language in LANGUAGES:
            return language
    return FALLBACK
