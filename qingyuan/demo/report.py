"""The fate of every sample: the spools' own count against what the store gives back."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from alerting.notify.entries import OfEvent
from config.vocabulary.time import ZONE
from edge_agent.spool.spool import Spool
from ingest.store.protocol import Store
from qingyuan.assembly import RunningCentre

END_OF_TIME_MS = 253_402_300_799_000
LOOK_S = 0.05


def settled(running: RunningCentre, wait_s: float) -> bool:
    """Wait until store and record hold what the journal holds and messages are on their way."""
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        kept = running.store.position() >= running.journal.last
        if kept and running.rule_worker.settled and not waiting(running):
            return True
        threading.Event().wait(LOOK_S)
    return False


def account(
    running: RunningCentre, spools: Path, incidents: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The report of a demonstration. A sample is stored when the store gives its instant back,
    so that neither the ledger nor the journal is its own witness.
    """
    made, stored = 0, 0
    for station_id in running.catalogue.stations:
        made += _issued(spools / f"{station_id}.sqlite")
        stored += _instants(running.store, station_id, running.catalogue.plans[station_id])
    refused = len(running.deadletters.seqs())
    alerts = running.repository.listing(most=10_000)
    told = _deliveries(running)
    return {
        "samples": {
            "made": made,
            "stored": stored,
            "refused": refused,
            "lost": max(made - stored - refused, 0),
            "repeated": running.ledger.repeated(),
        },
        "incidents": [
            row | {name: _iso(row[name]) for name in ("began", "ended")} for row in incidents
        ],
        "alerts": [
            {
                "rule": kept.alert.rule_id,
                "station": kept.alert.station,
                "level": kept.alert.level.name.lower(),
                "state": str(kept.alert.state),
                "began": _iso(kept.alert.began_ms),
                "fired": _iso(kept.alert.fired_ms),
                "resolved": _iso(kept.alert.resolved_ms),
                "notified": sum(row["event"] == kept.event for row in told if kept.event),
            }
            for kept in alerts
        ],
        "notifications": len({row["message"] for row in told}),
        "deliveries": [
            {name: of for name, of in row.items() if name != "message"} for row in told
        ],
    }


def waiting(running: RunningCentre) -> bool:
    """Whether there is an event to be told, or a message on its way."""
    messages = running.services.messages
    with running.services.state.read() as connection:
        fresh = running.services.events.unjoined(connection)
        unsettled = [
            event
            for event in running.services.events.open(connection)
            if event.state == "standing" and not event.known_level
        ]
        due = messages.due(connection, running.services.now_ms())
    return bool(fresh or unsettled or due or messages.waiting()[0])


def _deliveries(running: RunningCentre) -> list[dict[str, Any]]:
    """Each delivery with the entries that it told, the oldest first."""
    messages = running.services.messages
    with running.services.state.read() as connection:
        return [
            {
                "message": delivery.message_id,
                "person": message.reader,
                "channel": delivery.channel,
                "event": entry.event,
                "alert": entry.body.alert.id if isinstance(entry.body, OfEvent) else None,
                "state": delivery.state,
                "attempts": delivery.attempts,
                "at": _iso(delivery.settled_ms or delivery.created_ms),
            }
            for message, delivery in messages.every(connection)
            for entry in message.entries
        ]


def _issued(path: Path) -> int:
    spool = Spool(path)
    try:
        return sum(spool.issued().values())
    finally:
        spool.close()


def _instants(store: Store, station_id: str, codes: Sequence[str]) -> int:
    """Distinct instants at which the store holds anything of a station."""
    tracks = [store.track(f"{station_id}/{code}", 0, END_OF_TIME_MS).t for code in codes]
    return len(np.unique(np.concatenate(tracks)))


def _iso(at_ms: int | None) -> str | None:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).isoformat() if at_ms is not None else None
