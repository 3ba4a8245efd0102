"""A history for a demonstration: readings of the stations from before its first start, of a month,
on days of the years before, and on those of last year's case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from config.catalogue.cadences import CadenceSpan
from config.catalogue.shapes import Catalogue, Station
from config.settings import SpoolLimits
from config.vocabulary import bounds, topics, wire
from config.vocabulary.reading import Sample
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, begins_ms, day_of
from edge_agent.spool.spool import Spool
from ingest.annotations.cadences import CadenceRecord
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake, Message
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from qingyuan.demo.history.case_days import STATION, measured, spill_of
from qingyuan.demo.history.seasons import earlier
from qingyuan.runtime.site import now_ms
from simulators.district import District

DAYS = 30
"""As many whole days as a station's page shows, and no more than a spool keeps."""
BY_MINUTE_MS = 26 * HOUR_MS
SPOOL_MS = SpoolLimits().days * DAY_MS


def spool_path(data: Path, station_id: str) -> Path:
    """The spool of a station."""
    return data / "spool" / f"{station_id}.sqlite"


def write_history(
    catalogue: Catalogue,
    cadences: CadenceRecord,
    district: District,
    data: Path,
    *,
    years: bool = True,
) -> None:
    """Through spool, intake and journal as everything else; only the socket between is left out.

    A station whose spool stands already has had its past. With ``years`` it begins with days of
    the years before.
    """
    now = now_ms()
    fresh = [name for name in catalogue.stations if not spool_path(data, name).exists()]
    if not fresh:
        return
    journal, deadletters = Journal(data / "journal"), DeadLetters(data / "deadletters.sqlite")
    ledger = SequenceLedger.rebuilt(journal)
    committer = Committer(Intake(catalogue, ledger, deadletters), journal, ledger, lambda: now)
    for name in fresh:
        station = catalogue.stations[name]
        recent = _recent(station, now)
        cadences.brought(name, list(_spans(recent[:-1], catalogue.plans[name])))
        spool = Spool(spool_path(data, name))
        before = _of_years(catalogue, name, now) if years else ()
        # A spool gives up what is much older than its newest: each part is settled by itself.
        for samples in (*before, *(list(district.history(station, of)) for of in recent)):
            spool.append(*samples)
            taken = committer.take(list(_messages(spool, catalogue.site.id, name, now)))
            for settled in taken.settled:
                spool.forget(settled.boot, [(span.first, span.last) for span in settled.spans])
        spool.close()
    journal.close()
    deadletters.close()


def _recent(station: Station, now: int) -> tuple[range, range, range]:
    """The instants of a month up to now: of each hour, of each minute of its last day, and since
    the last full hour those of the station itself, which goes on with that hour.
    """
    hour, today = now // HOUR_MS * HOUR_MS, begins_ms(date.fromisoformat(day_of(now)))
    month, minutes = today - DAYS * DAY_MS, hour - BY_MINUTE_MS
    return (
        range(month, minutes, HOUR_MS),
        range(minutes, hour, MINUTE_MS),
        range(hour, now, station.cadence_ms),
    )


def _spans(parts: Iterable[range], codes: Sequence[str]) -> Iterator[CadenceSpan]:
    """Without them readings of an hour would be taken for holes in those of seconds."""
    for of in parts:
        for code in codes:
            yield CadenceSpan(code, of.start, of.stop, of.step, "import")


def _of_years(catalogue: Catalogue, name: str, now: int) -> list[list[Sample]]:
    """The readings of a station from before the month, the oldest days first."""
    today = date.fromisoformat(day_of(now))
    parts = list(earlier(name, today))
    if name == STATION:
        then = District(catalogue, seed=1, now_ms=lambda: now, incidents=[spill_of(today)])
        instants = chain.from_iterable(measured(today))
        parts.append(list(then.history(catalogue.stations[name], instants)))
    return sorted(parts, key=lambda samples: samples[0].taken_ms)


def _messages(spool: Spool, site: str, station_id: str, now: int) -> Iterator[Message]:
    after = 0
    while rows := spool.backlog(spool.boot, after, spool.last, bounds.HISTORY_SAMPLES):
        first, after = rows[0].seq, rows[-1].seq
        topic = topics.history_topic(site, station_id, spool.boot, first, after)
        body = wire.encode_history(rows, oldest=1, sent_ms=now)
        # What is older than a spool may hold comes as records out of a file do.
        yield Message(topic, body, imported=rows[0].sample.taken_ms < now - SPOOL_MS)
