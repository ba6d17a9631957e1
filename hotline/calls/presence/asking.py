"""How is somebody asked whether they are there, and what follows when they are not heard?"""

from collections.abc import Iterable

from hotline.calls import store as calls
from hotline.calls.cover.telling import tell
from hotline.calls.cover.words import ASKED, STOOD_IN, TOLD_ABOUT, told_kind
from hotline.calls.presence.words import ADDED, ASK, BEGUN, CANNOT_COME, NIGHT, target_of
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice, takes_texts
from hotline.oncall import store as oncall
from hotline.oncall.actions import who_must_know
from hotline.oncall.cover import Withdrawal
from hotline.oncall.presence import actions, store
from hotline.oncall.presence.check import Check, Kind, Step
from hotline.oncall.presence.due import Block, may_ask
from hotline.oncall.swaps import actions as swaps
from hotline.oncall.swaps.taking import Wanted
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving import store as serving
from hotline.people.terms import Terms, ToldBy
from hotline.telephony.acts import Priority

_SOCIAL_WORKER = "social_worker"


def in_use(tx: Transaction) -> frozenset[str]:
    """Return whose phone is in a call, or rings for us: nobody of them is rung."""
    return calls.people_in_legs(tx, "") | notifications.in_use(tx)


def ask(board: Switchboard, tx: Transaction, block: Block, person: Person, channel: Channel) -> None:
    """Ask somebody about a block, unless they are asked already."""
    begun = block.starts_at <= tx.now
    check = actions.new_check(tx, block, Kind.SHIFT, Step.BEGUN if begun else Step.ASKED)
    if not store.add(tx, check):
        return
    if begun:
        say_begun(board, tx, check, person)
    else:
        _send(board, tx, check, person, ASK, channel, Priority.REMINDER)


def ask_again(board: Switchboard, tx: Transaction, check: Check, person: Person, lost: Notice) -> None:
    """Ask once more when a text went nowhere: by text if only its answer was lost, else by a call.

    The first notice stays as it is, unheard: so it is known who may have been asked twice.
    """
    sent = notices.about_call(tx, check.id)
    if [one.id for one in sent if one.kind == ASK] != [lost.id]:
        return
    chosen = channel_of(board, serving.terms_of(tx, [person])[person.id], person)
    channel = chosen if lost.sid is None else Channel.CALL
    if channel == Channel.TEXT or person.id not in in_use(tx):
        _send(board, tx, check, person, ASK, channel, Priority.REMINDER)


def say_begun(board: Switchboard, tx: Transaction, check: Check, person: Person) -> None:
    """Text somebody whose shift has begun unheard; who cannot be texted is rung some minutes later."""
    if takes_texts(person, board.sms_number):
        _send(board, tx, check, person, BEGUN, Channel.TEXT)


def ring(board: Switchboard, tx: Transaction, check: Check, person: Person) -> None:
    """Ring somebody who was not heard, whatever they chose: their shift has begun."""
    asked = {one.kind for one in notices.about_call(tx, check.id)}
    begun = ADDED if ADDED in asked else BEGUN
    _send(board, tx, check, person, NIGHT if check.kind == Kind.NIGHT else begun, Channel.CALL)


def say_cannot_come(board: Switchboard, tx: Transaction, check: Check, person: Person) -> bool:
    """Offer the coming shifts to all who may take them, and text the coordinators; False if none can be.

    Nobody is named. Where a shift is still theirs when it begins, cover is sought.
    """
    for shift in actions.refuse(tx, check):
        swaps.offer(tx, Wanted(shift, person.id, "by phone"))
    known = Withdrawal(check.id, person.id, check.role, check.starts_at, tx.now, check.ends_at, "phone", True)
    told = [
        one
        for one in who_must_know(tx, known, board.countries)
        if one.role != _SOCIAL_WORKER and takes_texts(one, board.sms_number)
    ]
    for coordinator in told:
        _send(board, tx, check, coordinator, CANNOT_COME, Channel.TEXT)
    return bool(told)


