"""What runs by the clock runs in the time of the district."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

from apscheduler.schedulers.background import BackgroundScheduler

from qingyuan.runtime.scheduler import Job, running


def test_a_job_of_three_in_the_morning_is_due_at_three_in_the_district() -> None:
    """Wherever the machine stands."""
    made: list[BackgroundScheduler] = []
    start = BackgroundScheduler.start

    def started(scheduler: BackgroundScheduler) -> None:
        made.append(scheduler)
        start(scheduler)

    with (
        patch.object(BackgroundScheduler, "start", started),
        running([Job("keep in order", lambda: None, hour=3)]),
    ):
        (job,) = made[0].get_jobs()
        due = job.next_run_time.astimezone(UTC)

    assert (due.hour, due.minute) == (19, 0)
    assert due > datetime.now(UTC)
