"""What can be done about forms: see which are missing, and note one as written?"""

from dataclasses import dataclass
from datetime import datetime

from hotline.audit.actions import note_change
from hotline.calls import store as calls
from hotline.calls.call import Call
from hotline.calls.forms import store
from hotline.calls.forms.form import LOOK_BACK, MissingForm, missing_of
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people.person import Person


@dataclass(frozen=True)
class Noted:
    """A form noted as written: of which call, and how many of the same person are missing still."""

    call: Call
    left: int


def missing_forms(tx: Transaction, until: datetime) -> tuple[MissingForm, ...]:
    """Return which forms are missing now of the calls of fourteen days up to a moment, oldest first."""
    since = until - LOOK_BACK
    return missing_of(store.unwritten(tx, since, until), store.spoke_in_unwritten(tx, since, until))


def note_latest(tx: Transaction, person: Person, why: str) -> Noted | None:
    """Note the form of the latest call of which somebody owes one; None when they owe none."""
    mine = [one for one in missing_forms(tx, tx.now) if one.owed_by == person.id]
    while mine:
        latest = mine.pop().call
        if _note(tx, latest, person, why):
            return Noted(latest, len(mine))
    return None


def note_form(tx: Transaction, sid: str, person: Person, why: str) -> None:
    """Note the form of a call, however old; raise `BadInput` where there is none to note."""
    call = calls.call_by_sid(tx, sid)
    if call is None:
        raise BadInput(f"{sid}: no call has this SID; hotline forms list shows those whose form is missing")
    if not store.was_spoken_with(tx, call.id):
        raise BadInput(f"{sid}: nobody of ours spoke in this call, or it is not over: it has no form")
    if not _note(tx, call, person, why):
        raise BadInput(f"{sid}: the form of this call was noted before")


def _note(tx: Transaction, call: Call, person: Person, why: str) -> bool:
    """Note it, unless it was noted at this very moment by somebody else."""
    added = store.add(tx, call.id, person.id)
    if added:
        note_change(tx, person.id, f"form {call.sid}", "missing", "written", why)
    return added
