"""Short questions that name nothing ("kok suwe?"): with no question open they are about one's report."""

from functools import lru_cache

from dialogs.hearing import questions
from dialogs.hearing.routes import start
from dialogs.work import Work

FLOW = "kabar"


def hear(work: Work) -> bool:
    """Tell how the person's report stands when somebody asks for news without saying of what."""
    message = work.message
    if work.stack or message.button or message.attachments or FLOW not in work.bundle.flows:
        return False
    return _asks(work) and not _in_general(work) and start(work, FLOW)


def _in_general(work: Work) -> bool:
    """Whether somebody with no report here asks what the list of questions knows ("berapa lama?")."""
    return not work.now("tickets") and questions.knows(work)


def _asks(work: Work) -> bool:
    """Whether the message is one of the words for it, whatever courtesies stand around them."""
    said, settings = work.said, work.bundle.settings
    bare = _bare(said, settings.filler_words)
    known = _without_courtesies(settings.news_words, settings.filler_words)
    return said in settings.news_words or (bool(bare) and bare in known)


@lru_cache(8)
def _without_courtesies(news: frozenset[str], fillers: frozenset[str]) -> frozenset[str]:
    return frozenset(_bare(one, fillers) for one in news)


def _bare(text: str, fillers: frozenset[str]) -> str:
    return " ".join(word for word in text.split() if word not in fillers)
