"""Which stretches lack somebody, which alarm is due about each, and which alarms are over? Pure.

A gap is known by who is missing and by when it begins. It may shrink, grow or fall apart between two looks:
whoever has been told of the whole is told of a piece again only right before it begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.oncall.proof.coverage import Gap, Lacking
from hotline.oncall.proof.spans import Span, union

BEFORE = (48, 12, 2)
"""Hours before a gap begins at which the coordinator is alarmed."""

LAST, RUNNING, OF_THE_DAY = 2, 0, 999
"""Stages beside those hours: the last one before a gap, a gap that runs already, the list of the day."""

BACKUP, LEVELS = "backup", "levels"
_ROLES = {Lacking.VOLUNTEER: "volunteer", Lacking.SOCIAL_WORKER: "social_worker", Lacking.BACKUP: BACKUP}
_SOON_OVER = timedelta(hours=2)


@dataclass(frozen=True, order=True)
class Hole:
    """From when to when somebody of a role is missing; `backup` and `levels` are what no role is."""

    starts_at: datetime
    ends_at: datetime
    role: str


@dataclass(frozen=True)
class Alarm:
    """One alarm that was given: about which hole, at which stage; `about` joins those of one message."""

    id: str
    about: str
    role: str
    stage: int
    starts_at: datetime
    ends_at: datetime
    gaps: int
    alarmed_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Message:
    """What one message speaks of: everybody who is missing in the same stretch of time."""

    stage: int
    starts_at: datetime
    ends_at: datetime
    roles: tuple[str, ...]


def holes(found: Iterable[Gap]) -> tuple[Hole, ...]:
    """Return who is missing from when to when, of the gaps that nobody covers, earliest first."""
    by_role: dict[str, list[Span]] = {}
    for gap in found:
        for role in _missing(gap) if gap.is_open else ():
            by_role.setdefault(role, []).append(Span(gap.starts_at, gap.ends_at))
    joined = (
        Hole(span.starts_at, span.ends_at, role) for role, spans in by_role.items() for span in union(spans)
    )
    return tuple(sorted(joined))


def stage_of(hole: Hole, now: datetime) -> int | None:
    """Return which alarm a hole has come to: hours before it, 0 when it runs, None while it is far.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, 20, tzinfo=UTC)
    >>> [stage_of(Hole(at, at, "volunteer"), at - timedelta(hours=hours)) for hours in (49, 48, 12, 2, 1, 0)]
    [None, 48, 12, 2, 2, 0]
    """
    if hole.starts_at <= now:
        return RUNNING
    return next((hours for hours in reversed(BEFORE) if hole.starts_at - now <= timedelta(hours=hours)), None)


def due(found: Iterable[Hole], alarms: Sequence[Alarm], now: datetime) -> tuple[Message, ...]:
    """Return what has to be told now, and has not been; one message for each stretch of time."""
    messages: dict[tuple[int, datetime, datetime], list[str]] = {}
    for hole in found:
        stage = stage_of(hole, now)
        if stage is not None and not any(_tells(alarm, hole, stage) for alarm in alarms):
            messages.setdefault((stage, hole.starts_at, hole.ends_at), []).append(hole.role)
    return tuple(Message(*when, tuple(roles)) for when, roles in sorted(messages.items()))


def over(alarms: Iterable[Alarm], found: Sequence[Hole], now: datetime) -> tuple[Alarm, ...]:
    """Return the alarms of which nothing is left: closed meanwhile, or past."""
    return tuple(alarm for alarm in alarms if not any(_left(alarm, found, now)))


def grown(alarms: Iterable[Alarm], found: Sequence[Hole], now: datetime) -> dict[str, datetime]:
    """Return until when holes last of which an alarm said that they are soon over, by its id."""
    ends = {}
    for alarm in alarms:
        latest = max((hole.ends_at for hole in _left(alarm, found, now)), default=alarm.ends_at)
        if latest > alarm.ends_at and alarm.ends_at - now <= _SOON_OVER:
            ends[alarm.id] = latest
    return ends


def _missing(gap: Gap) -> tuple[str, ...]:
    if gap.lack.lacking == Lacking.LEVELS:
        return gap.lack.tiers or (LEVELS,)
    return (_ROLES[gap.lack.lacking],)


def _tells(alarm: Alarm, hole: Hole, stage: int) -> bool:
    """Tell whether an alarm has told of a hole, at this stage or a later one."""
    if alarm.role != hole.role or alarm.stage > max(stage, LAST):
        return False
    if stage == LAST:
        return alarm.starts_at == hole.starts_at
    return alarm.starts_at <= hole.starts_at < alarm.ends_at


def _left(alarm: Alarm, found: Iterable[Hole], now: datetime) -> Iterator[Hole]:
    for hole in found:
        if (
            hole.role == alarm.role
            and hole.starts_at < alarm.ends_at
            and hole.ends_at > max(alarm.starts_at, now)
        ):
            yield hole
