"""Draws the readings around an alert as a picture for a mail: curves, limit and axes, in figures
and Latin letters alone, so that no machine needs a font.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from config.vocabulary.time import DAY_MS, EAST_MS, HOUR_MS, MINUTE_MS

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 32, 32
"""Margins around the curves."""
FINER = 2
"""Drawn so many times as large and made smaller: its lines are smooth."""
COLOURS = ("#0b5cad", "#a65e00")
LIMIT, AXIS, GRID = "#c62828", "#444444", "#dddddd"
MOST_TIMES = 8
LONGEST_PAUSE = 5
"""Times the usual distance of two readings: a longer one is a gap."""
_STEPS_MS = (
    *(each * MINUTE_MS for each in (1, 5, 10, 30)),
    *(each * HOUR_MS for each in (1, 2, 3, 6, 12)),
    *(each * DAY_MS for each in (1, 2, 7, 30, 90, 365)),
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """Readings: instants in UTC epoch ms, ascending, and as many values; NaN or a long
    pause breaks the line. ``name`` is in Latin letters, such as an indicator's code.
    """

    t_ms: NDArray[np.int64]
    values: NDArray[np.float64]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """Where instants and values lie in the picture."""

    from_ms: int
    to_ms: int
    low: float
    high: float

    def x(self, t_ms: float) -> float:
        """From the left edge."""
        share = (t_ms - self.from_ms) / (self.to_ms - self.from_ms)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """From the upper edge."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


class _Pen:
    """Draws in the measures of the finished picture."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), "white")
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: Sequence[Point], colour: str, width: float = 1) -> None:
        scaled = [(x * FINER, y * FINER) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * FINER), joint="curve")

    def dot(self, point: Point, colour: str, radius: float) -> None:
        x, y = point[0] * FINER, point[1] * FINER
        self._draw.circle((x, y), radius * FINER, fill=colour)

    def write(self, point: Point, text: str, anchor: str, colour: str = AXIS) -> None:
        at = (point[0] * FINER, point[1] * FINER)
        self._draw.text(at, in_latin(text), fill=colour, font=_font(), anchor=anchor)

    def png(self) -> bytes:
        smooth = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        smooth.quantize(64).save(file, "PNG", optimize=True)
        return file.getvalue()


@cache
def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(13 * FINER)


def in_latin(text: str) -> str:
    """The same as the font can show it: µg/m³ as ug/m3, and nothing of what it lacks."""
    plain = unicodedata.normalize("NFKC", text).replace("μ", "u")
    return "".join(
        each for each in plain if each == "°" or (each.isascii() and each.isprintable())
    )


def drawn(
    curves: Sequence[Curve], limit: float | None, unit: str, from_ms: int, to_ms: int
) -> bytes:
    """A PNG of one or two curves between two instants, with the limit as a line where there is
    one, and times of the district.

    Raises:
        ValueError: the instants are no span, or there are other than one or two curves.
    """
    if from_ms >= to_ms or not 1 <= len(curves) <= len(COLOURS):
        raise ValueError("one or two curves over a span of time are drawn")
    parts = [list(_pieces(each, from_ms, to_ms)) for each in curves]
    values = [value for pieces in parts for piece in pieces for _, value in piece]
    marks = marked([*values, *([limit] if limit is not None else [])])
    axes = Axes(from_ms, to_ms, marks[0], marks[-1])
    pen = _Pen()
    _draw_axes(pen, axes, marks, unit)
    if limit is not None:
        _draw_limit(pen, axes, limit)
    for pieces, colour in zip(parts, COLOURS, strict=False):
        _draw_curve(pen, axes, pieces, colour)
    _draw_names(pen, curves)
    return pen.png()


def _pieces(curve: Curve, from_ms: int, to_ms: int) -> Iterator[list[tuple[int, float]]]:
    """The curve's readings in the span without its gaps."""
    inside = (curve.t_ms >= from_ms) & (curve.t_ms <= to_ms)
    t_ms, values = curve.t_ms[inside], curve.values[inside]
    there = np.isfinite(values)
    pauses = np.diff(t_ms)
    usual = np.median(pauses) if len(pauses) else 0
    ends = (np.diff(there.astype(np.int8)) != 0) | (pauses > LONGEST_PAUSE * usual)
    for part in np.split(np.arange(len(t_ms)), np.flatnonzero(ends) + 1):
        if len(part) and there[part[0]]:
            yield [(int(t_ms[at]), float(values[at])) for at in part]


