"""Which coordinator is alarmed about which gap, when, and who is rung until somebody presses a key?"""

from collections.abc import Sequence
from datetime import time, timedelta
from itertools import groupby

from hotline.calls.promise.alarms import on_duty
from hotline.calls.promise.store import people_awaited
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.hearing import Hearing, hearing
from hotline.calls.telling.reach import reach, told_about
from hotline.calls.telling.words import GAP, gap_text
from hotline.claims.store import claim, is_claimed
from hotline.database import Database, Transaction
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, NoticeState, takes_texts
from hotline.oncall.actions import gaps_between
from hotline.oncall.holes import store
from hotline.oncall.holes.holes import BACKUP, LAST, Alarm, Hole, due, grown, holes, over
from hotline.oncall.rota.store import published
from hotline.people import store as people
from hotline.people.person import Person

JOB = "gap list"
AHEAD = timedelta(days=14)
LIST_FROM, LIST_UNTIL = time(9), time(12)
"""Local times between which the list of the day is told: at nine, or when a replica is back."""

_AGAIN_AFTER = timedelta(minutes=5)
_UNTIL = timedelta(minutes=30)
"""So long after the last alarm before a gap phones may still be rung about it."""


def alarm_about_gaps(board: Switchboard, database: Database) -> None:
    """Alarm the coordinators about gaps: 48, 12 and 2 hours before, when one opens, and once a day in a list.

    A version that was published is listed at once.
    """
    with database.reading() as tx:
        if people_awaited(tx):
            # Whoever waits on the line needs the phones; a gap is told as soon as they have been answered.
            return
        found = holes(gaps_between(tx, board.profile, tx.now, tx.now + AHEAD, board.countries))
        alarms = store.standing(tx)
        idle = not (due(found, alarms, tx.now) or over(alarms, found, tx.now) or grown(alarms, found, tx.now))
        quiet = idle and not _lists_due(board, tx) and not any(alarm.stage == LAST for alarm in alarms)
    if quiet:
        return
    with database.transaction() as tx:
        _alarm(board, tx, found)


def _alarm(board: Switchboard, tx: Transaction, found: Sequence[Hole]) -> None:
    coordinators = on_duty(board, tx, None).coordinators
    # Whoever else works on the same gaps waits here, and then finds the alarms given.
    people.lock(tx, {one.id for one in coordinators})
    alarms = store.standing(tx)
    gone = over(alarms, found, tx.now)
    store.close(tx, gone)
    store.grow(tx, grown(alarms, found, tx.now))
    for message in due(found, [alarm for alarm in alarms if alarm not in gone], tx.now):
        _tell(board, tx, coordinators, store.add(tx, message))
    _ring_again(board, tx, coordinators)
    claimed = [slot for slot in _lists_due(board, tx) if claim(tx, JOB, slot)]
    if claimed and found:
        first = [
            hole for hole in found if (hole.starts_at, hole.ends_at) == (found[0].starts_at, found[0].ends_at)
        ]
        stretches = len({(hole.starts_at, hole.ends_at) for hole in found})
        _tell(board, tx, coordinators, store.add_list(tx, first, stretches))


def _lists_due(board: Switchboard, tx: Transaction) -> list[str]:
    """Return the slots of lists that may be told now: of the version published last, and of this day."""
    local = tx.now.astimezone(board.profile.service.timezone)
    version = published(tx)
    slots = [f"rota {version}"] if version else []
    if LIST_FROM <= local.time() < LIST_UNTIL:
        slots.append(f"day {local.date()}")
    return [slot for slot in slots if not is_claimed(tx, JOB, slot)]


def _tell(board: Switchboard, tx: Transaction, coordinators: Sequence[Person], about: str) -> None:
    """Text the coordinators; ring those who cannot be texted by day, and everybody right before a gap."""
    alarms = store.about(tx, about)
    for person in coordinators:
        channels = [Channel.TEXT] if takes_texts(person, board.sms_number) else []
        if _rings(alarms) or not (channels or board.profile.is_night(tx.now)):
            channels.append(Channel.CALL)
        for channel in channels:
            _send(board, tx, person, alarms, channel)


def _rings(alarms: Sequence[Alarm]) -> bool:
    """Tell whether phones are rung at any hour: a call would find a tier empty within two hours."""
    return alarms[0].stage == LAST and any(alarm.role != BACKUP for alarm in alarms)


def _ring_again(board: Switchboard, tx: Transaction, coordinators: Sequence[Person]) -> None:
    """Ring once more about gaps that begin soon, until somebody has pressed a key."""
    last = [
        alarm for alarm in store.standing(tx) if alarm.stage == LAST and tx.now - alarm.alarmed_at < _UNTIL
    ]
    for about, grouped in groupby(sorted(last, key=lambda one: one.about), key=lambda one: one.about):
        alarms = tuple(grouped)
        taken = any(one.state == NoticeState.TAKEN for one in notices.about_call(tx, about))
        if taken or not _rings(alarms):
            continue
        for person in coordinators:
            rung = [one for one in told_about(tx, about, person.id) if one.channel == Channel.CALL]
            found = hearing(rung, tx.now, _AGAIN_AFTER)
            missed = found == Hearing.NOT_TOLD and tx.now - alarms[0].alarmed_at >= _AGAIN_AFTER
            if missed or found == Hearing.MISSED:
                _send(board, tx, person, alarms, Channel.CALL)


def _send(
    board: Switchboard, tx: Transaction, person: Person, alarms: Sequence[Alarm], channel: Channel
) -> None:
    notice = notifications.new_notice(tx, person.id, alarms[0].about, GAP, channel, alarms[0].starts_at)
    reach(board, tx, person, notice, gap_text(board, alarms))
