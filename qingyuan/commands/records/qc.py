"""`qingyuan qc`: a CSV file with the flags of quality control beside its readings."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import defaults
from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS
from ingest.quality.checks import out_of_range, to_resolution
from ingest.quality.flagging import Series, Station, flag
from qingyuan.arguments import Parser, answering
from qingyuan.plots import panels
from tabular.columns import Table, table_of
from tabular.options import FILE, Choice, add_columns, shielded
from tabular.readings import Cells, cadence_ms, cells_of, lines_of, readings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WORDS = {int(c): "" if c is Cause.NORMAL else c.name.lower().replace("_", "-") for c in Cause}


def run(argv: list[str]) -> int:
    """Print the file with a flag and a cause behind each line for every column that is mapped."""
    given = _parser().parse_args(shielded(argv))
    table = table_of(given.file, Choice.of(given))
    if faults := list(_of_its_columns(table)):
        raise FaultyInput(faults)
    read = cells_of(table)
    found = judged(table, read)
    if given.plot:
        _draw(given.plot, table, read, found)
    warn_of_times(table, read)
    with answering():
        _print(table, read, found)
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan qc", "the flags of quality control beside the readings of a file")
    parser.add_argument("file", type=Path, help=FILE)
    add_columns(parser, required=True)
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="a picture of it as well")
    return parser


def _of_its_columns(table: Table) -> Iterator[Fault]:
    """Columns of the answer whose names are taken."""
    names = set(table.names)
    for column in table.columns:
        where = f"--map {column.name}={column.code}"
        for name in (f"{column.name}_flag", f"{column.name}_cause"):
            if name in names:
                what = f"{table.file.name} has a column {name!r} already"
                yield Fault(where, what, "rename that one, or map it once")
            names.add(name)


def warn_of_times(table: Table, read: Cells) -> None:
    """Say how many rows are left out."""
    if late := int(np.count_nonzero(~read.timely)):
        what = f"{late} rows are not evaluated; their time cannot be read, or they are too short"
        print(f"qingyuan: {table.file}: {what}", file=sys.stderr)


def judged(table: Table, read: Cells) -> list[Series]:
    """Each column with its flags, in the file's order; those of lines that cannot be judged, and
    of all but the first of an instant, say so.
    """
    there = [readings(read, place) for place in range(len(table.columns))]
    parts = list(zip(table.columns, there, read.values, read.causes, strict=True))
    series = {
        column.code: _as_kept(column.code, t, value[rows], cause[rows])
        for column, (t, rows), value, cause in parts
    }
    cadence = cadence_ms(read.t[read.timely])
    station = Station(series, defaults(), cadence, {}, {})
    found = []
    for column, (_, rows), value, cause in parts:
        quality = np.where(np.isnan(value), Quality.MISSING, Quality.NOT_EVALUATED)
        whole = Series(read.t, value, quality.astype(np.uint8), cause)
        flagged = flag(station, column.code)
        whole.quality[rows], whole.cause[rows] = flagged.quality, flagged.cause
        found.append(whole)
    return found


def _as_kept(
    code: str, t: NDArray[np.int64], value: NDArray[np.float64], cause: NDArray[np.uint8]
) -> Series:
    """Readings as the centre would have kept them before it judges them."""
    low, high = (np.full(len(t), end) for end in INDICATORS[code][-2:])
    beyond = out_of_range(value, low, high)
    quality = np.where(np.isnan(value), Quality.MISSING, Quality.GOOD).astype(np.uint8)
    quality[beyond] = Quality.BAD
    return Series(t, to_resolution(value), quality, np.where(beyond, np.uint8(Cause.RANGE), cause))


def _print(table: Table, read: Cells, judged: Sequence[Series]) -> None:
    writer = csv.writer(sys.stdout, delimiter=table.delimiter, lineterminator="\n")
    names = [f"{column.name}_{what}" for column in table.columns for what in ("flag", "cause")]
    more: list[list[str]] = []
    for series, held in zip(judged, read.held, strict=True):
        flags = [str(quality) for quality in series.quality.tolist()]
        causes = [_WORDS[cause] for cause in series.cause.tolist()]
        if not held.all():
            flags = [of if there else "" for of, there in zip(flags, held, strict=True)]
            causes = [of if there else "" for of, there in zip(causes, held, strict=True)]
        more += flags, causes
    lines, short = table.lines(), [""] * table.width
    writer.writerow([*table.names, *names])
    writer.writerows(
        [*fields, *short[len(fields) :], *flags]
        for (_, fields), flags in zip(
            lines_of(table, lines), zip(*more, strict=True), strict=False
        )
    )
    if lines.digest != read.digest:
        what, remedy = "was changed while it was read", "try again now that it stands still"
        raise Refused(str(table.file), what, remedy)


def _draw(file: Path, table: Table, read: Cells, judged: Sequence[Series]) -> None:
    """A panel for each column, in the order of time."""
    titles = {column.code: column.name for column in table.columns}
    with panels(file, titles, table.zone) as axes:
        for panel, series, held in zip(axes, judged, read.held, strict=True):
            timely = np.flatnonzero(read.timely & held)
            rows = timely[np.argsort(read.t[timely], kind="stable")]
            _mark(panel, series.t[rows] / DAY_MS, series.value[rows], series.quality[rows])


def _mark(
    panel: Axes, days: NDArray[np.float64], value: NDArray[np.float64], quality: NDArray[np.uint8]
) -> None:
    """The course, and on it a sign of its own for every flag but good. Points beyond the course
    are drawn at the panel's edge: one bad value of 9999 would flatten all others.
    """
    course = np.where(quality == Quality.BAD, np.nan, value)
    panel.plot(days, course, color="0.55", linewidth=0.7, zorder=1)
    low, high = panel.get_ylim()
    panel.set_ylim(low, high)
    signs = (
        (Quality.NOT_EVALUATED, "not evaluated", "o", "tab:blue"),
        (Quality.SUSPECT, "suspect", "D", "tab:orange"),
        (Quality.BAD, "bad", "x", "tab:red"),
        (Quality.MISSING, "missing", "|", "black"),
    )
    for given, word, marker, colour in signs:
        rows = np.flatnonzero(quality == given)
        at = np.clip(np.where(np.isnan(value[rows]), low, value[rows]), low, high)
        panel.plot(
            days[rows],
            at,
            linestyle="none",
            marker=marker,
            color=colour,
            markersize=5,
            markerfacecolor="none",
            label=f"{word} ({len(rows)})",
            clip_on=False,
            in_layout=False,
            zorder=2,
        )
    panel.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize=8, frameon=False)
