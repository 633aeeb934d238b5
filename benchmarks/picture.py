"""The measures as a picture: turns a second and processor time a turn, by the number of citizens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from benchmarks.report import FLOOR_COMMIT, RASA, TELEGRAM, TITLES, WEBCHAT

SHOWN = {
    "bare-commit": ("#9aa0a6", ":"),
    FLOOR_COMMIT: ("#5f6368", "--"),
    WEBCHAT: ("#1a73e8", "-"),
    TELEGRAM: ("#0b8043", "-"),
    RASA: ("#d93025", "-."),
}
PANELS = (("turns_per_second", "turns a second"), ("cpu_ms_per_turn", "processor time a turn, ms"))


def draw(found: Mapping[str, Any], to: Path) -> None:
    """Draw the results into an SVG file."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    FigureCanvasSVG(figure)
    rows = found["floors"] | found["channels"] | {RASA: found["rasa"]}
    for place, (name, title) in enumerate(PANELS, start=1):
        _panel(figure.add_subplot(1, 2, place), rows, name, title)
    figure.axes[0].legend(fontsize="small")
    with rc_context({"svg.hashsalt": "kentongan", "svg.fonttype": "none"}):
        figure.savefig(to, format="svg", metadata={"Date": None})


def _panel(axes: Axes, rows: Mapping[str, Any], figure: str, title: str) -> None:
    for contender, (colour, style) in SHOWN.items():
        points = {int(size): row[figure] for size, row in rows[contender].items() if row[figure] is not None}
        label = TITLES[contender].strip("*")
        if points:
            axes.plot(list(points), list(points.values()), style, color=colour, label=label, marker="o")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks([int(size) for size in rows[TELEGRAM]], labels=list(rows[TELEGRAM]))
    axes.set_xlabel("citizens")
    axes.set_title(title)
    axes.grid(visible=True, which="both", alpha=0.3)
