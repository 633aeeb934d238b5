"""Which of five classes a message is: complaint, suggestion, question, praise, whistle-blowing."""

from typing import get_args

from nlu.interpretation import Classification
from nlu.model import Head, Scored

QUESTION, THANKS = "info_pertanyaan", "terima_kasih"
COMPLAINT: Classification = "pengaduan"


LEADS = {"wbs": 1.5, "apresiasi": 1.2}
"""How far, in log-odds, a class must lead: `wbs` takes a report from its agency and hides it from most staff,
and a polite complaint taken for praise would be asked for no place."""


class Classes:
    """Chooses among the classes; what is asked and thanked for without a report is known by its intent."""

    def __init__(self, head: Head) -> None:
        self._head = head
        by_name: dict[str, Classification] = {name: name for name in get_args(Classification)}
        self._labels = tuple(by_name[label] for label in head.labels)

    def guess(self, scored: Scored, intent: str) -> Classification:
        """The class of a message whose intent is known."""
        if intent == QUESTION:
            return "informasi"
        if intent == THANKS:
            return "apresiasi"
        scores = scored.of(self._head)
        second, first = (int(place) for place in scores.argsort()[-2:])
        doubtful = scores[first] - scores[second] < LEADS.get(self._labels[first], 0.0)
        return self._labels[second if doubtful else first]
