"""How is a note left for the next shift, and heard?"""

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_hex

from hotline.audit.actions import note_access
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.handovers import store
from hotline.handovers.note import AFTERWARDS, LONGEST, WAITS, Note, may_write, waiting
from hotline.handovers.talk import NEAR, Change, change_near
from hotline.oncall import store as oncall
from hotline.people.person import Person

_A_MOMENT = timedelta(seconds=1)


def write_note(tx: Transaction, person: Person, words: str, written_by: str) -> Note:
    """Keep a note for the next shift, sealed; raise BadInput off duty, for no words and for too many."""
    wanted = words.strip()
    if not wanted:
        raise BadInput("the note is empty: write what the next shift must know")
    if len(wanted) > LONGEST:
        raise BadInput(f"the note has {len(wanted)} letters, {LONGEST} at most: leave out what can wait")
    if not is_on_or_was(tx, person):
        raise BadInput(
            "only whoever is on duty, or was until two hours ago, leaves a note for the next shift"
        )
    note = Note(token_hex(8), person.id, wanted, tx.now, written_by)
    store.add_note(tx, note)
    return note


def is_on_or_was(tx: Transaction, person: Person) -> bool:
    """Tell whether somebody may leave a note now."""
    lately = oncall.on_duty_between(tx, tx.now - AFTERWARDS, tx.now + _A_MOMENT)
    return may_write(lately, person.id, tx.now)


def notes_for(tx: Transaction, person_id: str) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Return the notes that wait for somebody, and every note of others that they may hear, oldest first."""
    recent = store.notes_since(tx, tx.now - WAITS)
    if not recent:
        return (), ()
    heard = store.heard_by(tx, person_id, {note.id for note in recent})
    return waiting(recent, heard, person_id), waiting(recent, (), person_id)


def hear(tx: Transaction, notes: Iterable[Note], person_id: str) -> None:
    """Write down that somebody hears these notes now."""
    for note in notes:
        store.add_reading(tx, note.id, person_id)
        note_access(tx, person_id, "hear note", note.id)


def colleagues_of(tx: Transaction, person_id: str) -> Change | None:
    """Return with whom somebody can speak at a change of shift that is near."""
    around = oncall.on_duty_between(tx, tx.now - NEAR - NEAR, tx.now + NEAR + NEAR)
    return change_near(around, person_id, tx.now)
