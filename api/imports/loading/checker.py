"""Every row of a file is read, as for a load, and every fault is found; nothing stands by that."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator, Sequence

import msgspec

from api.audit import Actor
from api.imports.loading import spool
from api.imports.loading.parts import Beat, Elsewhere, Ended, Parts
from api.imports.reading.faults import Faults
from api.imports.reading.matching import missing
from api.imports.reading.opened import Opened, opened
from api.imports.reading.passing import Pass
from api.imports.records import Load, LoadState, Mapping, ReadRow, Report
from api.imports.repository import counts_of, written
from api.kinds.tables import Control, TableKind
from config.vocabulary.errors import FaultyInput

ROWS_A_BEAT = 500
ROWS_A_PAUSE, PAUSE_S = 32, 0.0002
"""A millisecond or two of work; by itself Python lets others in after five."""

log = logging.getLogger(__name__)


def claim(parts: Parts, load: Load, mapping: Mapping, by: Actor) -> Load:
    """Take a file in hand to read it by a mapping, which is kept for the next of its source.

    Raises:
        Elsewhere
    """
    now_ms, loads = parts.now_ms(), parts.loads
    mapping = msgspec.structs.replace(mapping, version=parts.kind(load.kind).version)
    states: tuple[LoadState, ...] = ("draft", "checked", "failed")
    with parts.state.begin() as connection:
        found = loads.claim(
            connection, load.id, states, "checking", mapping=written(mapping), beat_ms=now_ms
        )
        if found is None:
            raise Elsewhere(f"load {load.id} is in hand, or was loaded")
        loads.keep_mapping(connection, load, mapping, by.who, now_ms)
    return found


def check_rows(parts: Parts, load: Load, file: Opened | None = None) -> None:
    """Read every row of a file that was claimed; those that hold wait on disk to be loaded. It is
    opened by the mapping unless it was before.
    """
    kind = parts.kind_of(load)
    try:
        report, faults = _checked(parts, kind, load, file)
    except Ended:
        log.warning("the check of load %d was taken out of hand", load.id)
        return
    listed = faults.listed()
    with parts.state.begin() as connection:
        if parts.loads.settle(connection, load, "checked", **counts_of(report)):
            parts.loads.keep_report(connection, load.id, report, listed)


def rows_again(parts: Parts, load: Load) -> None:
    """Read the rows of a load that was checked once more, by the same mapping, where they are not
    on disk: a backup has contents of files and not these.

    Raises:
        Ended
    """
    if not parts.rows_of(load.id).exists():
        _checked(parts, parts.kind_of(load), load)


def _checked(
    parts: Parts, kind: TableKind, load: Load, file: Opened | None = None
) -> tuple[Report, Faults]:
    waiting, mapping = parts.rows_of(load.id), load.mapping
    faults = Faults()
    for lacking in missing(kind, mapping):
        faults.add(0, (*lacking.headers, lacking.name)[0], "column")
    if faults.count:
        spool.write(waiting, ())
        return Report(faults=faults.count, by_key=dict(faults.by_key)), faults
    try:
        header = mapping.header[0] if mapping.header else 0
        path = parts.contents.path(load.sha256)
        file = file or opened(path, load.file, mapping.sheet, header)
        there = {column.name for column in file.columns}
        for name in set(mapping.columns.values()) - there:
            faults.add(0, name, "column")
        passing = Pass(kind, file, mapping, faults)
        spool.write(waiting, _beating(passing, Beat(parts, load)))
    except FaultyInput as error:
        faults = Faults()
        faults.add(0, "", "table", more=str(error))
        spool.write(waiting, ())
        return Report(faults=1, by_key=dict(faults.by_key)), faults
    if twice := passing.twice():
        spool.write(waiting, passing.without(twice, spool.read(waiting)))
    if not passing.judge(parts.state):
        spool.write(waiting, ())
    return passing.report(_controls(parts, kind, passing.months)), faults


def _controls(parts: Parts, kind: TableKind, months: Collection[str]) -> Sequence[Control]:
    return kind.controls(parts.state, months) if kind.controls and months else ()


def _beating(passing: Pass, beat: Beat) -> Iterator[ReadRow]:
    """The rows, with pauses: whoever raises alerts in the same process has its turn at once."""
    for row in passing.rows():
        if passing.count % ROWS_A_PAUSE == 0:
            time.sleep(PAUSE_S)
        if passing.count % ROWS_A_BEAT == 0:
            beat.say(passing.count)
        yield row
