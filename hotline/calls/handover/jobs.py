"""Who comes on duty while a note waits for them? They are told by text, once a shift."""

from datetime import timedelta

from hotline.calls.handover.words import NOTE_WAITS, target_of
from hotline.calls.switchboard import Switchboard
from hotline.claims.store import claim
from hotline.database import Database, Transaction
from hotline.handovers import store
from hotline.handovers.actions import notes_for
from hotline.handovers.note import AFTERWARDS, WAITS
from hotline.notifications import actions as notifications
from hotline.notifications.notice import Channel, takes_texts
from hotline.oncall import store as oncall
from hotline.oncall.shifts import Shift
from hotline.people import store as people
from hotline.people.person import Person

_A_WHILE = timedelta(minutes=15)
"""A replica that was down at the beginning of a shift still tells of a note that was there."""


def tell_of_notes(board: Switchboard, database: Database) -> None:
    """Text whoever has come on duty that a note waits, also one that is left late; nobody is rung for it."""
    with database.transaction() as tx:
        if not store.notes_since(tx, tx.now - WAITS):
            return
        begun = [
            shift
            for shift in oncall.on_duty(tx, tx.now)
            if tx.now - shift.starts_at < AFTERWARDS + _A_WHILE and not shift.withdrawn
        ]
        known = {person.id: person for person in people.people_by_ids(tx, {one.person_id for one in begun})}
        for shift in begun:
            _tell(board, tx, shift, known[shift.person_id])


def _tell(board: Switchboard, tx: Transaction, shift: Shift, person: Person) -> None:
    unheard, _ = notes_for(tx, person.id)
    able = person.active and takes_texts(person, board.sms_number)
    if able and unheard and claim(tx, "note waits", f"{person.id} {shift.starts_at.isoformat()}"):
        about = f"note-{unheard[-1].id}"
        notice = notifications.new_notice(tx, person.id, about, NOTE_WAITS, Channel.TEXT, tx.now)
        notifications.send(tx, notice, target_of(board, notice, person, {}))
