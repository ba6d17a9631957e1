"""What can be done about presence: see who is due to be asked, take in "I am there", seek somebody else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from hotline.ambito import AskingHours
from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.oncall import store as oncall
from hotline.oncall.actions import AHEAD, confirm_shift, not_to_ask
from hotline.oncall.cover import NIGHT, NO_SHOW, Rota, Withdrawal
from hotline.oncall.news import store as news
from hotline.oncall.presence import store
from hotline.oncall.presence.check import Check, Kind, Step
from hotline.oncall.presence.due import Block, ask_at, blocks, may_ask
from hotline.oncall.presence.line import LOOK_AHEAD, LOOK_BACK, in_line
from hotline.oncall.shifts import Shift
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people.person import Person
from hotline.people.store import everybody

LATE = timedelta(minutes=30)
"""A shift that began longer ago, and of which nobody was asked, is left alone: rung hours later, for what?"""

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Heard:
    """Somebody said that they are there: for which shift, and who need not be sought any more."""

    shift: Shift | None
    checks: tuple[Check, ...] = ()
    found_again: tuple[Withdrawal, ...] = ()


def coming_blocks(tx: Transaction, since: datetime, until: datetime) -> tuple[Block, ...]:
    """Return the blocks that begin in `[since, until)`, earliest first."""
    # A piece that ends just when the window begins makes what follows no beginning.
    found = blocks(oncall.on_duty_between(tx, since - _MOMENT, until))
    return tuple(one for one in found if since <= one.starts_at < until)


def due_to_ask(tx: Transaction, hours: AskingHours, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return the blocks about which nobody has been asked and should be now, also those just begun."""
    since, until = tx.now - LATE, tx.now + AHEAD
    known = {(one.person_id, one.role, one.starts_at) for one in _shift_checks(tx, since, until)}
    confirmed = store.confirmed_between(tx, since, until)
    asking = may_ask(tx.now, hours, zone)
    found = []
    for block in coming_blocks(tx, since, until):
        if (block.person_id, block.role, block.starts_at) in known or _is_confirmed(block, confirmed):
            continue
        if block.starts_at <= tx.now:
            found += [] if _is_to_be_told(tx, block) else [block]
        elif asking and ask_at(block.starts_at, hours, zone) <= tx.now:
            found.append(block)
    return tuple(found)


def put_on_now(tx: Transaction, person_id: str, gained: Iterable[Shift]) -> Block | None:
    """Return the block that shifts which run already have begun for somebody; None where they are asked.

    None too where they have confirmed, or were on duty right before: nobody was put on then.
    """
    for shift in sorted(gained, key=lambda one: one.starts_at):
        if not shift.starts_at <= tx.now < shift.ends_at:
            continue
        pair, moment = (person_id, shift.role), (shift.starts_at, shift.starts_at + _MOMENT)
        known = {(one.person_id, one.role) for one in _shift_checks(tx, *moment)}
        if pair in known or oncall.confirmed_at(tx, shift) is not None:
            continue
        for block in coming_blocks(tx, shift.starts_at, tx.now + AHEAD):
            if (block.person_id, block.role) == pair and block.starts_at == shift.starts_at:
                return block
    return None


def begin_to_ask(tx: Transaction, put_on: Block | None) -> None:
    """Count from now on how long somebody does not answer who is told just now that they are on."""
    if put_on is not None:
        store.add(tx, new_check(tx, put_on, Kind.SHIFT, Step.BEGUN))


def new_check(tx: Transaction, block: Block, kind: Kind, step: Step) -> Check:
    """Return a check about to be stored."""
    asked_at = tx.now if step == Step.ASKED else None
    return Check(
        id=token_hex(8),
        person_id=block.person_id,
        role=block.role,
        kind=kind,
        starts_at=block.starts_at,
        ends_at=block.ends_at,
        step=step,
        step_at=tx.now,
        asked_at=asked_at,
    )


