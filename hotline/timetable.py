"""What is done by the clock, how often, and which of it has stopped being done?"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from hotline.clock import Clock, Deadline, stopwatch, wall_now

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=20)
"""How much later than its interval a job may succeed before somebody must look."""
DEAD_AFTER = 20.0
"""Real seconds without any job begun after which the scheduler counts as dead, and is started anew."""

_LOOKS = 10
"""How often the watchdog looks within that time."""

_TRY_AGAIN = timedelta(seconds=15)
_SHORTEST = 0.05


@dataclass(frozen=True)
class Job:
    """Something to do every so many seconds of the service's clock; it must bear to be done twice."""

    name: str
    every_seconds: float
    run: Callable[[], None]


class _OneThreadEach(BaseExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """Run each job in a thread of its own: one that hangs holds up neither the others nor the exit."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[threading.Thread] = []
        self.began_one_at = stopwatch()

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        def work() -> None:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)  # noqa: SLF001  # as its own executors do
            self._run_job_success(job.id, events)

        self.began_one_at = stopwatch()
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=f"job {job.id}", daemon=True)
        thread.start()
        self.threads.append(thread)


class Timetable:
    """Tick in every replica; the database decides which due work is done by whom."""

    def __init__(
        self, jobs: tuple[Job, ...], clock: Clock, speed: float = 1.0, dead_after: float = DEAD_AFTER
    ) -> None:
        self.jobs = jobs
        self.restarts = 0
        """How often a dead scheduler was started anew."""

        self.dead_after = dead_after
        self._stopped = threading.Event()
        self._clock = clock
        self._speed = speed
        self._scheduler: AsyncIOScheduler | None = None
        self._executor = _OneThreadEach()
        self._succeeded: dict[str, datetime] = {}
        self._failing: dict[str, str] = {}

    def start(self) -> None:
        """Start ticking, inside a running event loop, and watching over it in a thread of its own."""
        began = self._clock.now()
        self._succeeded = {job.name: began for job in self.jobs}
        self._begin()
        self._stopped.clear()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch, args=(loop,), name="watchdog", daemon=True).start()

    def _begin(self) -> None:
        self._executor.began_one_at = stopwatch()
        scheduler = AsyncIOScheduler(timezone=UTC, executors={"default": self._executor})
        for job in self.jobs:
            scheduler.add_job(
                self._ticking(job),
                IntervalTrigger(seconds=max(_SHORTEST, job.every_seconds / self._speed), timezone=UTC),
                id=job.name,
                name=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=wall_now(),
            )
        scheduler.start()
        self._scheduler = scheduler

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have a dead scheduler started anew; whoever watches must not depend on it."""
        patience = self._patience()
        while not self._stopped.wait(patience / _LOOKS):
            silent = stopwatch() - self._executor.began_one_at
            if silent > patience and not loop.is_closed():
                # Another look comes only after another silence.
                self._executor.began_one_at = stopwatch()
                loop.call_soon_threadsafe(self._begin_again, silent)

    def _patience(self) -> float:
        shortest = min((job.every_seconds for job in self.jobs), default=0.0) / self._speed
        return max(self.dead_after, 3 * shortest)

    def _begin_again(self, silent: float) -> None:
        if self._scheduler is None:
            return
        self.restarts += 1
        log.error("the scheduler was dead and is started anew", extra={"silent_seconds": round(silent, 1)})
        dead, self._executor = self._scheduler, _OneThreadEach()
        with suppress(SchedulerNotRunningError):
            dead.shutdown(wait=False)
        self._begin()

    def stop(self, patience: float = 0.5) -> None:
        """Stop ticking; what is being done gets `patience` seconds, and is safe to be done again."""
        self._stopped.set()
        if self._scheduler is None:
            return
        with suppress(SchedulerNotRunningError):
            self._scheduler.shutdown(wait=False)
        self._scheduler = None
        deadline = Deadline(patience)
        for thread in self._executor.threads:
            thread.join(deadline.left())

    @property
    def last_tick(self) -> datetime | None:
        """Return when any job last succeeded (at first: when the ticking began)."""
        return max(self._succeeded.values(), default=None)

    def seconds_since_success(self) -> dict[str, float]:
        """Return how long ago each job last succeeded, in seconds of the service's clock."""
        now = self._clock.now()
        return {name: (now - moment).total_seconds() for name, moment in self._succeeded.items()}

    def troubles(self) -> tuple[str, ...]:
        """Return one sentence for each job that failed, or has not been done for too long.

        A scheduler may be there and yet be dead, so what counts is what was done and not who says so.
        """
        ages = self.seconds_since_success()
        if not ages:
            return ("the ticking has not begun",)
        found = [f"{name}: failed with {error}" for name, error in sorted(self._failing.items())]
        for job in self.jobs:
            allowed = job.every_seconds + GRACE.total_seconds() * self._speed
            if ages[job.name] > allowed and job.name not in self._failing:
                found.append(f"{job.name}: not done for {ages[job.name]:.0f} s")
        return tuple(found)

    def _ticking(self, job: Job) -> Callable[[], None]:
        def tick() -> None:
            try:
                job.run()
            except Exception as error:  # noqa: BLE001  # whatever a job raises, the next tick must come
                self._failed(job, type(error).__name__)
            else:
                self._failing.pop(job.name, None)
                self._succeeded[job.name] = self._clock.now()

        return tick

    def _failed(self, job: Job, error: str) -> None:
        log.error("a job failed and will be tried again", extra={"job": job.name, "error": error})
        self._failing[job.name] = error
        scheduler = self._scheduler
        if (
            scheduler is not None
            and scheduler.running
            and job.every_seconds / self._speed > _TRY_AGAIN.total_seconds()
        ):
            scheduler.modify_job(job.name, next_run_time=wall_now() + _TRY_AGAIN)
