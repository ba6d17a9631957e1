"""How does the line fare, in the words of a monitoring system? Counts and seconds, never a person."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from hotline.calls.call import CallOutcome
from hotline.followups.followup import Kind
from hotline.ivr.nodes import Position
from hotline.operations.figures import BUCKETS, Figures, ToHuman

Labelled = Mapping[tuple[str], float] | Mapping[tuple[str, str], float]
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_WEBHOOK_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.2, 2.0, 4.0)


class Metrics:
    """The page of one replica: figures of the database, the same everywhere, and its own ticks and latency.

    Without figures, when the database does not answer, the page is short and not missing.
    """

    def __init__(
        self, job_ages: Callable[[], Mapping[str, float]], version: str, restarts: Callable[[], int] = int
    ) -> None:
        self._job_ages = job_ages
        self._restarts = restarts
        self._version = version
        self._registry = CollectorRegistry()
        self._webhooks = Histogram(
            "hotline_webhook_seconds",
            "Our own time in the answer to a request, on this replica.",
            ("route", "status"),
            registry=self._registry,
            buckets=_WEBHOOK_BUCKETS,
        )

    def note_answer(self, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is the template, never the path that was asked for."""
        self._webhooks.labels(route, f"{status // 100}xx").observe(seconds)

    def page(self, figures: Figures | None) -> bytes:
        """Return the page as text."""
        line = CollectorRegistry()
        line.register(_Families(tuple(self._families(figures))))
        return generate_latest(line) + generate_latest(self._registry)

    def _families(self, figures: Figures | None) -> Iterable[Metric]:
        yield _labelled("hotline_version", "The version that runs.", ("version",), {(self._version,): 1})
        ages = self._job_ages()
        job_title = "Seconds since each job of this replica last succeeded."
        by_job = {(job,): age for job, age in ages.items()}
        yield _labelled("hotline_job_age_seconds", job_title, ("job",), by_job)
        if ages:
            title = "Seconds since any job of this replica last succeeded."
            yield _plain("hotline_last_tick_age_seconds", title, min(ages.values()))
        title = "How often this replica's scheduler was dead and was started anew."
        restarts = CounterMetricFamily("hotline_scheduler_restarts", title)
        restarts.add_metric((), self._restarts())
        yield restarts
        answers = "Whether the database answered this replica."
        yield _plain("hotline_database_up", answers, 0 if figures is None else 1)
        if figures is not None:
            yield from _of_the_line(figures)


class _Families(Collector):
    def __init__(self, families: tuple[Metric, ...]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _of_the_line(figures: Figures) -> Iterable[Metric]:
    open_calls = {(p.value,): figures.open_calls.get(p.value, 0) for p in Position if p != Position.OVER}
    yield _labelled(
        "hotline_open_calls", "Calls that have not ended, by where the caller is.", ("state",), open_calls
    )
    ended = {(o.value,): figures.ended_calls.get(o.value, 0) for o in CallOutcome}
    yield _counted("hotline_calls", "Calls that have ended, by what became of them.", ("outcome",), ended)
    yield _counted(
        "hotline_rings",
        "Rings of people's phones, by role and by how each ended.",
        ("role", "result"),
        figures.rings,
    )
    owed = {(kind.value, state): 0 for kind in Kind for state in ("open", "owned")}
    yield _labelled(
        "hotline_follow_ups",
        "What is still owed to callers.",
        ("kind", "state"),
        owed | dict(figures.follow_ups),
    )
    due = "Seconds for which the oldest outward act (ring, redirect, text) has been due; 0 when none is."
    yield _plain("hotline_oldest_due_act_seconds", due, figures.oldest_due_seconds)
    yield _to_human(figures.to_human)


def _to_human(waited: ToHuman) -> Metric:
    found = HistogramMetricFamily(
        "hotline_seconds_to_human", "Seconds from the first ring of the line to a human voice."
    )
    steps = [(str(limit), float(count)) for limit, count in zip(BUCKETS, waited.up_to, strict=True)]
    found.add_metric((), [*steps, ("+Inf", float(waited.count))], waited.seconds)
    return found


def _plain(name: str, title: str, value: float) -> Metric:
    return GaugeMetricFamily(name, title, value=value)


def _labelled(name: str, title: str, labels: tuple[str, ...], values: Labelled) -> Metric:
    found = GaugeMetricFamily(name, title, labels=labels)
    for key, value in sorted(values.items()):
        found.add_metric(key, value)
    return found


def _counted(name: str, title: str, labels: tuple[str, ...], values: Labelled) -> Metric:
    found = CounterMetricFamily(name, title, labels=labels)
    for key, value in sorted(values.items()):
        found.add_metric(key, value)
    return found
