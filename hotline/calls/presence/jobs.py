"""What does the clock ask about presence? Reminders, unheard beginnings, the night, the next in line."""

from collections.abc import Iterable
from datetime import timedelta

from hotline.calls import store as calls
from hotline.calls.cover.telling import cannot_now
from hotline.calls.cover.words import ASKED
from hotline.calls.presence import asking
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel
from hotline.oncall import store as oncall
from hotline.oncall.cover import NO_SHOW, Withdrawal
from hotline.oncall.presence import actions, store
from hotline.oncall.presence.check import Check, Kind, Step, next_step
from hotline.oncall.presence.due import Block, blocks, may_ask
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving import store as serving

_AT_ONCE = 25
"""So many people are asked in one transaction: a live call never waits long for it."""

_NIGHT_BEGAN = timedelta(minutes=10)
_ASK_NEXT_AFTER = timedelta(minutes=3)
_KEPT = timedelta(days=90)
_SOCIAL_WORKER = "social_worker"


def remind(board: Switchboard, database: Database) -> None:
    """Ask everybody who is due about their next shift, a few at a time, each once whoever else looks."""
    hours, zone = board.profile.asking, board.profile.service.timezone
    with database.reading() as tx:
        due = actions.due_to_ask(tx, hours, zone)
    for first in range(0, len(due), _AT_ONCE):
        with database.transaction() as tx:
            _ask(board, tx, due[first : first + _AT_ONCE])


def remind_again(board: Switchboard, database: Database) -> None:
    """Ask once more whoever was texted in vain, or when nobody knows, while it is not too late."""
    if not may_ask(database.clock.now(), board.profile.asking, board.profile.service.timezone):
        return
    with database.reading() as tx:
        asked = {one.id for one in store.unheard(tx) if one.step == Step.ASKED and one.starts_at > tx.now}
        lost = {one.call_id: one for one in notices.unheard_texts(tx, asked)} if asked else {}
    for check_id, notice in lost.items():
        with database.transaction() as tx:
            people.lock(tx, {notice.person_id})
            check = store.get(tx, check_id)
            person = asking.people_of(tx, [check]).get(notice.person_id) if check is not None else None
            if check is not None and person is not None and check.heard_at is None:
                asking.ask_again(board, tx, check, person, notice)


def _ask(board: Switchboard, tx: Transaction, due: Iterable[Block]) -> None:
    found = tuple(due)
    # Another replica may be about to ring the same person for something else.
    people.lock(tx, {one.person_id for one in found})
    able, busy = asking.people_of(tx, found), asking.in_use(tx)
    terms = serving.terms_of(tx, able.values())
    for block in found:
        person = able.get(block.person_id)
        if person is None:
            continue
        channel = asking.channel_of(board, terms[person.id], person)
        if channel == Channel.TEXT or person.id not in busy or block.starts_at <= tx.now:
            asking.ask(board, tx, block, person, channel)


def look_after_beginnings(board: Switchboard, database: Database) -> None:
    """Go on with whoever was not heard: text, ring, ring again, seek somebody else; one at a time."""
    _begin_night(board, database)
    with database.reading() as tx:
        found = actions.unheard_checks(tx)
        due = [one for one in found if _due(board, tx, one, found) is not None]
    for check in due:
        with database.transaction() as tx:
            _go_on(board, tx, check.id)
    _seek_on(board, database)


def _due(board: Switchboard, tx: Transaction, check: Check, unheard: Iterable[Check]) -> Step | None:
    step = next_step(check, tx.now, board.profile.asking.grace)
    if check.kind == Kind.SHIFT and step not in (None, Step.BEGUN) and _has_nights_call(check, unheard):
        return None
    return step


def _has_nights_call(check: Check, unheard: Iterable[Check]) -> bool:
    """Tell whether the call at the beginning of the night asks the same: nobody is rung for both."""
    return any(
        one.kind == Kind.NIGHT
        and one.person_id == check.person_id
        and check.starts_at <= one.starts_at <= check.starts_at + actions.LATE
        for one in unheard
    )


