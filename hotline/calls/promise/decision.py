"""What may a person decide about what is owed? To call somebody who was never asked; that it is done."""

from datetime import timedelta

from hotline.callers import actions as contacts
from hotline.callers import store as contact_store
from hotline.callers.contact import SHORT_YES, Safety
from hotline.calls import store as calls
from hotline.calls.call import Call
from hotline.calls.promise import store
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.followups import actions as followups
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp, Kind, Result
from hotline.people import store as people
from hotline.people.person import Person
from hotline.phone_number import parse_phone_number
from hotline.telephony import refusals

LONGEST_REASON = 500
DECIDED_FOR: timedelta = SHORT_YES
"""So long a decision to call allows it; afterwards somebody has to think again."""


def call_all_the_same(tx: Transaction, call_sid: str, by: str, reason: str, country: str) -> Person:
    """Let a social worker call somebody who was never asked; return her: her phone rings at once.

    `by` is her phone. Raises BadInput where nobody may decide so: a no is absolute, and so is danger.
    """
    decider = _social_worker(tx, by, country)
    call, follow_up = _owed_for(tx, call_sid)
    known = contact_store.contact_of(tx, call.id)
    if known is not None and known.safety == Safety.YES:
        raise BadInput("this caller said yes: the call back is already on its way, nothing is to be decided")
    if call.caller is None:
        raise BadInput("this caller's number was hidden: there is nothing to call")
    if (known is not None and known.safety == Safety.NO) or refusals.is_refused(tx, call.caller):
        raise BadInput(
            "this caller must not be called: they said no, or were in danger and did not say yes. "
            "Be ready if they call again"
        )
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise BadInput(
            f"--reason: say in a sentence (at most {LONGEST_REASON} letters) why this person is called"
        )
    contacts.decide(tx, call.id, call.caller, decider.id, reason.strip(), tx.now + DECIDED_FOR)
    store.note(tx, followups.turn_into_call_back(tx, follow_up, decider.id), "decided", "", decider.id)
    return decider


def close(tx: Transaction, call_sid: str, by: str, country: str) -> FollowUp:
    """Close what is owed for a call, because somebody has looked at it; raise BadInput."""
    person = _person(tx, by, country)
    call, follow_up = _owed_for(tx, call_sid)
    if follow_up.kind == Kind.CALL_BACK:
        raise BadInput(
            "a call back is due here: it ends by the call itself, or when the yes has lapsed; "
            "only what is to be looked at can be closed"
        )
    done = followups.finish(tx, follow_up, Result.LOOKED_AT)
    calls.add_events(tx, call.id, [("looked_at", "", person.id)])
    return done


def _owed_for(tx: Transaction, call_sid: str) -> tuple[Call, FollowUp]:
    call = calls.lock_call_by_sid(tx, call_sid)
    if call is None:
        raise BadInput(f"no call has the SID {call_sid[:40]}; hotline follow-ups lists what is open")
    if call.ended_at is None:
        raise BadInput("this caller is still on the line")
    follow_up = owed.lock_of_call(tx, call.id)
    if follow_up is None or follow_up.done_at is not None:
        raise BadInput("nothing is owed for this call (any more); hotline follow-ups lists what is open")
    if owed.is_being_called(tx, follow_up.id):
        raise BadInput("somebody is calling this person right now")
    return call, follow_up


def _person(tx: Transaction, phone: str, country: str) -> Person:
    person = people.person_by_phone(tx, parse_phone_number(phone, country))
    if person is None or not person.active:
        raise BadInput("--by: nobody of the staff has this phone; give the number as it was imported")
    return person


def _social_worker(tx: Transaction, phone: str, country: str) -> Person:
    person = _person(tx, phone, country)
    if person.role != "social_worker":
        raise BadInput("--by: only a social worker may decide this; give the phone of one")
    return person
