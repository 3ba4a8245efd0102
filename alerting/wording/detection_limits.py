"""Readings below detection, for the words of alerts: rules compared them as 0."""

from __future__ import annotations

from collections.abc import Callable

from config.vocabulary.detection import limit_of
from ingest.store.protocol import Store, StoreAway


def detection_limits(store: Store) -> Callable[[str, int], float | None]:
    """Of a reading, by "station/indicator" and instant, its detection limit in the indicator's
    unit; None where it was detected, is not there, or the store is away.
    """

    def limit(series: str, at_ms: int) -> float | None:
        try:
            found = store.track(series, at_ms, at_ms + 1)
        except StoreAway:  # the 0 that the rule compared is said then
            return None
        return limit_of(float(found.value[0]), int(found.cause[0])) if len(found) else None

    return limit