def seek_others(board: Switchboard, tx: Transaction, check: Check) -> None:
    """Seek somebody beside a person who is not heard, and tell the coordinator; nobody is removed."""
    missing = actions.note_missing(tx, check, board.countries)
    if missing is None:
        return
    to_tell = who_must_know(tx, missing, board.countries)
    backup = _put_on_backup(board, tx, missing) if check.kind == Kind.NIGHT else None
    if check.kind == Kind.SHIFT:
        ask_next(board, tx, missing)
    kind = told_kind(missing) if backup is None else STOOD_IN
    others = [one for one in to_tell if one != backup]
    tell(board, tx, missing, others, kind, TOLD_ABOUT + missing.id)


def ask_next(board: Switchboard, tx: Transaction, missing: Withdrawal) -> None:
    """Ask the next in line to join; where nobody else of the role is there, the whole line at once.

    The next in line is rung, for an answer is needed soon; in quiet hours nobody at home is woken while
    others are on duty.
    """
    asked = {one.person_id for one in notices.about_call(tx, missing.id)}
    line = actions.next_in_line(tx, missing.role, missing.person_id, missing.until, board.countries)
    left = [person for person in line if person.id not in asked]
    if missing.last_one:
        tell(board, tx, missing, left, ASKED, missing.id)
        return
    rung = may_ask(tx.now, board.profile.asking, board.profile.service.timezone)
    busy = in_use(tx)
    free = [person for person in left if person.id not in busy]
    tell(board, tx, missing, free[:1], ASKED, missing.id, rung)


def _put_on_backup(board: Switchboard, tx: Transaction, missing: Withdrawal) -> Person | None:
    """Put the backup on for the night, and tell them; None where one is on duty, or nobody is left."""
    backup = _backup(board, tx, missing)
    shift = actions.put_on(tx, missing, backup) if backup is not None else None
    if backup is None or shift is None:
        return None
    block = Block(backup.id, shift.role, shift.starts_at, shift.ends_at)
    check = actions.new_check(tx, block, Kind.SHIFT, Step.BEGUN)
    if store.add(tx, check):
        texted = takes_texts(backup, board.sms_number)
        _send(board, tx, check, backup, ADDED, Channel.TEXT if texted else Channel.CALL)
    return backup


def _backup(board: Switchboard, tx: Transaction, missing: Withdrawal) -> Person | None:
    """Return who is put on: role by role as the profile names them (R1), nobody where one is on duty."""
    silent = actions.unheard_people(tx)
    on_duty = {one.role for one in oncall.on_duty(tx, tx.now) if one.person_id not in silent}
    roles = board.profile.rules.whole.backup or (_SOCIAL_WORKER, "coordinator")
    if missing.role in on_duty:
        return None
    for role in roles:
        line = actions.next_in_line(tx, role, missing.person_id, missing.until, board.countries)
        if role in on_duty or line:
            return None if role in on_duty else line[0]
    return None


def _send(
    board: Switchboard,
    tx: Transaction,
    check: Check,
    person: Person,
    kind: str,
    channel: Channel,
    priority: int = Priority.ALARM,
) -> None:
    notice = notifications.new_notice(tx, person.id, check.id, kind, channel, check.starts_at)
    notifications.send(tx, notice, target_of(board, tx, notice, check, person), priority)


def channel_of(board: Switchboard, terms: Terms, person: Person) -> Channel:
    """Return how somebody is asked: as they chose, and by a call who cannot be texted."""
    by_text = terms.told_by == ToldBy.TEXT and takes_texts(person, board.sms_number)
    return Channel.TEXT if by_text else Channel.CALL


def people_of(tx: Transaction, found: Iterable[Block | Check]) -> dict[str, Person]:
    """Return the active people of blocks or checks, by id."""
    ids = {one.person_id for one in found}
    return {person.id: person for person in people.people_by_ids(tx, ids) if person.active}
