"""A history for a demonstration: readings of the stations from before its first start, and of one
of them on the days of last year's case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from config.catalogue.shapes import Catalogue
from config.vocabulary import bounds, topics, wire
from config.vocabulary.reading import Sample
from config.vocabulary.time import day_of
from edge_agent.spool.spool import Spool
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake, Message
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from qingyuan.demo.days import STATION, measured, spill_of
from qingyuan.runtime.site import now_ms
from simulators.district import District

PAST_MS, STEP_MS = 26 * 3_600_000, 60_000


def spool_path(data: Path, station_id: str) -> Path:
    """The spool of a station."""
    return data / "spool" / f"{station_id}.sqlite"


def write_history(catalogue: Catalogue, district: District, data: Path) -> None:
    """Through spool, intake and journal as everything else; only the socket between is left out.

    A station whose spool stands already has had its past.
    """
    now = now_ms()
    fresh = [name for name in catalogue.stations if not spool_path(data, name).exists()]
    if not fresh:
        return
    journal, deadletters = Journal(data / "journal"), DeadLetters(data / "deadletters.sqlite")
    ledger = SequenceLedger.rebuilt(journal)
    committer = Committer(Intake(catalogue, ledger, deadletters), journal, ledger, lambda: now)
    for name in fresh:
        spool = Spool(spool_path(data, name))
        # A spool gives up what is much older than its newest: each part is settled by itself.
        for samples in _parts(catalogue, district, name, now):
            spool.append(*samples)
            taken = committer.take(list(_messages(spool, catalogue.site.id, name, now)))
            for settled in taken.settled:
                spool.forget(settled.boot, [(span.first, span.last) for span in settled.spans])
        spool.close()
    journal.close()
    deadletters.close()


def _parts(
    catalogue: Catalogue, district: District, name: str, now: int
) -> Iterator[list[Sample]]:
    """The readings of a station, the oldest part first."""
    station = catalogue.stations[name]
    if name == STATION:
        today = date.fromisoformat(day_of(now))
        then = District(catalogue, seed=1, now_ms=lambda: now, incidents=[spill_of(today)])
        yield list(then.history(station, chain.from_iterable(measured(today))))
    yield list(district.history(station, range(now - PAST_MS, now, STEP_MS)))


def _messages(spool: Spool, site: str, station_id: str, now: int) -> Iterator[Message]:
    """As from a file, for some of it is older than any spool holds."""
    after = 0
    while rows := spool.backlog(spool.boot, after, spool.last, bounds.HISTORY_SAMPLES):
        first, after = rows[0].seq, rows[-1].seq
        topic = topics.history_topic(site, station_id, spool.boot, first, after)
        yield Message(topic, wire.encode_history(rows, oldest=1, sent_ms=now), imported=True)
