"""A step that ends its flow and starts another in its place."""

from dialogs.work import Work


def run(work: Work) -> None:
    """Change over to the other flow, handing on what this one set; one that is not there is passed by."""
    target, flow = work.named(work.step.target), work.flow
    if target not in work.bundle.flows:
        work.leave_step()
        return
    work.ran()
    own = flow.assigned.union(flow.slots)
    wanted = work.bundle.flows[target].slots
    handed = {name: work.slots[name] for name in wanted if name in own and work.slots.get(name) is not None}
    kind = work.end("completed").kind
    work.start(target, kind, handed)
