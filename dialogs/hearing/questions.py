"""Short questions in words the list of questions knows, whatever is being asked."""

from dialogs.hearing.filling import REPORT, surely_of_a_kind, telling_a_question, words
from dialogs.hearing.routes import start
from dialogs.work import Work

FLOW = "info"
MOST_WORDS, MOST_WORDS_UNMARKED = 8, 6


def hear(work: Work) -> bool:
    """Answer a question of the list where the sentence surely means nothing else."""
    if work.message.attachments or telling_a_question(work) or _means_else(work):
        return False
    return are_known(work) and start(work, FLOW, {"pertanyaan": work.message.text.strip()})


def are_known(work: Work) -> bool:
    """Whether the message asks something in words that the list of questions has."""
    return _asks(work) and _knows(work)


def _knows(work: Work) -> bool:
    """Whether the words of some topic stand in the message."""
    said, subject = f" {work.said} ", surely_of_a_kind(work)
    topics = (one for one in work.bundle.topics if not (one.ours and subject))
    return any(f" {word} " in said for topic in topics for word in topic.keywords)


def _asks(work: Work) -> bool:
    """Whether it is a question: by its mark, its first word where no story is told, or a topic's words."""
    if any(work.said == word for topic in work.bundle.topics for word in topic.keywords if " " in word):
        return True
    if work.message.text.strip().endswith("?"):
        return words(work) <= MOST_WORDS
    first = work.said.split()[:1]
    told = work.open is not None and work.bundle.slots[work.open.target].type in {"text", "any"}
    begun = bool(first) and first[0] in work.bundle.settings.asking_words
    return begun and not told and words(work) <= MOST_WORDS_UNMARKED


def _means_else(work: Work) -> bool:
    """Whether the sentence surely asks for another flow: wishes such as "anonim" are often asked about."""
    intent, bundle = work.meaning.intent, work.bundle
    sure = intent.confidence >= bundle.settings.sure_intent and intent.name in bundle.by_intent
    wish = intent.name in bundle.settings.aside_intents
    return sure and not wish and not (intent.name == REPORT and not _of_a_kind(work))


def _of_a_kind(work: Work) -> bool:
    """Whether the message likely belongs to a category of reports."""
    guesses = work.meaning.categories
    return bool(guesses) and guesses[0].confidence >= work.bundle.settings.likely_intent
