"""A load that was checked comes into force, and goes again."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict

from api import audit
from api.audit import Actor
from api.imports.loading import spool, staging
from api.imports.loading.parts import Beat, Elsewhere, Ended, Outdated, Parts, Waits
from api.imports.loading.slices import Slices
from api.imports.loading.staging import Compared
from api.imports.records import Load
from api.kinds.tables import TableKind

ROWS_COMPARED = 500
"""At once, which is reading and keeps nobody waiting."""

log = logging.getLogger(__name__)


def claim(parts: Parts, load: Load, by: Actor) -> Load:
    """Take a load that was checked in hand, so that nobody else does. Of a kind one at a time is
    written: rows are compared with those that stand.

    Raises:
        Elsewhere, Waits, Outdated
    """
    now_ms, loads = parts.now_ms(), parts.loads
    if parts.kind(load.kind).version != load.mapping.version:
        raise Outdated(f"load {load.id} was checked by an older description; check it again")
    with parts.state.begin() as connection:
        if loads.under_way(connection, load.kind):
            raise Waits(f"load {load.id} waits for another one of its kind; try again then")
        found = loads.claim(
            connection, load.id, ("checked",), "loading", loaded_by=by.who, beat_ms=now_ms
        )
    if found is None:
        raise Elsewhere(f"load {load.id} was not checked, or is loaded already")
    return found


def load_rows(parts: Parts, load: Load, by: Actor) -> None:
    """Write the rows of a load that was claimed, and bring it into force; one of which every row
    stands already changes nothing. Whatever ends it half way leaves all as it was.
    """
    kind, beat = parts.kind_of(load), Beat(parts, load)
    try:
        found = _compared(parts, kind, load, beat)
        if found.fresh or found.changed:
            _write(parts, kind, load, beat)
        _settle(parts, load, found, by)
    except Ended:
        log.warning("load %d was taken out of hand", load.id)
        return
    spool.remove(parts.rows_of(load.id))
    hear(parts, load.id)


def withdraw(parts: Parts, load: Load, why: str, by: Actor) -> None:
    """Take a load out of force: what stood before stands again.

    Raises:
        Elsewhere, Waits
    """
    now_ms, loads = parts.now_ms(), parts.loads
    with parts.state.begin() as connection:
        if loads.under_way(connection, load.kind):
            raise Waits(f"load {load.id} waits for another one of its kind; try again then")
        moved = loads.move(
            connection,
            load.id,
            ("in-force",),
            "withdrawn",
            withdrawn_by=by.who,
            withdrawn_ms=now_ms,
            withdrawn_why=why,
            heard=False,
        )
        if not moved:
            raise Elsewhere(f"load {load.id} is not in force")
        audit.record(
            connection,
            by=by,
            action="imports.withdrawn",
            subject=str(load.id),
            detail=_detail(load, why=why),
            at_ms=now_ms,
        )
    hear(parts, load.id)


def hear(parts: Parts, load_id: int) -> None:
    """Let the platform of a load hear what became of it."""
    load = parts.loads.one(load_id)
    if load is not None and not load.heard and load.kind in parts.kinds:
        parts.kinds[load.kind].loaded(parts.state, load_id)
        parts.loads.hear(load_id)


def _compared(parts: Parts, kind: TableKind, load: Load, beat: Beat) -> Compared:
    if not staging.stands_any(parts.state, kind):
        return Compared(fresh=load.good)
    found = Compared()
    for rows in Slices(ROWS_COMPARED).of(spool.read(parts.rows_of(load.id))):
        with parts.state.read() as connection:
            found += staging.compare(connection, kind, rows)
        beat.say(0)
    return found


def _write(parts: Parts, kind: TableKind, load: Load, beat: Beat) -> None:
    take_away(parts, kind, load.id)
    slices, done = Slices(), 0
    for rows in slices.of(spool.read(parts.rows_of(load.id))):
        values = staging.prepared(kind, load.id, rows)
        done += len(rows)
        with parts.state.begin() as connection:
            begun_s = time.monotonic()
            beat.note(connection, done)
            staging.write(connection, kind, values)
        slices.held(begun_s)
        beat.say(done)


def take_away(parts: Parts, kind: TableKind, load_id: int) -> None:
    """Take away what was written of a load that never came into force."""
    slices = Slices()
    while staging.has_rows(parts.state, kind, load_id):
        with parts.state.begin() as connection:
            begun_s = time.monotonic()
            staging.sweep(connection, kind, load_id, slices.size)
        slices.held(begun_s)


def _settle(parts: Parts, load: Load, found: Compared, by: Actor) -> None:
    """The one row that decides."""
    now_ms, loads = parts.now_ms(), parts.loads
    changes = bool(found.fresh or found.changed)
    with parts.state.begin() as connection:
        settled = loads.settle(
            connection,
            load,
            "in-force" if changes else "unchanged",
            ordinal=loads.next_ordinal(connection) if changes else None,
            loaded_ms=now_ms,
            done=load.good,
            heard=not changes,
            **asdict(found),
        )
        if not settled:
            raise Ended
        audit.record(
            connection,
            by=by,
            action="imports.loaded",
            subject=str(load.id),
            detail=_detail(load, **asdict(found)),
            at_ms=now_ms,
        )


def _detail(load: Load, **more: object) -> str:
    known = {"kind": load.kind, "source": load.source, "file": load.file, "rows": load.good}
    return json.dumps(known | more, ensure_ascii=False)
