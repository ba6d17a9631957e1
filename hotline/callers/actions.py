"""What does it bring about when a caller says yes, no, or nothing, to being contacted?"""

from dataclasses import replace
from datetime import datetime

from hotline.callers import store
from hotline.callers.contact import Contact, Safety
from hotline.database import Transaction
from hotline.telephony import refusals


def key_in(tx: Transaction, call_id: str, number: str) -> None:
    """Keep a number that was keyed in, until it is confirmed; sealed, for no address may carry it."""
    known = store.contact_of(tx, call_id) or Contact(call_id, Safety.NOT_ASKED)
    store.keep(tx, replace(known, keyed=number))


def agree(tx: Transaction, call_id: str, callers_number: str | None, until: datetime) -> None:
    """Store a confirmed yes; said from the number itself it lifts an earlier no.

    A keyed-in number proves nothing about who owns it: its refusal stays, and the line will not ring it.
    """
    known = store.contact_of(tx, call_id)
    number = callers_number or (known.keyed if known else None)
    if number is None:
        return
    if callers_number is not None:
        refusals.lift(tx, callers_number)
    store.keep(tx, Contact(call_id, Safety.YES, number, tx.keyring.fingerprint(number), None, until))


def decline(tx: Transaction, call_id: str, callers_number: str | None) -> None:
    """Store a no: from now on nothing here can ring or text this number."""
    _keep_without_yes(tx, call_id, callers_number, Safety.NO)
    if callers_number is not None:
        refusals.refuse(tx, callers_number)


def leave_unasked(tx: Transaction, call_id: str, callers_number: str | None) -> None:
    """Store that the question was never put: nothing automatic happens, a person may decide."""
    _keep_without_yes(tx, call_id, callers_number, Safety.NOT_ASKED)


def decide(tx: Transaction, call_id: str, number: str, by: str, reason: str, until: datetime) -> None:
    """Allow one call to somebody who was never asked, because a social worker answers for it."""
    number_hash = tx.keyring.fingerprint(number)
    decided = Contact(call_id, Safety.NOT_ASKED, number, number_hash, None, until, by, reason)
    store.keep(tx, decided)


def _keep_without_yes(tx: Transaction, call_id: str, callers_number: str | None, safety: Safety) -> None:
    number_hash = tx.keyring.fingerprint(callers_number) if callers_number else None
    store.keep(tx, Contact(call_id, safety, None, number_hash))
