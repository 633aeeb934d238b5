"""Which of the five classes a message falls into: complaint, suggestion, question, praise, whistle-blowing."""

from nlu.interpretation import Classification
from nlu.reading import Reading

LIST = "classification"
QUESTION = frozenset({"info_pertanyaan"})
THANKS = frozenset({"terima_kasih"})
WATCHED = "aparatur"


def classify(reading: Reading, intent: str, category: str) -> Classification:
    """The class of a message, from its intent, its best category and the words that set classes apart."""
    found = reading.entries(LIST)
    if intent in QUESTION:
        return "informasi"
    if intent in THANKS or ("apresiasi" in found and "problem" not in found):
        return "apresiasi"
    if "wbs" in found and (category == WATCHED or category == "kalurahan" or category == ""):
        return "wbs"
    return "aspirasi" if "aspirasi" in found and "problem" not in found else "pengaduan"
