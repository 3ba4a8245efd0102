"""What runs by the clock, in the time of the district."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from api.shape import CoreServices, Platform
from config.vocabulary.time import SHANGHAI

LATE_S = 6 * 3600
"""A job whose hour was slept through is made up for when less than this has passed."""

# It tells at length what it does each time; what matters a job says itself.
logging.getLogger("apscheduler").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done once a day; ``minute`` past ``hour`` in Asia/Shanghai."""

    name: str
    work: Callable[[], None]
    hour: int
    minute: int = 0


def platform_jobs(roster: Iterable[Platform], given: CoreServices) -> Iterator[Job]:
    """Those of every platform, under its name."""
    for platform in roster:
        for job in platform.jobs:
            name = f"{platform.slug}: {job.name}"
            yield Job(name, partial(job.work, given), job.hour, job.minute)


@contextmanager
def running(jobs: Sequence[Job]) -> Iterator[None]:
    """Each job at its time, one after the other, on a thread of its own."""
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    for job in jobs:
        scheduler.add_job(
            job.work,
            CronTrigger(hour=job.hour, minute=job.minute, timezone=SHANGHAI),
            id=job.name,
            coalesce=True,
            misfire_grace_time=LATE_S,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
