"""The order and the limits of deleting old data: done once a night."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from api import audit
from api.accounts import retention
from ingest.store.protocol import StoreAway
from qingyuan.maintenance.auditing import leave
from qingyuan.runtime.site import SharedResources

log = logging.getLogger(__name__)


def keep_in_order(shared: SharedResources, now_ms: int, stop: threading.Event) -> None:
    """Let go of months that the settings no longer keep, and put the rest in order; may take
    minutes, and ends early when told to stop.
    """
    try:
        # VictoriaMetrics drops by its own -retentionPeriod; corrections must outlive its readings.
        if shared.settings.keep_months and shared.settings.store != "victoriametrics":
            _drop(shared, months_back(now_ms, shared.settings.keep_months))
        shared.store.tidy(stop)
    except StoreAway as away:
        log.warning("tomorrow again: %s", away)
    retention.let_go(shared.state, now_ms, stop)


def _drop(shared: SharedResources, begin_ms: int) -> None:
    """Every night again, for a store may have been away; audited the first time."""
    shared.store.drop_before(begin_ms)
    before = f"{datetime.fromtimestamp(begin_ms / 1000, UTC):%Y-%m}"
    if not audit.count(shared.state, action="retention", subject=before):
        leave(shared.state, audit.CENTRE.who, "retention", before, "")


def months_back(now_ms: int, months: int) -> int:
    """UTC epoch ms of the beginning of the month that lies ``months`` before the running one."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp() * 1000)
