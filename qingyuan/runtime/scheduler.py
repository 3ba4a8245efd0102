"""Jobs by the clock, in the time of the district."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from api.shape import CoreServices, Platform
from config.vocabulary.time import SHANGHAI, ZONE

SOON = timedelta(seconds=5)
LATE_S = 6 * 3600
"""A job whose hour was slept through is made up for when less than this has passed."""

# It tells at length what it does each time; what matters a job says itself.
logging.getLogger("apscheduler").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done once a day, ``minute`` past ``hour`` in Asia/Shanghai; or again and
    again, ``every_minutes``, soon after the start for the first time.
    """

    name: str
    work: Callable[[], None]
    hour: int = 0
    minute: int = 0
    every_minutes: int = 0

    @property
    def trigger(self) -> BaseTrigger:
        """Its time as the scheduler takes it."""
        if self.every_minutes:
            soon = datetime.now(ZONE) + SOON
            return IntervalTrigger(minutes=self.every_minutes, start_date=soon, timezone=SHANGHAI)
        return CronTrigger(hour=self.hour, minute=self.minute, timezone=SHANGHAI)


def platform_jobs(roster: Iterable[Platform], given: CoreServices) -> Iterator[Job]:
    """Those of every platform, under its name."""
    for platform in roster:
        for job in platform.jobs:
            name = f"{platform.slug}: {job.name}"
            work = partial(job.work, given)
            yield Job(name, work, job.hour, job.minute, job.every_minutes)


@contextmanager
def running(jobs: Sequence[Job]) -> Iterator[None]:
    """Each job at its time, one after the other, on a thread of its own."""
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    for job in jobs:
        scheduler.add_job(
            job.work,
            job.trigger,
            id=job.name,
            coalesce=True,
            misfire_grace_time=LATE_S,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
