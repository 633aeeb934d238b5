"""How much of the flows a set of conversations goes through: steps, and every way on from each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dialogs.bundle import Bundle
from dialogs.flow import Flow, Step
from dialogs.trial.play import Outcome, Way


@dataclass(frozen=True, slots=True)
class Coverage:
    """A flow's steps and ways on, how many were gone, and those that were not, as "step: condition"."""

    flow: str
    steps: int
    steps_run: int
    ways: int
    ways_run: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every way was gone."""
        return not self.missing


def coverage(bundle: Bundle, outcomes: Iterable[Outcome]) -> tuple[Coverage, ...]:
    """What the conversations went through, flow by flow."""
    gone = frozenset(way for outcome in outcomes for way in outcome.ways)
    return tuple(_of(flow, gone) for flow in bundle.flows.values())


def _of(flow: Flow, gone: frozenset[Way]) -> Coverage:
    ways = list(_ways(flow))
    missing = tuple(
        f"{step}: {why}" if why else step for _, step, why in ways if (flow.id, step, why) not in gone
    )
    run = {step for name, step, _ in gone if name == flow.id}
    return Coverage(
        flow.id, len(flow.steps), len(run & flow.steps.keys()), len(ways), len(ways) - len(missing), missing
    )


def _ways(flow: Flow) -> Iterator[Way]:
    for step in flow.steps.values():
        for why in _whys(step):
            yield flow.id, step.id, why


def _whys(step: Step) -> list[str]:
    """The conditions a step may be left by, or turn an answer down with."""
    if step.kind == "link":
        return [""]
    return [*(one.text for one in step.rejections), *(branch.text for branch in step.next)]
