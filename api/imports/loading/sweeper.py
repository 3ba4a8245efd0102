"""Loads that ended half way, and files that nobody needs any more, are swept."""

from __future__ import annotations

import logging

from api.imports.loading import loader, spool
from api.imports.loading.parts import Parts
from config.vocabulary.time import DAY_MS

SILENT_MS = 60_000
"""A load of which nothing was heard so long is worked on by nobody any more."""
KEPT_MS = 30 * DAY_MS
"""A file that was never loaded is let go of after so long."""

log = logging.getLogger(__name__)


def sweep(parts: Parts) -> None:
    """End what nobody works on, take its rows away, and let platforms hear what they missed."""
    now_ms, loads = parts.now_ms(), parts.loads
    for load in loads.silent(now_ms - SILENT_MS):
        with parts.state.begin() as connection:
            loads.move(connection, load.id, (load.state,), "failed", problem="ended")
        log.warning("load %d ended half way in state %r", load.id, load.state)
    for load in loads.of_state("failed"):
        if load.kind in parts.kinds:
            loader.take_away(parts, parts.kinds[load.kind], load.id)
        spool.remove(parts.rows_of(load.id))
    for load in loads.unheard():
        try:
            loader.hear(parts, load.id)
        except Exception:
            log.exception("%s cannot hear of load %d", load.kind, load.id)


def forget(parts: Parts) -> None:
    """Let go of files that were sent and never loaded."""
    now_ms, loads = parts.now_ms(), parts.loads
    for state in ("draft", "checked", "failed"):
        for load in loads.of_state(state):
            if load.made_ms > now_ms - KEPT_MS:
                continue
            with parts.state.begin() as connection:
                loads.remove(connection, load.id, state)
            spool.remove(parts.rows_of(load.id))
            if not loads.uses(load.sha256):
                parts.contents.remove(load.sha256)
