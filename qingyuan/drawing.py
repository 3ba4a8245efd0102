"""Pictures of back-tests."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Refused
from config.vocabulary.indicators import INDICATORS

if TYPE_CHECKING:
    from alerting.backtest import Outcome, Readings
    from alerting.rules import Rule

DAY_MS = 86_400_000
CJK = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK KR")
"""Any of them has the names of the indicators; matplotlib may know a font's first face only."""
_COLOURS = {
    "NOTICE": "tab:blue",
    "WARNING": "tab:orange",
    "ALARM": "tab:red",
    "CRITICAL": "maroon",
}


def drawn(
    file: Path,
    rules: Sequence[Rule],
    readings: Mapping[str, Readings],
    outcomes: Sequence[Outcome],
    zone: ZoneInfo,
) -> None:
    """A panel for each series, with its limits and its alerts; those of a second outcome hatched.

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
        warnings.simplefilter("ignore")
        figure = Figure(figsize=(14, 2.8 * len(readings) + 0.6), layout="constrained")
        panels = figure.subplots(len(readings), 1, sharex=True, squeeze=False)[:, 0]
        for panel, (series, (t, value)) in zip(panels, readings.items(), strict=True):
            code = series.rpartition("/")[2]
            row = INDICATORS[code]
            panel.set_title(f"{row.name if fonts else row.key}  {code}", loc="left", fontsize=10)
            panel.set_ylabel(row.unit)
            panel.plot(t / DAY_MS, value, color="0.45", linewidth=0.7)
            for limit in (of for rule in rules if rule.indicator == code for of in rule.limits):
                colour = _COLOURS[limit.level.name]
                panel.axhline(limit.limit, color=colour, linewidth=1, linestyle="--")
            for outcome, hatch in zip(outcomes, ("", "//"), strict=False):
                for alert in (of for of in outcome.alerts if of.indicator == code):
                    end = outcome.end_ms if alert.resolved_ms is None else alert.resolved_ms
                    look = {"color": _COLOURS[alert.level.name], "alpha": 0.25, "hatch": hatch}
                    panel.axvspan(alert.began_ms / DAY_MS, end / DAY_MS, **look)
        panels[-1].xaxis_date(zone)
        try:
            figure.savefig(file, dpi=110)
        except (OSError, ValueError) as error:
            what = f"{str(file)!r} cannot be written ({error})"
            raise Refused("--plot", what, "name a .png in a folder that stands") from error
