"""What is done by the clock, how often, and when did it last happen?"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from hotline.clock import Clock, wall_now

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Job:
    """Something to do every so many seconds of the service's clock; it must bear to be done twice."""

    name: str
    every_seconds: float
    run: Callable[[], None]


class Timetable:
    """Tick in every replica; the database decides which due work is done by whom."""

    def __init__(self, jobs: tuple[Job, ...], clock: Clock, speed: float = 1.0) -> None:
        self.jobs = jobs
        self._clock = clock
        self._speed = speed
        self._scheduler: AsyncIOScheduler | None = None
        self.last_tick: datetime | None = None

    def start(self) -> None:
        """Start ticking, inside a running event loop."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        for job in self.jobs:
            scheduler.add_job(
                self._ticking(job),
                IntervalTrigger(seconds=max(0.05, job.every_seconds / self._speed), timezone=UTC),
                id=job.name,
                executor="threads",
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=wall_now() if job.every_seconds >= 5 else None,
            )
        scheduler.add_listener(self._on_error, EVENT_JOB_ERROR)
        scheduler.start()
        self._scheduler = scheduler
        self.last_tick = self._clock.now()

    def stop(self) -> None:
        """Stop ticking; what is being done is finished."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def is_fresh(self) -> bool:
        """Tell whether a tick was seen lately: a scheduler may be running and yet be dead."""
        return self.last_tick is not None and self._clock.now() - self.last_tick < STALE_AFTER * self._speed

    def _ticking(self, job: Job) -> Callable[[], None]:
        def tick() -> None:
            job.run()
            self.last_tick = self._clock.now()

        return tick

    def _on_error(self, event: JobExecutionEvent) -> None:
        log.error(
            "a job failed and will be tried again",
            extra={"job": event.job_id, "error": type(event.exception).__name__},
        )
