"""`qingyuan import`: old records from a CSV file."""

from __future__ import annotations

import csv
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.time import ZONE
from tabular.files.formulas import BOM, inert
from tabular.options import Choice

if TYPE_CHECKING:
    from ingest.importing.feeding import Feed, Objection, Survey, Tally
    from ingest.importing.plan import Order, Plan
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line

HEADER = ("line", "column", "value", "reason", "remedy")
LOOK_S = 0.1
PATIENCE_S = 60.0
"""How long a store may stand still before an import ends without it."""
BAR = 24


class Here(dict[str, Any]):
    """Options that have not left this process: no core has them, so nobody else brings into the
    store what is journaled.
    """


def imported(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: look the file over, take it line by line, wait for the store, sum up.

    Raises:
        FaultyInput: an option or the file's header.
        Refused: readings older than the store keeps, or a full journal.
    """
    from ingest.annotations.cadences import CadenceRecord
    from ingest.importing.feeding import Feed, surveyed
    from ingest.importing.plan import planned
    from ingest.journal.log import JournalFull
    from qingyuan.runtime.site import beyond, keeps_from_ms, now_ms
    from qingyuan.runtime.tasks import Line

    order, report = _order(options), _Report(Path(options["report"]))
    if report.path.resolve() == order.file.resolve():
        raise Refused("--report", "is the file itself", "name another one")
    plan = planned(order, resources.shared.catalogue)
    resources.shared.kept.position()  # a server may have been started anew with another retention
    keeps_from = keeps_from_ms(resources.shared.kept, now_ms())
    survey = yield from _looked_over(surveyed(plan, now_ms(), keeps_from))
    if survey.too_old:
        raise beyond(resources.shared.kept, str(plan.table.file), survey.too_old, now_ms())
    # Before its first line, so that nothing of it is judged by another cadence.
    CadenceRecord(resources.shared.state).brought(plan.station, survey.spans)
    feed = Feed(plan, survey, resources.committer)
    with report:
        try:
            yield from _fed(feed, report)
        except JournalFull as error:
            what = f"{feed.tally.taken + feed.tally.known} lines stand, then: {error}"
            remedy = "and import it again; it goes on from there"
            raise Refused(str(plan.table.file), what, remedy) from error
        away = yield from _kept(resources, by_us=isinstance(options, Here))
        report.add(feed.disputes(resources.deadletters))
    for reason, count in report.reasons.most_common():
        yield Line(f"{count:9}  {reason}")
    if away:
        yield Line(away)
    for text in _cadences(survey):
        yield Line(text)
    yield Line(_summary(plan, feed.tally, report), status=1 if report.reasons else 0)


def _order(options: Mapping[str, Any]) -> Order:
    from alerting.rules.durations import milliseconds
    from ingest.importing.plan import Order
    from ingest.importing.steps import SLOWEST_MS

    choice = Choice.out_of(options["columns"])
    faults: list[Fault] = []
    text = options.get("cadence")
    named_ms = milliseconds(text, "--cadence", faults) if text else None
    if named_ms is not None and not 0 < named_ms <= SLOWEST_MS and not faults:
        faults.append(Fault("--cadence", f"{text!r} is no cadence", 'write e.g. "1h", at most 1d'))
    if faults:
        raise FaultyInput(faults)
    return Order(Path(options["file"]), options["station"], choice, named_ms)


def _cadences(survey: Survey) -> Iterator[str]:
    """By which cadences the rules judge what the file holds."""
    from alerting.rules.durations import duration
    from ingest.importing.steps import said

    for cadence_ms, codes, first_ms, end_ms in said(survey.spans):
        first, end = (datetime.fromtimestamp(of / 1000, ZONE) for of in (first_ms, end_ms))
        span = f"{first:%Y-%m-%d} to {end:%Y-%m-%d}"
        yield f"cadence {duration(cadence_ms)} of {', '.join(codes)}, {span} (else: --cadence)"


def _looked_over(surveying: Generator[float, None, Survey]) -> Generator[Line, None, Survey]:
    from qingyuan.runtime.tasks import Line

    while True:
        try:
            share = next(surveying)
        except StopIteration as end:
            found: Survey = end.value
            return found
        yield Line(f"looking it over  {share:4.0%}", passing=True)


def _fed(feed: Feed, report: _Report) -> Iterator[Line]:
    from qingyuan.runtime.tasks import Line

    began = time.monotonic()
    for objections in feed.steps():
        report.add(objections)
        yield Line(_bar(feed.tally, time.monotonic() - began), passing=True)


def _bar(tally: Tally, seconds: float) -> str:
    """How far it is, how fast, and how long it will take at this speed."""
    full = round(tally.share * BAR)
    rate = tally.lines / max(seconds, 1e-3)
    left = seconds * (1 - tally.share) / max(tally.share, 1e-3)
    return (
        f"[{'#' * full}{'.' * (BAR - full)}] {tally.share:4.0%}  {tally.lines} lines"
        f"  {rate:.0f} lines/s  {left:.0f} s left"
    )


def _kept(resources: SiteResources, *, by_us: bool) -> Generator[Line, None, str]:
    """Until the store holds what the journal does; otherwise words on why it does not."""
    from ingest.store.protocol import StoreAway
    from ingest.store.writer import StoreWriter
    from qingyuan.runtime.tasks import Line

    kept, last = resources.shared.kept, resources.journal.last
    store_writer = StoreWriter(
        resources.journal, kept, resources.deadletters, resources.shared.catalogue.site.id
    )
    seen, since = -1, time.monotonic()
    later = (
        "the journal keeps all of it for the store; see qingyuan deadletters for conflicts then"
    )
    try:
        while (n := kept.position()) < last:
            yield Line(f"into the store  {last - n} batches to go", passing=True)
            if n != seen:
                seen, since = n, time.monotonic()
            elif time.monotonic() - since > PATIENCE_S:
                return f"the store has stood still for {PATIENCE_S:.0f} s; {later}"
            if by_us:
                store_writer.step()
            else:
                threading.Event().wait(LOOK_S)
    except StoreAway as away:
        return f"{away}; {later}"
    return ""


def _summary(plan: Plan, tally: Tally, report: _Report) -> str:
    said = (
        f"{plan.table.file.name}: {tally.lines} lines, {tally.taken} taken,"
        f" {tally.known} were there already, {tally.refused} refused"
    )
    count = report.reasons.total()
    return f"{said}; {count} refusals stand in {report.path}" if count else said


class _Report:
    """A CSV file of refusals with their reasons and remedies; there is none where nothing was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons = Counter[str]()
        self._open = ExitStack()
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._open.close()
        if kind is None and self._file is None:
            _drop_older(self.path)

    def add(self, objections: Iterable[Objection]) -> None:
        """Write down some more.

        Raises:
            Refused: the file cannot be written.
        """
        from ingest.importing.feeding import CORRECT, REMEDIES

        try:
            for one in objections:
                self.reasons[one.reason.partition(":")[0]] += 1
                texts = (one.column, one.value, one.reason, REMEDIES.get(one.reason, CORRECT))
                self._write(one.line, *map(inert, texts))
        except OSError as error:
            remedy = "name another file with --report, and import it again"
            what = f"cannot be written ({error.strerror})"
            raise Refused(str(self.path), what, remedy) from error

    def _write(self, *row: object) -> None:
        if self._file is None:
            text = self.path.open("w", encoding="utf-8", newline="")
            self._file = self._open.enter_context(text)
            self._file.write(BOM)
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerow(row)


def _drop_older(path: Path) -> None:
    """One of an earlier import would be taken for this one's; any other file is left alone."""
    with suppress(OSError, UnicodeDecodeError):
        with path.open(encoding="utf-8-sig") as file:
            ours = file.readline().startswith("line,column,value,reason")
        if ours:
            path.unlink()
