"""What an agency may need to know beyond the report, item by item, by category."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from tickets.policies.answers import OTHER, check_code
from tickets.policies.reader import Node, Words
from tickets.policies.routing import Routing, categories_of

AnswerKind = Literal["text", "photo", "place"]


@dataclass(frozen=True, slots=True)
class Question:
    """One item: its name for the staff, the request to the citizen, and what kind of answer it takes."""

    code: str
    name: Words
    ask: Words
    kind: AnswerKind = "text"
    categories: tuple[str, ...] = ()


def read_questions(node: Node, routing: Routing) -> dict[str, Question]:
    """The items of `questions.yml` by code, in the file's order."""
    node.known("questions")
    if not node.at("questions").keys():
        node.fault("There is no item to ask for.", "List at least one.", "questions")
    return {code: _question(code, entry, routing) for code, entry in node.at("questions").entries()}


def _question(code: str, entry: Node, routing: Routing) -> Question:
    entry.known("name", "ask", "kind", "categories")
    check_code(code, entry)
    return Question(
        code,
        entry.words("name"),
        entry.words("ask"),
        cast("AnswerKind", entry.choice("kind", get_args(AnswerKind), "text")),
        categories_of(entry, routing, OTHER),
    )


def questions_for(questions: dict[str, Question], category: str) -> tuple[Question, ...]:
    """The items for a category, its own before those that fit everywhere."""
    fitting = [one for one in questions.values() if category in one.categories]
    return (*fitting, *(one for one in questions.values() if not one.categories))
