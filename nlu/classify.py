"""Which of five classes a message is: complaint, suggestion, question, praise, whistle-blowing."""

from nlu.interpretation import Classification
from nlu.reading import Reading

LIST = "classification"
QUESTION, THANKS = "info_pertanyaan", "terima_kasih"
WATCHED = frozenset({"aparatur", "kalurahan", ""})  # categories in which a word like korupsi blows a whistle


def classify(reading: Reading, intent: str, category: str) -> Classification:
    """The class of a message, from its intent, its best category and the words that set classes apart."""
    found = reading.entries(LIST)
    if intent == QUESTION:
        return "informasi"
    if intent == THANKS or ("apresiasi" in found and found.isdisjoint({"problem", "aspirasi", "tanya"})):
        return "apresiasi"
    if "wbs" in found and category in WATCHED:
        return "wbs"
    if "aspirasi" in found:
        return "aspirasi"
    if "tanya" in found and "problem" not in found:
        return "informasi"
    return "aspirasi" if "rencana" in found and "problem" not in found else "pengaduan"
