"""The pulse of a core with what its readers of the journal and its broker know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from alerting.rule_worker import RuleWorker
from config.vocabulary import reports
from config.vocabulary.refusals import PassedOverCount
from ingest.store.writer import StoreWriter
from qingyuan.runtime.site import SiteResources

MOST_COUNTS = 100
"""Rows of a table that a pulse carries."""
Attempts = Callable[[], Sequence[reports.Attempt]]


def with_readers(
    pulse: reports.Pulse,
    own: SiteResources,
    rule_worker: RuleWorker,
    store_writer: StoreWriter,
    attempts: Attempts,
) -> reports.Pulse:
    """A pulse with what the journal's readers and the broker know."""
    passed_over = own.committer.passed_over + store_writer.passed_over
    return msgspec.structs.replace(
        pulse,
        stored=store_writer.stored,
        store_away=store_writer.away,
        judged=rule_worker.n,
        deadletters=own.deadletters.count() + sum(own.deadletters.dropped().values()),
        refusals=list(own.deadletters.totals()[:MOST_COUNTS]),
        passed_over=[PassedOverCount(*of, n) for of, n in passed_over.most_common(MOST_COUNTS)],
        attempts=list(attempts()),
        held_ms=own.shared.state.holds.longest_ms,
        held_over=own.shared.state.holds.over,
    )
