"""Why a report may be refused, in sentences for the citizen."""

from dataclasses import dataclass

from tickets.policies.reader import Node, Words


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of refusal: its sentence, and what would help."""

    code: str
    sentence: Words
    help: Words


def read_reasons(node: Node) -> dict[str, Reason]:
    """The reasons of `reasons.yml` by code."""
    node.known("reasons")
    if not node.at("reasons").keys():
        node.fault("There is no reason.", "A refusal needs one: list at least one.", "reasons")
    return {code: _reason(code, entry) for code, entry in node.at("reasons").entries()}


def _reason(code: str, entry: Node) -> Reason:
    entry.known("sentence", "help")
    return Reason(code, entry.words("sentence"), entry.words("help"))
