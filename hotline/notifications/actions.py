"""How is a member of staff told something outside a call? Content-free, by text or by a call."""

from collections.abc import Callable, Iterable
from datetime import datetime
from secrets import token_hex

from hotline.database import Transaction
from hotline.notifications import store
from hotline.notifications.notice import MOST_ATTEMPTS, TRY_AGAIN, Channel, Notice, channel_for
from hotline.people import store as people
from hotline.people.person import Person
from hotline.telephony import acts
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Priority

NOTICE = "notice"
"""Purpose of our acts."""

UNREACHED = "unreached"

Sender = Callable[[Notice, Person], dict[str, object]]
"""Returns the act's target: what the shell above knows of addresses and words."""


def tell(
    tx: Transaction,
    persons: Iterable[Person],
    kind: str,
    about: datetime,
    call_id: str,
    sms_number: str,
    target_of: Sender,
) -> int:
    """Tell each person once about a call; return how many are told."""
    known = {(notice.person_id, notice.kind) for notice in store.about_call(tx, call_id)}
    told = 0
    for person in persons:
        if (person.id, kind) in known:
            continue
        channel = channel_for(person.phone, sms_number)
        notice = Notice(token_hex(8), person.id, call_id, kind, channel, about, tx.now, 1, None, "sent")
        store.add(tx, notice)
        _intend(tx, notice, target_of(notice, person))
        told += 1
    return told


def confirm(tx: Transaction, notice_id: str) -> None:
    """Store that the person pressed the key."""
    store.change(tx, notice_id, {"state": "confirmed", "closed_at": tx.now})


def settle(tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store that a notice went out, or did not."""
    notice = store.get(tx, act.subject)
    if notice is None or notice.closed_at is not None:
        return
    if outcome.state == ActState.DONE:
        closed = tx.now if notice.channel == Channel.TEXT else None
        store.change(tx, notice.id, {"sid": outcome.answer, "closed_at": closed})
    elif notice.channel == Channel.TEXT:
        # A text that cannot be sent becomes a call at the next look.
        store.change(tx, notice.id, {"channel": Channel.CALL, "state": "unheard"})


def ended_unheard(tx: Transaction, notice_id: str) -> None:
    """Store that the phone was not answered, or no key was pressed."""
    notice = store.get(tx, notice_id)
    if notice is not None and notice.closed_at is None:
        store.change(tx, notice_id, {"state": "unheard"})


def repeat_unheard(tx: Transaction, in_use: frozenset[str], target_of: Sender) -> int:
    """Ring again whoever has not confirmed for five minutes, three times in all; return how many."""
    repeated = 0
    for notice in store.still_open(tx):
        if tx.now - notice.created_at < TRY_AGAIN * notice.attempts or notice.person_id in in_use:
            continue
        if notice.attempts >= MOST_ATTEMPTS:
            store.change(tx, notice.id, {"state": "unheard", "closed_at": tx.now})
            continue
        person = next(iter(people.people_by_ids(tx, {notice.person_id})), None)
        if person is not None:
            store.change(tx, notice.id, {"attempts": notice.attempts + 1, "channel": Channel.CALL})
            _intend(tx, store.get(tx, notice.id) or notice, target_of(notice, person))
            repeated += 1
    return repeated


def _intend(tx: Transaction, notice: Notice, target: dict[str, object]) -> None:
    kind = ActKind.TEXT if notice.channel == Channel.TEXT else ActKind.RING
    acts.intend(tx, Act(kind, NOTICE, notice.id, f"notice:{notice.id}", Priority.ALARM, target))
