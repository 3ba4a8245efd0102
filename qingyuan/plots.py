"""Pictures of series: a panel for each, with the names of the indicators."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Refused
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from alerting.backtest.backtest import Outcome, Readings
    from alerting.rules.rule import Rule

CJK = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK KR")
"""Any of them has the names of the indicators; matplotlib may know a font's first face only."""
_COLOURS = {
    "NOTICE": "tab:blue",
    "WARNING": "tab:orange",
    "ALARM": "tab:red",
    "CRITICAL": "maroon",
}


@contextmanager
def panels(file: Path, titles: Mapping[str, str], zone: ZoneInfo) -> Iterator[list[Axes]]:
    """A panel for each indicator (code -> what stands behind its name), to be drawn on in days
    since 1970 (UTC); the picture is kept at the end.

    Raises:
        Refused: there is no matplotlib, or the picture cannot be kept there.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it talks of its font cache
    try:
        from matplotlib import font_manager, rc_context
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        remedy = "install qingyuan[plot], or leave it out"
        raise Refused("--plot", f"needs the library {error.name}", remedy) from error
    known = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [name for name in CJK if name in known][:1]
    with rc_context({"font.family": [*fonts, "DejaVu Sans"]}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column's own name may have signs that no font has
        figure = Figure(figsize=(14, 2.6 * len(titles) + 0.6), layout="constrained")
        axes = figure.subplots(len(titles), 1, sharex=True, squeeze=False)[:, 0]
        for panel, (code, title) in zip(axes, titles.items(), strict=True):
            row = INDICATORS[code]
            name = f"{row.name if fonts else row.key}  {code}  {title}"
            panel.set_title(name, loc="left", fontsize=10, parse_math=False)
            panel.set_ylabel(row.unit)
        axes[-1].xaxis_date(zone)
        yield list(axes)
        try:
            figure.savefig(file, dpi=110)
        except (OSError, ValueError) as error:
            what = f"{str(file)!r} cannot be written ({error})"
            raise Refused("--plot", what, "name a .png in a folder that stands") from error


def drawn(
    file: Path,
    rules: Sequence[Rule],
    readings: Mapping[str, Readings],
    outcomes: Sequence[Outcome],
    zone: ZoneInfo,
) -> None:
    """Series with their limits and alerts; those of a second outcome hatched.

    Raises:
        Refused: there is no matplotlib, or the picture cannot be kept there.
    """
    from alerting.rules.registry import kind_of

    by_code = {series.rpartition("/")[2]: of for series, of in readings.items()}
    with panels(file, dict.fromkeys(by_code, ""), zone) as axes:
        for panel, (code, (t, value)) in zip(axes, by_code.items(), strict=True):
            panel.plot(t / DAY_MS, value, color="0.45", linewidth=0.7)
            drawn = [rule for rule in rules if rule.indicator == code and kind_of(rule).of_values]
            for limit in (of for rule in drawn for of in rule.limits):
                colour = _COLOURS[limit.level.name]
                panel.axhline(limit.limit or 0.0, color=colour, linewidth=1, linestyle="--")
            for outcome, hatch in zip(outcomes, ("", "//"), strict=False):
                for alert in (of for of in outcome.alerts if of.indicator == code):
                    end = outcome.end_ms if alert.resolved_ms is None else alert.resolved_ms
                    colour, begin = _COLOURS[alert.level.name], alert.began_ms / DAY_MS
                    panel.axvspan(begin, end / DAY_MS, color=colour, alpha=0.25, hatch=hatch)
