"""Actions on loads: send a file, check it by a mapping, load it, withdraw it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from api import audit
from api.accounts.records import Account
from api.audit import Actor
from api.imports.contents import Contents, Stored
from api.imports.loading import checker, loader, spool, sweeper
from api.imports.loading.parts import Elsewhere, Parts
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.reading import matching
from api.imports.reading.matching import Match
from api.imports.reading.opened import Opened, opened
from api.imports.records import Load, LoadState
from api.imports.records import Mapping as Chosen
from api.imports.repository import Loads
from api.kinds.tables import TableKind
from api.ports import Todo
from api.services import Services
from api.shape import CoreServices, Platform
from config.vocabulary.errors import FaultyInput

LONGEST_NAME = 200
MOST_TODOS = 20
DROPPED: tuple[LoadState, ...] = ("draft", "checked")


def parts_of(services: Services, roster: Iterable[Platform]) -> Parts:
    """The parts of loading in a process with pages."""
    kinds = {kind.name: kind for platform in roster for kind in platform.tables}
    return Parts(services.state, Contents.beside(services.files), services.now_ms, kinds)


def parts_of_core(core: CoreServices) -> Parts:
    """The parts of loading in the core."""
    kinds = {kind.name: kind for platform in core.roster for kind in platform.tables}
    return Parts(core.state, Contents.beside(core.files), core.now_ms, kinds)


def sweep(core: CoreServices) -> None:
    """The job of every minute: loads that ended half way leave nothing."""
    sweeper.sweep(parts_of_core(core))


def forget(core: CoreServices) -> None:
    """The job of every night: files that were never loaded go."""
    sweeper.forget(parts_of_core(core))


def seen(parts: Parts, account: Account) -> Mapping[str, TableKind]:
    """The kinds of which somebody may see loads, by name."""
    return {name: kind for name, kind in parts.kinds.items() if account.may(kind.permission)}


def named(parts: Parts, account: Account) -> Mapping[str, TableKind]:
    """The same with their fields as they are described now."""
    return {name: parts.kind(name) for name in seen(parts, account)}


def one(parts: Parts, account: Account, load_id: int) -> Load | None:
    """A load that somebody may see."""
    load = parts.loads.one(load_id)
    return load if load is not None and load.kind in seen(parts, account) else None


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Files that somebody sent and neither loaded nor mended yet."""
    if not account.may(ImportPermission.LOAD):
        return ()
    found = Loads(services.state).waiting_for(account.actor.who, MOST_TODOS)
    return [
        Todo(
            load.file,
            f"/imports/{load.id}",
            load.made_ms,
            note=services.words("imports.faults", n=load.faults)
            if load.faults
            else services.words(f"imports.state-{load.state}"),
        )
        for load in found
    ]


def send(parts: Parts, by: Actor, kind: TableKind, source: str, name: str, file: BinaryIO) -> Load:
    """Keep a file that came for a kind, from a source."""
    return receive(parts, by, kind, source, name, parts.contents.keep(file))


def receive(
    parts: Parts, by: Actor, kind: TableKind, source: str, name: str, stored: Stored
) -> Load:
    """The load of a content that is kept already."""
    named = "".join(sign for sign in name if sign.isprintable()).strip()[-LONGEST_NAME:]
    now_ms = parts.now_ms()
    with parts.state.begin() as connection:
        load_id = parts.loads.add(
            connection,
            kind=kind.name,
            source=source,
            file=named or "?",
            sha256=stored.sha256,
            size=stored.size,
            by=by.who,
            at_ms=now_ms,
        )
        detail = {"kind": kind.name, "source": source, "file": named, "sha256": stored.sha256}
        audit.record(
            connection,
            by=by,
            action="imports.sent",
            subject=str(load_id),
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now_ms,
        )
        load = parts.loads.found(connection, load_id)
    assert load is not None
    return load


def proposal(
    parts: Parts, load: Load, said: Mapping[str, str], sheet: str = "", header: int = 0
) -> tuple[Opened, tuple[Match, ...]]:
    """The file of a load, and which column is which field: as it was chosen for this load, or for
    the last file of its source, or by the names. ``said`` names fields as the page does.

    Raises:
        FaultyInput: it holds no table that can be read.
    """
    kept = load.mapping if load.mapping.columns else parts.loads.mapping(load.kind, load.source)
    wanted = sheet or (kept.sheet if kept else "")
    file = opened(parts.contents.path(load.sha256), load.file, wanted, header)
    return file, matching.matches(parts.kind(load.kind), file.columns, kept, said)


def drop(parts: Parts, load: Load, by: Actor) -> None:
    """Let go of a file that was never loaded.

    Raises:
        Elsewhere
    """
    detail = {"kind": load.kind, "source": load.source, "file": load.file}
    with parts.state.begin() as connection:
        if load.state not in DROPPED or not parts.loads.remove(connection, load.id, load.state):
            raise Elsewhere(f"load {load.id} is in hand, or was loaded")
        audit.record(
            connection,
            by=by,
            action="imports.dropped",
            subject=str(load.id),
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=parts.now_ms(),
        )
    spool.remove(parts.rows_of(load.id))
    if not parts.loads.uses(load.sha256):
        parts.contents.remove(load.sha256)


def begin_check(worker: Worker, parts: Parts, by: Actor, load: Load, mapping: Chosen) -> None:
    """Read every row of a file, beside the pages.

    Raises:
        Elsewhere
    """
    claimed = checker.claim(parts, load, mapping, by)
    worker.begin(parts, claimed, lambda: checker.check_rows(parts, claimed))


def begin_load(worker: Worker, parts: Parts, by: Actor, load: Load) -> None:
    """Load the rows of a file that hold, beside the pages.

    Raises:
        Elsewhere, Waits, Outdated
    """
    claimed = loader.claim(parts, load, by)
    worker.begin(parts, claimed, lambda: _load(parts, claimed, by))


def load_at_once(
    worker: Worker, parts: Parts, by: Actor, load: Load, *, good_rows: bool, dry_run: bool
) -> Load:
    """Check a file by the mapping of its source, or by its names, and load it where it has no
    fault, or with ``good_rows`` those rows that hold; with ``dry_run`` it is only checked.

    Raises:
        FaultyInput, Elsewhere, Waits, Outdated
    """
    try:
        file, found = proposal(parts, load, {})
    except FaultyInput:
        drop(parts, load, by)
        raise
    mapping = matching.mapping_of(found, file.sheet, file.header, {})
    checked = checker.claim(parts, load, mapping, by)
    worker.run(parts, checked, lambda: checker.check_rows(parts, checked, file))
    now = parts.loads.one(load.id)
    assert now is not None
    if now.state != "checked" or dry_run or not now.good or (now.faults and not good_rows):
        return now
    claimed = loader.claim(parts, now, by)
    worker.run(parts, claimed, lambda: _load(parts, claimed, by))
    return parts.loads.one(load.id) or now


def _load(parts: Parts, claimed: Load, by: Actor) -> None:
    checker.rows_again(parts, claimed)
    loader.load_rows(parts, claimed, by)