def _go_on(board: Switchboard, tx: Transaction, check_id: str) -> None:
    check = next((one for one in actions.unheard_checks(tx) if one.id == check_id), None)
    step = next_step(check, tx.now, board.profile.asking.grace) if check is not None else None
    if check is None or step is None:
        return
    people.lock(tx, {check.person_id})
    person = asking.people_of(tx, [check]).get(check.person_id)
    if person is None or not _is_on(tx, check):
        return
    if step != Step.BEGUN and check.person_id in asking.in_use(tx):
        # In a call for us, or about to be: they are looked at again when it is over.
        return
    if calls.accepted_since(tx, check.person_id, check.starts_at):
        store.heard(tx, [check.id])
    elif store.take_step(tx, check, step):
        _take_step(board, tx, check, person, step)


def _take_step(board: Switchboard, tx: Transaction, check: Check, person: Person, step: Step) -> None:
    match step:
        case Step.BEGUN if check.cannot_at is not None:
            cannot_now(board, tx, person, "phone")
        case Step.BEGUN:
            asking.say_begun(board, tx, check, person)
        case Step.RUNG | Step.RUNG_AGAIN:
            asking.ring(board, tx, check, person)
        case _:
            asking.seek_others(board, tx, check)


def _is_on(tx: Transaction, check: Check) -> bool:
    """Tell whether they are still expected: on duty, and have not said that they cannot."""
    return any(
        one.person_id == check.person_id and one.role == check.role and not one.withdrawn
        for one in oncall.on_duty(tx, tx.now)
    )


def _begin_night(board: Switchboard, database: Database) -> None:
    """Ring every social worker on duty once when the night has just begun."""
    profile, zone = board.profile, board.profile.service.timezone
    with database.reading() as tx:
        night = profile.night.beginning_on(tx.now.astimezone(zone).date(), zone)
        if not night[0] <= tx.now < night[0] + _NIGHT_BEGAN:
            return
        known = {one.person_id for one in store.between(tx, *night) if one.kind == Kind.NIGHT}
        new = [
            Block(one.person_id, one.role, night[0], min(one.ends_at, night[1]))
            for one in blocks(oncall.on_duty_between(tx, tx.now, night[1]))
            if one.role == _SOCIAL_WORKER and one.runs(night[0]) and one.person_id not in known
        ]
    for block in new:
        with database.transaction() as tx:
            people.lock(tx, {block.person_id})
            person = asking.people_of(tx, [block]).get(block.person_id)
            if person is None or person.id in asking.in_use(tx):
                continue
            check = actions.new_check(tx, block, Kind.NIGHT, Step.RUNG)
            if store.add(tx, check):
                asking.ring(board, tx, check, person)


def _seek_on(board: Switchboard, database: Database) -> None:
    """Ask the next in line while nobody has joined."""
    with database.reading() as tx:
        if not any(_is_sought(tx, one) for one in withdrawals.in_force(tx)):
            return
    with database.transaction() as tx:
        for missing in withdrawals.lock_in_force(tx):
            if _is_sought(tx, missing) and not _is_waited_for(tx, missing):
                asking.ask_next(board, tx, missing)


def _is_sought(tx: Transaction, missing: Withdrawal) -> bool:
    """Tell whether somebody is still to be asked; for the night somebody is put on at once, or nobody."""
    return missing.said_by == NO_SHOW and missing.is_open(tx.now)


def _is_waited_for(tx: Transaction, missing: Withdrawal) -> bool:
    asked = [one for one in notices.about_call(tx, missing.id) if one.kind == ASKED]
    return bool(asked) and (asked[-1].is_open or tx.now - asked[-1].created_at < _ASK_NEXT_AFTER)


def forget_checks(database: Database) -> None:
    """Delete what was asked of people three months ago."""
    with database.transaction() as tx:
        store.forget(tx, tx.now - _KEPT)
