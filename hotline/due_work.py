"""What is done by the clock, and how often? The whole list; each piece bears to be done twice."""

from functools import partial

from hotline.audit.jobs import forget_reads
from hotline.calls import jobs as call_jobs
from hotline.calls.backstop import BackstopFile
from hotline.calls.cover.again import tell_again
from hotline.calls.cover.offer_times import follow_offers, forget_who_was_asked
from hotline.calls.handover import over
from hotline.calls.handover.jobs import tell_of_notes
from hotline.calls.journal import Journal
from hotline.calls.morning.jobs import tell_morning
from hotline.calls.presence import jobs as presence_jobs
from hotline.calls.promise import alarms, alarms_lost
from hotline.calls.recovery import import_journal
from hotline.calls.rings.jobs import OldRings
from hotline.calls.served_elsewhere import MissedCalls
from hotline.calls.standby import LOOKS_EVERY, WrittenAnew, write_backstop, write_fallback
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.changes import tell_changes
from hotline.calls.telling.gap_alarms import alarm_about_gaps
from hotline.calls.telling.sought import tell_who_was_sought
from hotline.claims.jobs import forget_claims
from hotline.database import Database
from hotline.oncall.files.actions import settle
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.jobs import extend_rota
from hotline.operations.jobs import Watch
from hotline.settings import Settings
from hotline.telephony.act_pool import ActPool
from hotline.telephony.line import Line
from hotline.timetable import Job

_HOUR = 3600


def work_for_calls(board: Switchboard, database: Database, line: Line, pool: ActPool) -> tuple[Job, ...]:
    """Return what live calls, and what is owed after them, may need; no live call waits for it."""
    return (
        Job("sweep acts", 2, pool.sweep),
        Job("ring in time", 2, partial(call_jobs.ring_in_time, board, database)),
        Job("look after overdue passes", 5, partial(call_jobs.look_after_overdue, board, database, line)),
        Job("look for callers gone", 15, partial(call_jobs.look_for_callers_gone, board, database, line)),
        Job("find calls served elsewhere", 60, MissedCalls(board, database, line).look),
        Job("reconcile legs", 15, partial(call_jobs.reconcile_legs, board, database, line)),
        Job("probe REST", 15, partial(call_jobs.probe_rest, database, line)),
        Job("ring alarms", 10, partial(alarms.ring_alarms, board, database)),
        Job("reconcile alarms", 30, partial(alarms_lost.reconcile_alarms, board, database, line)),
        Job("hand over follow-ups", 60, partial(alarms.hand_over, board, database)),
    )


def work_for_staff(settings: Settings, board: Switchboard, database: Database) -> tuple[Job, ...]:
    """Return what keeps the rota true: who is there, who takes over, who is told what."""
    jobs = [
        Job("remind of shifts", 30, partial(presence_jobs.remind, board, database)),
        Job("remind again", 60, partial(presence_jobs.remind_again, board, database)),
        Job("look after beginnings", 20, partial(presence_jobs.look_after_beginnings, board, database)),
        Job("tell of missing colleagues again", 60, partial(tell_again, board, database)),
        Job("follow offers", 10, partial(follow_offers, board, database)),
        Job("tell of changed shifts", 60, partial(tell_changes, board, database)),
        Job("tell who was sought", 30, partial(tell_who_was_sought, board, database)),
        Job("look after hand-overs", 15, partial(over.look_after_talks, board, database)),
        Job("tell of notes", 60, partial(tell_of_notes, board, database)),
        Job("tell the morning", 30, partial(tell_morning, board, database)),
        Job("settle files of shifts", 600, partial(settle, database)),
        Job("extend rota", _HOUR, partial(extend_rota, Ground(board.profile, board.countries), database)),
    ]
    if settings.gap_alarms:
        jobs.append(Job("alarm about gaps", 60, partial(alarm_about_gaps, board, database)))
    return tuple(jobs)


def work_for_breakdowns(
    settings: Settings,
    board: Switchboard,
    database: Database,
    backstop: BackstopFile,
    journal: Journal,
    watch: Watch,
) -> tuple[Job, ...]:
    """Return what is done so that a breakdown is survived, and heard of."""
    kept = WrittenAnew(database, partial(write_backstop, board, database, backstop))
    jobs = [
        Job("write backstop", LOOKS_EVERY, kept.look),
        Job("import journal", 10, partial(import_journal, board, database, journal)),
        Job("watch the line", 30, watch.look),
    ]
    if settings.heartbeat_url:
        jobs.append(Job("heartbeat", 60, watch.beat))
    if settings.fallback_dir is not None and settings.fallback_url:
        written = partial(write_fallback, board, database, settings.fallback_dir, settings.fallback_url)
        jobs.append(Job("write fallback", LOOKS_EVERY, WrittenAnew(database, written).look))
    return tuple(jobs)


def forgetting(board: Switchboard, database: Database) -> tuple[Job, ...]:
    """Return what erases, in small steps, what need not be known any longer."""
    return (
        Job("forget", _HOUR, partial(call_jobs.forget, board, database)),
        Job("forget rings", _HOUR, OldRings(database).forget),
        Job("forget checks", _HOUR, partial(presence_jobs.forget_checks, database)),
        Job("forget who was asked", _HOUR, partial(forget_who_was_asked, database)),
        Job("forget claims", _HOUR, partial(forget_claims, database)),
        Job("forget reads", _HOUR, partial(forget_reads, database)),
    )
