"""Who is told what the night has left, when, and how? By a text; who gets no texts, by a call with a key."""

from datetime import date, datetime, timedelta

from hotline.calls import store as calls
from hotline.calls.handover.words import AFTER_HEAVY, MORNING, target_of
from hotline.calls.morning.morning import MorningList, morning_list
from hotline.calls.morning.window import due_day, window_of
from hotline.calls.promise import store as promise_store
from hotline.calls.promise.alarms import on_duty
from hotline.calls.switchboard import Switchboard
from hotline.claims.store import claim
from hotline.database import Database, Transaction
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, NoticeState, takes_texts
from hotline.people.person import Person

AGAIN_AFTER = timedelta(minutes=15)
MOST_CALLS = 2


def tell_morning(board: Switchboard, database: Database) -> None:
    """Tell each coordinator the list of the morning once, and whoever had a heavy night that we telephone."""
    hours, zone = board.profile.handover, board.profile.service.timezone
    with database.transaction() as tx:
        day = due_day(tx.now, hours.list_at, zone)
        if day is None:
            return
        coordinators = on_duty(board, tx, None).coordinators
        if not coordinators:
            # Nobody would telephone, so it is not promised either: a replica asks again while it is due.
            return
        found = morning_list(tx, window_of(day, hours.list_at, zone))
        for person in coordinators:
            _tell(board, tx, day, found, person)
        for one in found.heavy:
            person_of_call = found.people.get(one.person_id)
            if board.profile.is_night(one.at) and person_of_call is not None:
                _thank(board, tx, one.leg_id, person_of_call)


def _tell(board: Switchboard, tx: Transaction, day: date, found: MorningList, person: Person) -> None:
    if takes_texts(person, board.sms_number):
        if claim(tx, "morning list", f"{day} {person.id}"):
            values: dict[str, Value] = {**found.counts}
            _send(board, tx, person, f"{MORNING}-{day}", Channel.TEXT, found.window.ends_at, values)
    elif found.asks_for_something:
        _ring(board, tx, day, found.window.ends_at, person)


def _ring(board: Switchboard, tx: Transaction, day: date, about: datetime, person: Person) -> None:
    """Ring somebody with the list, once more if no key was pressed, and never before a live ring."""
    told = [one for one in notices.about_call(tx, f"{MORNING}-{day}") if one.person_id == person.id]
    heard = any(one.state == NoticeState.TAKEN for one in told)
    waits = bool(told) and (told[-1].is_open or tx.now - told[-1].created_at < AGAIN_AFTER)
    if heard or waits or len(told) >= MOST_CALLS:
        return
    busy = calls.people_in_legs(tx, "") | notifications.in_use(tx) | promise_store.people_awaited(tx)
    if person.id not in busy and claim(tx, "morning call", f"{day} {person.id} {len(told)}"):
        _send(board, tx, person, f"{MORNING}-{day}", Channel.CALL, about, {})


def _thank(board: Switchboard, tx: Transaction, leg_id: str, person: Person) -> None:
    """Text whoever had a heavy call in the night when the coordinators will telephone."""
    hours = board.profile.handover
    if takes_texts(person, board.sms_number) and claim(tx, "after heavy", leg_id):
        values: dict[str, Value] = {"from": hours.call_from, "to": hours.call_to}
        _send(board, tx, person, f"heavy-{leg_id}", Channel.TEXT, tx.now, values, kind=AFTER_HEAVY)


def _send(
    board: Switchboard,
    tx: Transaction,
    person: Person,
    about_call: str,
    channel: Channel,
    about: datetime,
    values: dict[str, Value],
    kind: str = MORNING,
) -> None:
    notice = notifications.new_notice(tx, person.id, about_call, kind, channel, about)
    notifications.send(tx, notice, target_of(board, notice, person, values))