def unheard_checks(tx: Transaction) -> tuple[Check, ...]:
    """Return the checks whose person has neither been heard nor confirmed in any other way."""
    found = store.unheard(tx)
    if not found:
        return ()
    confirmed = store.confirmed_between(tx, found[0].starts_at, max(one.ends_at for one in found))
    return tuple(one for one in found if one.kind == Kind.NIGHT or not _is_confirmed(_block(one), confirmed))


def check_in(tx: Transaction, person: Person) -> Heard:
    """Take in "I am there", or "I will be", however it was said; nobody is told anything here.

    It answers everything that the person has been asked and not answered. Nothing is confirmed, and `shift`
    is None, where they said that they cannot.
    """
    mine = [one for one in oncall.on_duty(tx, tx.now) if one.person_id == person.id]
    if any(shift.withdrawn for shift in mine):
        return Heard(None)
    asked = store.unheard(tx, person.id)
    store.heard(tx, [one.id for one in asked])
    found = (_first_shift(tx, one) for one in asked if one.kind == Kind.SHIFT)
    shifts = [shift for shift in found if shift is not None]
    for shift in shifts:
        oncall.confirm(tx, shift)
    # Of a block that was refused, each shift was asked about: its first stands for all.
    begins = {block.starts_at for block in blocks(shifts)}
    latest = next((shift for shift in reversed(shifts) if shift.starts_at in begins), None)
    said = latest or confirm_shift(tx, person.id, tx.now)
    return Heard(said, asked, _found_again(tx, person))


def reachable(tx: Transaction, person: Person) -> Heard:
    """Take in that somebody on duty has shown themselves, as at the staff door: what is ahead stays open."""
    asked = tuple(one for one in store.unheard(tx, person.id) if one.starts_at <= tx.now)
    store.heard(tx, [one.id for one in asked])
    for shift in filter(None, (_first_shift(tx, one) for one in asked if one.kind == Kind.SHIFT)):
        oncall.confirm(tx, shift)
    return Heard(None, asked, _found_again(tx, person))


def say_cannot(tx: Transaction, person: Person) -> tuple[Shift, ...]:
    """Store that somebody will not come to what they were asked about; return those coming shifts."""
    ahead = [one for one in store.unheard(tx, person.id) if one.kind == Kind.SHIFT and one.starts_at > tx.now]
    return tuple(dict.fromkeys(shift for check in ahead for shift in refuse(tx, check)))


def refuse(tx: Transaction, check: Check) -> tuple[Shift, ...]:
    """Store that somebody will not come to a coming block; return its shifts.

    Each has a check of its own from now on: what nobody has taken by then begins by seeking cover.
    """
    shifts = _shifts_of(tx, check)
    if check.cannot_at is None:
        first, rest = shifts[:1], shifts[1:]
        store.change(tx, check.id, {"cannot_at": tx.now, **({"ends_at": first[0].ends_at} if first else {})})
        for shift in rest:
            mine = replace(check, id=token_hex(8), starts_at=shift.starts_at, ends_at=shift.ends_at)
            store.add(tx, replace(mine, cannot_at=tx.now))
    return shifts


def will_come(tx: Transaction, person: Person, begins: Collection[datetime]) -> None:
    """Expect somebody again to the coming shifts that begin at these moments, and that they had refused."""
    for check in store.unheard(tx, person.id):
        if check.kind == Kind.SHIFT and check.starts_at in begins and check.starts_at > tx.now:
            store.change(tx, check.id, {"cannot_at": None})


def note_missing(tx: Transaction, check: Check, countries: Collection[str]) -> Withdrawal | None:
    """Seek somebody beside a person who is not heard; None when somebody is sought already."""
    rota = Rota(everybody(tx), oncall.on_duty(tx, tx.now), countries)
    silent = unheard_people(tx)
    missing = Withdrawal(
        id=token_hex(8),
        person_id=check.person_id,
        role=check.role,
        starts_at=check.starts_at,
        said_at=tx.now,
        until=check.ends_at,
        said_by=NIGHT if check.kind == Kind.NIGHT else NO_SHOW,
        last_one=not [one for one in rota.others(check.person_id, check.role) if one.id not in silent],
    )
    if any(one.person_id == check.person_id for one in withdrawals.in_force(tx)):
        return None
    return missing if withdrawals.add(tx, missing) else None


