"""The picture of a report, upright for a phone; drawn in a process of its own.

`python -m bot.reporting.picture` reads a drawing as JSON and writes a PNG.
"""

import asyncio
import io
import sys
from typing import Any

import orjson

from bot.reporting.shapes import Drawing

WIDTH, HEIGHT, DPI = 7.2, 9.6, 150  # inches and dots: 1080 x 1440
INK, PALE, PAPER, TRACK = "#1d2733", "#5c6773", "#ffffff", "#e6e9ed"
COLOURS = ("#2e8b57", "#3b7dc4", "#e0a030", "#9aa5b1")  # done, in process, deferred, none of these
MOST_TICKS = 8
LONGEST_NAME = 22
DRAW_SECONDS = 60.0


class PictureError(RuntimeError):
    """The picture could not be drawn; the message is what the drawing process said last."""


async def png_of(drawing: Drawing) -> bytes:
    """The picture as PNG, drawn beside the event loop.

    Raises:
        PictureError: the process that draws failed or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(DRAW_SECONDS):
            out, said = await process.communicate(orjson.dumps(drawing))
    except TimeoutError:
        raise PictureError(f"not drawn within {DRAW_SECONDS:.0f} seconds") from None
    finally:
        await _ended(process)
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise PictureError(lines[-1] if lines else f"exit code {process.returncode}")
    return out


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def draw(drawing: Drawing) -> bytes:
    """The picture as PNG; takes a second and the processor."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 takes long to import
    from matplotlib.figure import Figure  # noqa: PLC0415 likewise

    page = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(page)
    _head(page, drawing)
    _tiles(page, drawing)
    _timely(page, drawing)
    _bars(page, drawing)
    _trend(page, drawing)
    out = io.BytesIO()
    page.savefig(out, format="png")
    return out.getvalue()


def _plain(text: str) -> str:
    """Text that is no formula: matplotlib reads what stands between dollar signs."""
    return text.replace("$", r"\$")


def _head(page: Any, drawing: Drawing) -> None:
    size = min(19, 19 * 44 / len(drawing.title))
    page.text(0.06, 0.962, _plain(drawing.title), size=size, weight="bold", color=INK, va="center")
    for at, line in enumerate(drawing.about):
        page.text(0.06, 0.930 - 0.024 * at, _plain(line), size=11.5, color=PALE, va="center")


def _tiles(page: Any, drawing: Drawing) -> None:
    colours = (INK, *COLOURS)
    wide = 0.88 / len(drawing.tiles)
    for at, (label, value) in enumerate(drawing.tiles):
        left = 0.06 + wide * at
        size = min(34, 34 * 5 / len(value))
        page.text(left, 0.845, value, size=size, weight="bold", color=colours[at], va="center")
        page.text(left, 0.803, _plain(label), size=12.5, color=PALE, va="center")


def _timely(page: Any, drawing: Drawing) -> None:
    page.text(0.06, 0.756, _plain(drawing.timely_text), size=13.5, weight="bold", color=INK, va="center")
    axes = page.add_axes((0.06, 0.722, 0.88, 0.016))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.barh([0], [1], color=TRACK, height=1)
    if drawing.timely is not None:
        axes.barh([0], [drawing.timely], color=COLOURS[0], height=1)
    for at, line in enumerate(drawing.lines):
        page.text(0.06, 0.694 - 0.026 * at, _plain(line), size=12, color=INK, va="center")


def _bars(page: Any, drawing: Drawing) -> None:
    page.text(0.06, 0.594, _plain(drawing.bars_title), size=14, weight="bold", color=INK, va="center")
    axes = page.add_axes((0.33, 0.285, 0.58, 0.265))
    names = [_short(bar.name) for bar in drawing.bars]
    lefts = [0] * len(names)
    for part, colour in enumerate(COLOURS):
        widths = [bar.parts[part] for bar in drawing.bars]
        axes.barh(range(len(names)), widths, left=lefts, color=colour, height=0.66)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    widest = max([*lefts, 1])
    for at, total in enumerate(lefts):
        axes.text(total + widest * 0.015, at, str(total), va="center", size=11.5, color=INK)
    axes.set_yticks(range(len(names)), [_plain(name) for name in names], size=12, color=INK)
    axes.set_ylim(max(len(names), 4) - 0.4, -0.6)
    axes.set_xlim(0, widest * 1.1)
    axes.set_xticks([])
    _bare(axes)
    _legend(page, drawing)


def _legend(page: Any, drawing: Drawing) -> None:
    left = 0.06
    for name, colour in zip(drawing.legend, COLOURS, strict=True):
        page.text(left, 0.566, "■", size=13, color=colour, va="center")
        page.text(left + 0.028, 0.566, _plain(name), size=11, color=PALE, va="center")
        left += 0.05 + 0.0155 * len(name)


def _trend(page: Any, drawing: Drawing) -> None:
    page.text(0.06, 0.252, _plain(drawing.trend_title), size=14, weight="bold", color=INK, va="center")
    axes = page.add_axes((0.085, 0.065, 0.855, 0.165))
    counts = [count for _, count in drawing.trend]
    axes.bar(range(len(counts)), counts, color=COLOURS[1], width=0.75)
    every = max(1, -(-len(counts) // (MOST_TICKS // 2)))
    ticks = range(0, len(counts), every)
    axes.set_xticks(ticks, [_plain(drawing.trend[at][0]) for at in ticks], size=10.5, color=PALE, ha="left")
    top = max([*counts, 1])
    axes.set_ylim(0, top * 1.12)
    axes.set_yticks([0, top], ["0", str(top)], size=10.5, color=PALE)
    axes.set_xlim(-0.6, max(len(counts), 1) - 0.4)
    _bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(TRACK)


def _bare(axes: Any) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(Drawing.read(orjson.loads(sys.stdin.buffer.read()))))
