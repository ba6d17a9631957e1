"""How do two colleagues come to speak at a change of shift, and how does it end? Nothing is recorded."""

from dataclasses import replace
from secrets import token_hex

from hotline.calls import store as calls
from hotline.calls.handover.words import ASKS, TALK, target_of
from hotline.calls.live import LiveCall
from hotline.calls.promise import store as promise_store
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.handovers import store
from hotline.handovers.actions import colleagues_of
from hotline.handovers.talk import Talk, TalkResult
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice, NoticeState
from hotline.people import store as people
from hotline.people.person import Person
from hotline.phone_number import is_dialable
from hotline.telephony import acts, rest_health
from hotline.telephony.acts import ActKind
from hotline.telephony.instructions import JoinRoom

LONGEST = 30 * 60
"""Seconds after which a hand-over ends: whoever has forgotten to hang up is free again."""

TALKED, NOT_REACHED, WANTED = "talked", "not_reached", "wanted"
"""Where the asker comes back to the staff door: after the room, unanswered, and for a caller who waits."""


def begin(board: Switchboard, own: LiveCall, person: Person) -> JoinRoom | None:
    """Ring the colleague, and return the room where the asker waits; None when nobody is free."""
    tx = own.tx
    other = _free_colleague(board, tx, person)
    if other is None:
        return None
    talk = Talk(token_hex(8), person.id, other.id, own.call.id, f"h{token_hex(12)}", tx.now)
    store.add_talk(tx, talk)
    # The asker is in use for as long as this leg carries the hand-over.
    asks = notifications.new_notice(tx, person.id, talk.id, ASKS, Channel.CALL, tx.now)
    notices.add(tx, replace(asks, sid=own.call.sid, answered_at=tx.now))
    notice = notifications.new_notice(tx, other.id, talk.id, TALK, Channel.CALL, tx.now)
    notifications.send(tx, notice, target_of(board, notice, other, {}))
    own.note("hands_over", "", other.id)
    then = board.urls.staff(own.call.id, f"h{talk.id}", TALKED)
    return _room(board, talk, then, board.urls.room_wait("responder"))


def join(board: Switchboard, tx: Transaction, talk: Talk, notice: Notice, turn: str) -> JoinRoom:
    """Bring the colleague, who has pressed the key, into the room."""
    notices.change(tx, notice.id, {"state": NoticeState.TAKEN})
    store.change_talk(tx, talk.id, {"met_at": tx.now})
    return _room(board, talk, board.urls.handover(notice.id, turn, "over"), board.urls.called_back_wait())


def side_over(board: Switchboard, tx: Transaction, notice: Notice) -> None:
    """Take in that one side's leg has ended, or never rang: the other is told, or let go."""
    acts.cancel(tx, notice.id, ActKind.REDIRECT)
    notifications.over(tx, notice)
    talk = store.lock_talk(tx, notice.call_id)
    if talk is None or talk.ended_at is not None:
        return
    unmet = TalkResult.GONE if notice.kind == ASKS else TalkResult.NOT_REACHED
    end(tx, talk, TalkResult.TALKED if talk.met_at is not None else unmet)
    if talk.met_at is not None:
        return  # the room ends with whoever leaves it, and the exchange asks the other where to go
    for other in sides_of(tx, talk):
        if other.kind == ASKS:
            move_asker(board, tx, talk, other, NOT_REACHED)
        elif other.answered_at is None:
            notifications.stop(tx, other)
        else:
            notifications.move(tx, other, board.urls.handover(other.id, f"m{token_hex(4)}", "gone"))


def end(tx: Transaction, talk: Talk, result: TalkResult) -> None:
    """Write down how a hand-over ended, once."""
    if talk.ended_at is None:
        store.change_talk(tx, talk.id, {"ended_at": tx.now, "result": result})


def sides_of(tx: Transaction, talk: Talk) -> tuple[Notice, ...]:
    """Return the legs of a hand-over that have not ended."""
    return tuple(one for one in notices.about_call(tx, talk.id) if one.is_open)


def move_asker(board: Switchboard, tx: Transaction, talk: Talk, asks: Notice, at: str) -> None:
    """Take the asker out of the room, back to the staff door."""
    notifications.move(tx, asks, board.urls.staff(talk.call_id, f"m{token_hex(4)}", at))


def _free_colleague(board: Switchboard, tx: Transaction, person: Person) -> Person | None:
    change = colleagues_of(tx, person.id)
    if change is None or rest_health.is_down(tx):
        return None
    people.lock(tx, set(change.people))
    busy = calls.people_in_legs(tx, "") | notifications.in_use(tx) | promise_store.people_awaited(tx)
    known = {one.id: one for one in people.people_by_ids(tx, change.people)}
    for person_id in change.people:
        one = known.get(person_id)
        able = one is not None and one.active and is_dialable(one.phone, board.countries)
        if one is not None and able and one.id not in busy and one.phone != person.phone:
            return one
    return None


def _room(board: Switchboard, talk: Talk, then: str, wait: str) -> JoinRoom:
    return JoinRoom(
        talk.room,
        then=then,
        wait=wait,
        events=board.urls.room_events(talk.room),
        star_leaves=True,
        longest=LONGEST,
    )
