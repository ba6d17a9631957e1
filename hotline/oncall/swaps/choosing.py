"""Which shift does somebody mean to offer, to whom, and in return for what?"""

from datetime import datetime

from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.shifts import LONGEST_SHIFT, Shift
from hotline.oncall.swaps.offer import held_by
from hotline.oncall.swaps.taking import Wanted
from hotline.people.person import Person


def wanted_offer(
    tx: Transaction,
    owner: Person,
    by: Person,
    reason: str,
    *,
    first: datetime | None = None,
    running: bool = False,
    asked: Person | None = None,
    back: datetime | None = None,
) -> Wanted:
    """Return that the shift of somebody that begins at `first` is offered; nothing is stored.

    By default their next one; what is left of the one that runs where `running`; to everybody where nobody
    is `asked`; in return for the shift of whoever is asked that begins at `back`. Raise `BadInput` where
    there is no such shift, or it cannot be asked of that person.
    """
    if back is not None and asked is None:
        raise BadInput("--ask: a trade needs both; say whose shift it is that you want in return")
    if asked is not None and not asked.active:
        raise BadInput("--ask: they are no longer active; ask somebody else")
    if back is not None and not owner.active:
        raise BadInput("--in-return: whose shift it is, is no longer active; offer it for nothing")
    shift = _running(tx, owner) if running else _coming(tx, owner, first, "--from")
    if asked is not None and asked.role != shift.role:
        raise BadInput(f"--ask: a {asked.role} cannot have the shift of a {shift.role}; ask somebody else")
    in_return = _coming(tx, asked, back, "--in-return") if asked is not None and back is not None else None
    return Wanted(shift, by.id, reason.strip(), asked.id if asked is not None else None, in_return)


def coming_shift(tx: Transaction, person: Person, first: datetime | None) -> Shift:
    """Return the coming shift of somebody that begins at a moment, or the next; raise `BadInput` for none."""
    return _coming(tx, person, first, "--from")


def _coming(tx: Transaction, person: Person, first: datetime | None, option: str) -> Shift:
    if first is None:
        found = next(iter(duty.next_shifts(tx, person.id, tx.now, 1)), None)
    else:
        found = held_by(duty.on_duty_between(tx, first, first + LONGEST_SHIFT), person.id, first)
    if found is None or found.starts_at <= tx.now:
        raise BadInput(
            f"{option}: they have no coming shift that begins then; give the moment at which it begins"
        )
    return found


def _running(tx: Transaction, person: Person) -> Shift:
    mine = [one for one in duty.on_duty(tx, tx.now) if one.person_id == person.id]
    if not mine:
        raise BadInput("--now: they are not on duty; leave it out to offer the next shift")
    return max(mine, key=lambda one: one.ends_at)
