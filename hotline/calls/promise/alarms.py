"""Who is alarmed for what is owed, when, with which words? Rung by the clock, never before a live ring."""

from datetime import datetime, timedelta

from hotline.callers import store as contact_store
from hotline.calls import store as call_store
from hotline.calls.promise import store
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.followups import actions as followups
from hotline.followups import alarms
from hotline.followups import store as owed
from hotline.followups.alarms import OnDuty
from hotline.followups.followup import OWNED_FOR, FollowUp, Kind, State
from hotline.ivr.flows.notice_v1 import WANTED
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice, takes_texts
from hotline.oncall import store as oncall
from hotline.oncall.cover import who_answers
from hotline.people import store as people
from hotline.people.person import Person
from hotline.phone_number import is_dialable
from hotline.texts import store as texts

SOCIAL_WORKER, COORDINATOR = "social_worker", "coordinator"
STOPPED, STAFF_TEXT = "stopped", "staff_text"
"""Kinds of notices: somebody of the staff can no longer be texted, or has written something to be read."""

_TEXTS = {
    Kind.CALL_BACK: "sms.alarm",
    Kind.TEXT: "sms.text_waiting",
    WANTED: "sms.wanted",
    STOPPED: "sms.stopped",
    STAFF_TEXT: "sms.staff_text",
}
_AT_ONCE = 20
_NOBODY_FREE = timedelta(seconds=15)


def ring_alarms(board: Switchboard, database: Database) -> None:
    """Alarm for everything that is due; each follow-up in a transaction of its own, by one replica only."""
    for _ in range(_AT_ONCE):
        with database.transaction() as tx:
            follow_up = owed.claim_due(tx)
            if follow_up is None:
                return
            _alarm(board, tx, follow_up)


def hand_over(board: Switchboard, database: Database) -> None:
    """Take what is not done from owners whose shift has ended, and give it to the next on duty."""
    with database.transaction() as tx:
        for follow_up in owed.lock_owned(tx):
            next_owner = _relief(tx, follow_up)
            if next_owner is None and not _owner_has_gone(tx, follow_up):
                continue
            if next_owner is None and follow_up.kind != Kind.CALL_BACK:
                next_owner = next((one.id for one in on_duty(board, tx, None).social_workers), None)
            if next_owner is not None:
                followups.hand_over(tx, follow_up, next_owner)
            else:
                followups.let_go(tx, follow_up, keep_owner=False)
            store.note(tx, follow_up, "handed_over")


def on_duty(board: Switchboard, tx: Transaction, owner_id: str | None) -> OnDuty:
    """Return who can be alarmed now; without a coordinator on shift, those of last resort."""
    shifts = who_answers(oncall.on_duty(tx, tx.now))
    ids = {role: [s.person_id for s in shifts if s.role == role] for role in (SOCIAL_WORKER, COORDINATOR)}
    on_shift = {person_id for of_role in ids.values() for person_id in of_role}
    found = people.people_by_ids(tx, on_shift | ({owner_id} if owner_id else set()), and_last_resort=True)
    able = {one.id: one for one in found if one.active and is_dialable(one.phone, board.countries)}
    social_workers = [able[one] for one in dict.fromkeys(ids[SOCIAL_WORKER]) if one in able]
    coordinators = [able[one] for one in dict.fromkeys(ids[COORDINATOR]) if one in able]
    last_resort = [one for one in able.values() if one.last_resort]
    return OnDuty(tuple(social_workers), tuple(coordinators or last_resort), able.get(owner_id or ""))


def _alarm(board: Switchboard, tx: Transaction, follow_up: FollowUp) -> None:
    if owed.is_being_called(tx, follow_up.id):
        followups.alarm_next(tx, follow_up, follow_up.alarm_step, OWNED_FOR)
        return
    contact = contact_store.contact_of(tx, follow_up.call_id)
    if follow_up.kind == Kind.CALL_BACK and (contact is None or not contact.allows(tx.now)):
        follow_up = followups.turn_into_review(tx, follow_up, heard_by_owner=False)
    if follow_up.state == State.OWNED:
        keep_owner = follow_up.owner_id is not None and not _owner_has_gone(tx, follow_up)
        follow_up = followups.let_go(tx, follow_up, keep_owner)
    duty = on_duty(board, tx, follow_up.owner_id)
    # Another replica may be about to ring the same person for what is owed to somebody else.
    people.lock(tx, {one.id for one in (*duty.social_workers, *duty.coordinators, duty.owner) if one})
    busy = call_store.people_in_legs(tx, "") | notifications.in_use(tx) | store.people_awaited(tx)
    if follow_up.kind == Kind.TEXT:
        busy |= {texts.staff_sender_of(tx, follow_up.call_id) or ""}
    alarm = alarms.next_alarm(follow_up.alarm_step, duty, busy)
    if alarm is None:
        followups.alarm_next(tx, follow_up, follow_up.alarm_step, _NOBODY_FREE)
        return
    for person in alarm.people:
        _tell(board, tx, follow_up, person)
    followups.alarm_next(tx, follow_up, alarm.next_step, alarm.after)


