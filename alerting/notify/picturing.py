"""The readings around an alert as a picture of a message."""

from __future__ import annotations

import numpy as np

from alerting.alert import Alert
from alerting.channels.picture import Curve, drawn
from alerting.wording.sentences import Wording
from config.vocabulary.quality import Quality
from config.vocabulary.time import HOUR_MS
from ingest.store.protocol import Store

BEFORE_MS = 6 * HOUR_MS
POINTS = 600


def picture(store: Store, wording: Wording, alert: Alert, now_ms: int) -> bytes | None:
    """A PNG of the indicator from some hours before the alert until now, with the limit; None
    where the alert is of no one indicator, or nothing was read.
    """
    if not alert.indicator:
        return None
    from_ms = alert.began_ms - BEFORE_MS
    to_ms = max(now_ms, alert.last_ms or 0, alert.began_ms + 1)
    track = store.drawing(f"{alert.station}/{alert.indicator}", from_ms, to_ms, POINTS)
    good = track.quality == Quality.GOOD
    if not good.any():
        return None
    values = np.where(good, track.value, np.nan)
    said = wording.sentences(alert, now_ms)
    curve = Curve(track.t, values, alert.indicator)
    return drawn([curve], said.limit, said.unit, from_ms, to_ms)
