"""Short questions that name nothing ("kok suwe?"): with no question open they are about one's report."""

import re
from functools import lru_cache

from dialogs.hearing import questions
from dialogs.hearing.routes import start
from dialogs.work import Work

FLOW = "kabar"
VOWELS = re.compile("[aeiou]")
MOST_WORDS, FEWEST_TELLING, SHORTEST = 8, 2, 2


def hear(work: Work) -> bool:
    """Tell how the person's report stands when somebody asks for news without saying of what."""
    message = work.message
    if work.stack or message.button or message.attachments or FLOW not in work.bundle.flows:
        return False
    return _asks(work) and not _in_general(work) and start(work, FLOW)


def _in_general(work: Work) -> bool:
    """Whether somebody with no report here asks what the list of questions knows ("berapa lama?")."""
    return not work.now("tickets") and questions.are_known(work)


def _asks(work: Work) -> bool:
    """Whether the message is one of the words for it, whatever courtesies stand around them."""
    said, settings = work.said, work.bundle.settings
    bare = _bare(said, settings.filler_words)
    known = _without_courtesies(settings.news_words, settings.filler_words)
    if said in settings.news_words or (bool(bare) and bare in known):
        return True
    plain = said in work.bundle.words.yes or said in work.bundle.words.no
    return not plain and not _waited_for(work) and _put_together(bare, known)


def _waited_for(work: Work) -> bool:
    """Whether an agency waits for this person's word: then "belum ada" is an answer."""
    return bool(work.context.questions or work.context.confirming)


def _put_together(bare: str, known: frozenset[str]) -> bool:
    """Whether a short message is made of nothing but words that such questions are made of."""
    told = bare.split()
    return FEWEST_TELLING <= len(told) <= MOST_WORDS and all(_is_of(word, known) for word in told)


def _is_of(word: str, known: frozenset[str]) -> bool:
    """Whether it is such a word, or one typed in haste, without its vowels ("tnggpn")."""
    words, longest = _vocabulary(known)
    skeleton = VOWELS.sub("", word)
    return word in words or (len(skeleton) >= SHORTEST and len(word) < longest.get(skeleton, 0))


@lru_cache(8)
def _vocabulary(known: frozenset[str]) -> tuple[frozenset[str], dict[str, int]]:
    """All words of such questions, and by their consonants how long the longest is."""
    words = frozenset(word for phrase in known for word in phrase.split())
    longest: dict[str, int] = {}
    for word in words:
        skeleton = VOWELS.sub("", word)
        longest[skeleton] = max(longest.get(skeleton, 0), len(word))
    return words, longest


@lru_cache(8)
def _without_courtesies(news: frozenset[str], fillers: frozenset[str]) -> frozenset[str]:
    return frozenset(_bare(one, fillers) for one in news)


def _bare(text: str, fillers: frozenset[str]) -> str:
    return " ".join(word for word in text.split() if word not in fillers)