def marked(values: Sequence[float]) -> list[float]:
    """Round values at equal distances around all that are shown, from nought where it is near."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if 0 <= low < high / 2 or _are_close(low, high):
        low, high = min(low, 0.0), max(high, 0.0)
    if _are_close(low, high):
        high = low + 1
    step = _round_step((high - low) / 4)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(at * step, 12) for at in range(first, max(last, first + 1) + 1)]


def _are_close(low: float, high: float) -> bool:
    """Whether no axis can tell them apart."""
    return high - low < 1e-9 * max(1.0, abs(low), abs(high))


def _round_step(about: float) -> float:
    """The next of 1, 2, 5, 10 … that is no smaller."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= about * (1 - 1e-9))


def _draw_axes(pen: _Pen, axes: Axes, marks: Sequence[float], unit: str) -> None:
    left, right, lowest = LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
    for value in marks:
        pen.line([(left, axes.y(value)), (right, axes.y(value))], GRID)
        pen.write((left - 8, axes.y(value)), f"{value:.6g}", "rm")
    step = next(
        (each for each in _STEPS_MS if (axes.to_ms - axes.from_ms) / each <= MOST_TIMES),
        _STEPS_MS[-1],
    )
    first = -(-(axes.from_ms + EAST_MS) // step) * step
    for local_ms in range(first, axes.to_ms + EAST_MS + 1, step):
        x = axes.x(local_ms - EAST_MS)
        pen.line([(x, lowest), (x, lowest + 4)], AXIS)
        pen.write((x, lowest + 8), _clock(local_ms), "mt")
    pen.line([(left, TOP), (left, lowest), (right, lowest)], AXIS)
    pen.write((left, TOP - 10), unit, "ls")


def _clock(local_ms: int) -> str:
    """The time of day in the district, or the day where one begins."""
    if local_ms % DAY_MS == 0:
        return str(np.datetime64(local_ms, "ms").astype("datetime64[D]"))[5:].replace("-", "/")
    hours, minutes = divmod(local_ms % DAY_MS // MINUTE_MS, 60)
    return f"{hours:02}:{minutes:02}"


def _draw_limit(pen: _Pen, axes: Axes, limit: float) -> None:
    y = axes.y(limit)
    for x in range(LEFT, WIDTH - RIGHT, 10):
        pen.line([(x, y), (x + 6, y)], LIMIT, 1.5)
    pen.write((LEFT + 4, y - 4), f"{limit:.6g}", "ls", LIMIT)


def _draw_curve(
    pen: _Pen, axes: Axes, pieces: Sequence[Sequence[tuple[int, float]]], colour: str
) -> None:
    """Every piece as a line, and the last reading as a dot."""
    for piece in pieces:
        points = [(axes.x(t_ms), axes.y(value)) for t_ms, value in piece]
        if len(points) == 1:
            pen.dot(points[0], colour, 1.5)
        else:
            pen.line(points, colour, 2)
    if pieces:
        t_ms, value = pieces[-1][-1]
        pen.dot((axes.x(t_ms), axes.y(value)), colour, 3.5)


def _draw_names(pen: _Pen, curves: Sequence[Curve]) -> None:
    """At the upper edge from the right, each before its colour."""
    x = float(WIDTH - RIGHT)
    for curve, colour in reversed(list(zip(curves, COLOURS, strict=False))):
        name = in_latin(curve.name)
        if name:
            pen.write((x, TOP - 10), name, "rs", colour)
            x -= _font().getlength(name) / FINER + 16