def _tell(board: Switchboard, tx: Transaction, follow_up: FollowUp, person: Person) -> None:
    """Ring somebody, and the first time text them too."""
    known = notices.about_call(tx, follow_up.call_id)
    kind = kind_of(tx, follow_up)
    texted = any(one.person_id == person.id and one.channel == Channel.TEXT for one in known)
    channels = [Channel.CALL] if texted or not takes_texts(person, board.sms_number) else [*Channel]
    for channel in channels:
        notice = notifications.new_notice(
            tx, person.id, follow_up.call_id, kind, channel, about_of(follow_up)
        )
        notifications.send(tx, notice, target_of(board, notice, person))
    store.note(tx, follow_up, "alarm", person.role, person.id)


def text_coordinators(board: Switchboard, tx: Transaction, thread_id: str, kind: str, writer: str) -> None:
    """Tell the coordinators in writing, at once and without content; the alarm rings by its own hours."""
    told = {one.person_id for one in notices.about_call(tx, thread_id) if one.kind == kind}
    for person in on_duty(board, tx, None).coordinators:
        if person.id not in told | {writer} and takes_texts(person, board.sms_number):
            notice = notifications.new_notice(tx, person.id, thread_id, kind, Channel.TEXT, tx.now)
            notifications.send(tx, notice, target_of(board, notice, person))


def target_of(board: Switchboard, notice: Notice, person: Person) -> dict[str, object]:
    """Return where and how a notice goes out: a text without content, or a call that asks for a key."""
    if notice.channel == Channel.TEXT:
        prompt = _TEXTS.get(notice.kind, "sms.unreached")
        language = board.profile.service.staff_language
        body = board.staff_wording.write(language, prompt, alarm_values(board, notice))
        return {"number": person.phone, "body": body, "status_url": board.urls.notice_status(notice.id)}
    return {
        "number": person.phone,
        "answer_url": board.urls.notice(notice.id, "0", "start"),
        "status_url": board.urls.notice_status(notice.id),
        "seconds": board.ring_seconds,
    }


def alarm_values(board: Switchboard, notice: Notice) -> dict[str, Value]:
    """Return what the words of an alarm need: the hour it speaks of, and the line."""
    local = notice.about.astimezone(board.profile.service.timezone)
    return {"time": local.time(), "line": board.line_number}


def kind_of(tx: Transaction, follow_up: FollowUp) -> str:
    """Return as what an alarm speaks of it: a review is of a caller missed, or is wanted by a colleague."""
    wanted = follow_up.kind == Kind.REVIEW and store.who_wants_the_social_worker(tx, follow_up.call_id)
    return WANTED if wanted else follow_up.kind


def about_of(follow_up: FollowUp) -> datetime:
    """Return of which moment an alarm speaks: the hour that was promised, or when the caller left."""
    return follow_up.due_at if follow_up.kind == Kind.CALL_BACK else follow_up.created_at


def _relief(tx: Transaction, follow_up: FollowUp) -> str | None:
    """Return who has come on shift since somebody without a shift, of last resort, understood a review.

    A call-back has no need of it: its alarm rings on, and asks those who are on duty then.
    """
    if follow_up.kind == Kind.CALL_BACK or follow_up.owner_id is None or follow_up.owned_at is None:
        return None
    ever = {*oncall.on_duty(tx, follow_up.owned_at), *(now := oncall.on_duty(tx, tx.now))}
    if follow_up.owner_id in {shift.person_id for shift in ever}:
        return None
    since = [shift for shift in who_answers(now) if shift.starts_at > follow_up.owned_at]
    by_role = {shift.role: shift.person_id for shift in reversed(since)}
    return by_role.get(SOCIAL_WORKER) or by_role.get(COORDINATOR)


def _owner_has_gone(tx: Transaction, follow_up: FollowUp) -> bool:
    """Tell whether the owner was on shift when they took it, and is no longer."""
    then = {shift.person_id for shift in oncall.on_duty(tx, follow_up.owned_at or tx.now)}
    now = {shift.person_id for shift in who_answers(oncall.on_duty(tx, tx.now))}
    return follow_up.owner_id in then and follow_up.owner_id not in now
