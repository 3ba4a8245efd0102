"""`qingyuan rejudge`: quality control of the past, by the settings of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS
from qingyuan.maintenance.export import day_of

if TYPE_CHECKING:
    from ingest.quality.again import Changes
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line

SLICE_MS = 30 * DAY_MS


def rejudged(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: series by series, a month at a time, also beside readings that arrive. It
    says what changes; only with ``apply`` does it change.

    Raises:
        FaultyInput: with every fault of the options.
    """
    from ingest.quality.again import Changes, Rejudging
    from qingyuan.runtime.tasks import Line

    shared = resources.shared
    series, first_ms, end_ms = _asked(resources, options)
    rejudging = Rejudging(resources.journal, shared.kept, shared.findings, shared.catalogue)
    total = Changes()
    for place, name in enumerate(series):
        own = Changes()
        for begin_ms in range(first_ms, end_ms, SLICE_MS):
            span = begin_ms, min(begin_ms + SLICE_MS, end_ms) - 1
            now_ms = resources.committer.now_ms()
            found = rejudging.changes(name, span, now_ms)
            if found and options["apply"]:
                rejudging.judge(name, span, now_ms)
            own += found
            share = (place + (span[1] - first_ms) / (end_ms - first_ms)) / len(series)
            yield Line(f"{share:4.0%}  {name}", passing=True)
        if own:
            yield Line(f"{name}: {_in_words(own)}")
        total += own
    if not total:
        yield Line("the settings of now say what was said; nothing changes", status=0)
    elif options["apply"]:
        yield Line(f"changed: {_in_words(total)}; alerts that rested on it are amended", status=0)
    else:
        yield Line(f"would change: {_in_words(total)}; add --apply to change it", status=0)


def _in_words(of: Changes) -> str:
    return (
        f"{of.doubted} readings become suspect or bad, {of.cleared} good again, "
        f"{of.reworded} get another cause"
    )


def _asked(resources: SiteResources, options: Mapping[str, Any]) -> tuple[list[str], int, int]:
    """The series of the catalogue that are asked for, and from when to before when."""
    faults: list[Fault] = []
    station, codes = options["station"], options["codes"]
    plans = resources.shared.catalogue.plans
    if station not in plans:
        remedy = f"use one of {', '.join(plans)}"
        faults.append(Fault("STATION", f"unknown station {station!r}", remedy))
    measured = plans.get(station, ())
    for code in codes:
        if measured and code not in measured:
            remedy = f"use one of {', '.join(measured)}"
            faults.append(Fault("--code", f"{code!r} is not measured there", remedy))
    first = day_of("--from", options["from"], faults)
    last = day_of("--to", options["to"], faults) if options["to"] else resources.committer.now_ms()
    if first is not None and last is not None and first > last:
        faults.append(Fault("--from", "lies behind --to", "name an earlier day"))
    if faults or first is None or last is None:
        raise FaultyInput(faults)
    return (
        [f"{station}/{code}" for code in measured if not codes or code in codes],
        first,
        (last + DAY_MS if options["to"] else last + 1),
    )
