"""Once a night months that nobody keeps go, and the rest is put in order."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from config.settings import Settings
from ingest.journal.columns import Columns
from qingyuan.maintenance.retention import keep_in_order, months_back
from qingyuan.runtime.site import open_shared

SERIES = "tonglv-jinsha/w21003"


def ms(year: int, month: int, day: int) -> int:
    """An instant in UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "months", "begin"),
    [
        (ms(2026, 11, 24), 1, ms(2026, 10, 1)),
        (ms(2026, 11, 24), 24, ms(2024, 11, 1)),
        (ms(2027, 1, 1), 1, ms(2026, 12, 1)),
        (ms(2027, 1, 31), 13, ms(2025, 12, 1)),
    ],
)
def test_months_are_counted_back_over_the_turn_of_years(now: int, months: int, begin: int) -> None:
    """To the beginning of the first one that is kept."""
    assert months_back(now, months) == begin


@pytest.mark.parametrize(("keep", "left"), [(0, 3), (1, 2)])
def test_only_what_the_settings_let_go_goes(tmp_path: Path, keep: int, left: int) -> None:
    """Nothing, where they say nothing."""
    with open_shared(Settings(data_dir=tmp_path, keep_months=keep)) as shared:
        t = np.array([ms(2026, 9, 30), ms(2026, 10, 1), ms(2026, 11, 2)])
        shared.store.append(1, _columns(t))

        keep_in_order(shared, ms(2026, 11, 24), threading.Event())

        assert shared.store.track(SERIES, 0, 1 << 50).t.tolist() == t[-left:].tolist()


def _columns(t: np.ndarray) -> Columns:
    rows = len(t)
    return Columns(
        names=(SERIES,),
        series=np.zeros(rows, np.uint32),
        t=t,
        value=np.ones(rows),
        quality=np.ones(rows, np.uint8),
        cause=np.zeros(rows, np.uint8),
        received=t,
        boots=("0" * 32,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows),
    )