def unheard_people(tx: Transaction) -> frozenset[str]:
    """Return who is on duty and was sought in vain: nobody counts on them, though they ring."""
    return frozenset(one.person_id for one in withdrawals.in_force(tx) if one.is_unheard)


def next_in_line(
    tx: Transaction, role: str, but: str, until: datetime, countries: Collection[str]
) -> tuple[Person, ...]:
    """Return who of a role is off shift, reachable, and neither away nor let off, best first."""
    rota = Rota(everybody(tx), oncall.on_duty(tx, tx.now), countries)
    shifts = oncall.on_duty_between(tx, tx.now - LOOK_BACK, until + LOOK_AHEAD)
    spared = not_to_ask(tx, role, until)
    able = [one for one in rota.to_ask(but, role) if one.id not in spared]
    return in_line(able, shifts, tx.now, until)


def put_on(tx: Transaction, withdrawal: Withdrawal, person: Person) -> Shift | None:
    """Put somebody on duty, in their own role, for the rest of what a person does not answer for."""
    if not withdrawals.take(tx, withdrawal.id, person.id):
        return None
    shift = Shift(person.id, person.role, tx.now, withdrawal.until)
    oncall.add_shifts(tx, [shift], NIGHT)
    why = "the social worker on call was not reached at the beginning of the night"
    note_change(tx, "the service", f"shift of {person.id}", None, _described(shift), why)
    return shift


def release(tx: Transaction, withdrawal: Withdrawal, person: Person) -> None:
    """End the shift of whoever was put on: the person for whom they stood in is there."""
    if withdrawal.taken_at is None:
        return
    shift = Shift(person.id, person.role, withdrawal.taken_at, withdrawal.until)
    oncall.end_shift(tx, shift)
    note_change(tx, "the service", f"shift of {person.id}", _described(shift), f"ended {tx.now.isoformat()}")


def _found_again(tx: Transaction, person: Person) -> tuple[Withdrawal, ...]:
    """Seek nobody any more beside a person who is there."""
    mine = [one for one in withdrawals.in_force(tx) if one.person_id == person.id and one.is_unheard]
    return tuple(one for one in mine if withdrawals.come_back(tx, one.id))


def _first_shift(tx: Transaction, check: Check) -> Shift | None:
    """Return the shift with which a block begins, or what is left of it."""
    return next((shift for shift in _shifts_of(tx, check) if shift.ends_at > tx.now), None)


def _shifts_of(tx: Transaction, check: Check) -> tuple[Shift, ...]:
    return tuple(
        shift
        for shift in oncall.on_duty_between(tx, check.starts_at, check.ends_at)
        if shift.person_id == check.person_id and shift.role == check.role
    )


def _is_to_be_told(tx: Transaction, block: Block) -> bool:
    """Tell whether somebody does not know yet that they are on: they are asked as they are told of it."""
    gained = (shift for one in news.untold(tx, block.person_id) for shift in one.gained)
    return any((one.role, one.starts_at) == (block.role, block.starts_at) for one in gained)


def _shift_checks(tx: Transaction, since: datetime, until: datetime) -> Iterable[Check]:
    return (one for one in store.between(tx, since, until) if one.kind == Kind.SHIFT)


def _is_confirmed(
    block: Block, confirmed: dict[tuple[str, str], tuple[tuple[datetime, datetime], ...]]
) -> bool:
    said = confirmed.get((block.person_id, block.role), ())
    return any(block.starts_at <= starts_at < block.ends_at for starts_at, _ in said)


def _block(check: Check) -> Block:
    return Block(check.person_id, check.role, check.starts_at, check.ends_at)


def _described(shift: Shift) -> str:
    return f"{shift.role} {shift.starts_at.isoformat()} to {shift.ends_at.isoformat()}"
