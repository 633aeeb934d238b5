"""A flow as a picture: Mermaid for a page, a tree of lines for a terminal or a chat."""

from collections.abc import Iterator

from dialogs.flow import END, Branch, Flow, Step

OPEN_CLOSE = {"collect": ("[/", "/]"), "action": ("[", "]"), "call": ("[[", "]]"), "link": ("[[", "]]")}
ROUND = ("(", ")")


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart."""
    numbers = {name: f"s{number}" for number, name in enumerate(flow.steps)}
    lines = ["flowchart TD", f"  start(({_quoted(flow.id)})) --> {numbers.get(flow.first, 'stop')}"]
    for step in flow.steps.values():
        lines.append(f"  {numbers[step.id]}{_shape(step)}")
        for branch in step.next:
            to = numbers.get(branch.to, "stop")
            lines.append(f"  {numbers[step.id]} -->{_label(branch)} {to}")
    return "\n".join([*lines, "  stop((END))"])


def tree(flow: Flow) -> str:
    """The flow as indented lines, each step told once; `↑` leads to one told before."""
    return "\n".join([f"{flow.id}: {flow.name}", *_branch(flow, flow.first, set(), "  ")])


def _branch(flow: Flow, step_id: str, told: set[str], indent: str) -> Iterator[str]:
    """The steps from here on; a single way on stays on its level, several go one deeper."""
    while step_id != END and step_id in flow.steps and step_id not in told:
        told.add(step_id)
        step = flow.steps[step_id]
        yield f"{indent}{step.id} · {step.kind} {step.target}".rstrip()
        if len(step.next) > 1:
            for branch in step.next:
                yield f"{indent}  ? {branch.text}"
                yield from _branch(flow, branch.to, told, f"{indent}    ")
            return
        step_id = step.next[0].to
    yield f"{indent}{'■ END' if step_id == END else f'↑ {step_id}'}"


def _shape(step: Step) -> str:
    opening, closing = OPEN_CLOSE.get(step.kind, ROUND)
    return f"{opening}{_quoted(f'{step.id}: {step.kind} {step.target}'.rstrip())}{closing}"


def _label(branch: Branch) -> str:
    return f"|{_quoted(branch.text)}|" if branch.text else ""


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), "#quot;")}"'
