"""What can be done with a shift that one has and another may take: offer, take, leave, withdraw, decide?

Nobody is told anything here: `calls/cover/offers.py` does that for every way in which it can be said.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.errors import BadInput, TooLate
from hotline.oncall import store as duty
from hotline.oncall.overrides import actions as overrides
from hotline.oncall.overrides import store as override_store
from hotline.oncall.overrides.actions import Considered
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.presence import actions as presence
from hotline.oncall.presence.due import ask_at
from hotline.oncall.proof.spans import Span, without
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.oncall.swaps import store
from hotline.oncall.swaps.offer import OF_SOMEBODY_ELSE, Event, Offer, State
from hotline.oncall.swaps.refusal import why_not
from hotline.oncall.swaps.substitutes import Substitute, substitutes
from hotline.oncall.swaps.taking import Offering, TakeOutcome, Taking, Wanted
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving import store as serving

IN_TIME = "nobody took it in time"


def offer(tx: Transaction, wanted: Wanted) -> Offering:
    """Offer a shift that somebody has; it stays theirs until it is taken. Said twice, it is one offer.

    Raise `BadInput` for a trade of two shifts at the same time.
    """
    shift, back = wanted.shift, wanted.in_return
    if back is not None and back.starts_at < shift.ends_at and shift.starts_at < back.ends_at:
        raise BadInput("the two shifts are at the same time; a trade is of two that do not overlap")
    made = Offer(
        role=shift.role,
        person_id=shift.person_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        made_by=wanted.by,
        reason=wanted.reason,
        opened_at=tx.now,
        asked_id=wanted.asked_id,
        return_starts_at=back.starts_at if back is not None else None,
        return_ends_at=back.ends_at if back is not None else None,
    )
    if (number := store.add(tx, made)) is None:
        known = [one for one in store.open_of(tx, shift.person_id) if one.starts_at == shift.starts_at]
        return Offering(next(iter(known), None), known=True)
    asked = f", asked {wanted.asked_id}" if wanted.asked_id else ""
    what = f"offered: {shift.role} {shift.starts_at.isoformat()} - {shift.ends_at.isoformat()}{asked}"
    note_change(tx, wanted.by, f"offer {number}", None, what, wanted.reason)
    return Offering(replace(made, number=number))


def who_may_take(tx: Transaction, ground: Ground, shift: Shift) -> tuple[Substitute, ...]:
    """Return who may take a shift at all, the best first; those whose rules it breaks come last."""
    able = [one for one in people.everybody(tx) if one.active and one.role == shift.role]
    group, ends_at = "", max(shift.ends_at, tx.now)
    asked = [
        Override(shift.role, None, one.id, shift.starts_at, ends_at, Cause.SWAP, "", "", group)
        for one in able
    ]
    if not asked:
        return ()
    around = overrides.surroundings(tx, ground, asked)
    return substitutes(around, shift, serving.every_wish(tx), tx.now)


def take(
    tx: Transaction,
    ground: Ground,
    number: int,
    taker: Person,
    by: Person | None = None,
) -> Taking:
    """Give somebody an offered shift; of two who take it at once, one gets it. `by` says so on their behalf.

    Refused where it newly breaks an E rule, or opens a gap: then only a coordinator can decide it. Taken when
    it is late already, it is confirmed: nobody is asked a minute later whether they are there.
    """
    found = _locked(tx, number, taker)
    if found.outcome != TakeOutcome.YOURS or found.offer is None:
        return found
    if found.offer.asked_id not in (None, taker.id) or not taker.active:
        return Taking(TakeOutcome.NOTHING, found.offer)
    if needs_who_left(tx, found.offer):
        return Taking(TakeOutcome.GONE, found.offer)
    offered, group, who = found.offer, overrides.new_group(), (by or taker).id
    wanted = offered.taken_as(taker.id, who, f"took offer {number}", group, tx.now)
    verdict, around = overrides.look_at(tx, ground, wanted)
    if (why := why_not(verdict, around, wanted)) is not None:
        lines = tuple(dict.fromkeys((*verdict.impossible, *verdict.lines(around))))
        return Taking(TakeOutcome.REFUSED, offered, why, lines)
    taken = {"taken_by": taker.id, "taken_at": tx.now, "group": group}
    if not store.move(tx, number, Event.TAKE, taken):
        return Taking(TakeOutcome.TAKEN, offered)
    overrides.put(tx, around, wanted)
    _confirm_if_late(tx, ground, wanted, taker)
    note_change(tx, who, f"offer {number}", "open", f"taken by {taker.id}")
    return Taking(TakeOutcome.YOURS, store.by_number(tx, number))


def consider(
    tx: Transaction, ground: Ground, number: int, taker: Person, by: Person, reason: str
) -> Considered:
    """Look at what it would break to give somebody an offered shift; see `overrides.consider`.

    Raise `BadInput` for what cannot be and where a reason is missing, `TooLate` where it is open no longer.
    """
    offered = _open_to(_standing(tx, number, taker), number)
    group = overrides.new_group()
    return overrides.consider(tx, ground, by, offered.taken_as(taker.id, by.id, reason, group, tx.now))


def decide(
    tx: Transaction, considered: Considered, number: int, taker: Person, by: Person, reason: str
) -> Offer:
    """Give somebody an offered shift as a coordinator decides it; raise as `consider` does."""
    offered = _open_to(_locked(tx, number, taker), number)
    wanted = considered.as_of(tx.now)
    overrides.put(tx, considered.around, wanted)
    decided = {"taken_by": taker.id, "taken_at": tx.now, "group": wanted[0].group}
    store.move(tx, number, Event.DECIDE, decided)
    gained = [one.addition for one in wanted if one.addition is not None and one.on_id == taker.id]
    presence.begin_to_ask(tx, presence.put_on_now(tx, taker.id, gained))
    note_change(tx, by.id, f"offer {number}", "open", f"given to {taker.id}", reason)
    return store.by_number(tx, number) or offered


def untake(tx: Transaction, person: Person) -> Offer | None:
    """Let somebody leave the shift that they took last and that has not begun: it is offered again.

    Return the offer as it is open now, None where there is nothing to leave.
    """
    for offered in store.taken_by(tx, person.id):
        people.lock(tx, {offered.person_id, person.id})
        current = store.by_number(tx, offered.number)
        if current is None or current.state not in OF_SOMEBODY_ELSE or current.taken_by != person.id:
            continue
        changes = override_store.of_group(tx, current.group or "")
        if not changes or not all(_can_be_undone(tx, one) for one in changes):
            continue
        if store.move(tx, current.number, Event.UNTAKE, {**_NOBODY, "opened_at": tx.now}):
            overrides.end(tx, [one.number for one in changes], person.id, f"left offer {current.number}")
            note_change(tx, person.id, f"offer {current.number}", f"taken by {person.id}", "open again")
            return store.by_number(tx, current.number)
    return None


def withdraw(tx: Transaction, offered: Offer, by: str, reason: str) -> bool:
    """Take back an offer that nobody has taken; False when it is too late."""
    return _end(tx, offered, Event.WITHDRAW, by, reason)


def lapse(tx: Transaction, offered: Offer, why: str = IN_TIME) -> bool:
    """Let an offer end that nobody has taken: the shift stays with whoever has it."""
    return _end(tx, offered, Event.LAPSE, "the clock", why)


def needs_who_left(tx: Transaction, offered: Offer) -> bool:
    """Tell whether nothing can come of an offer: whoever is asked has left, or one side of a trade.

    What somebody who has left offers for nothing stays open: the shift lacks somebody, and a taker fills it.
    """
    needed = {offered.asked_id, offered.person_id if offered.is_trade else None} - {None}
    found = people.people_by_ids(tx, {one for one in needed if one is not None})
    return not all(one.active for one in found)


def still_has(tx: Transaction, offered: Offer) -> bool:
    """Tell whether whoever offers a shift still has what is left of it."""
    first = max(offered.starts_at, tx.now)
    return _has(tx, offered.person_id, offered.role, first, offered.ends_at)


def still_has_some(tx: Transaction, offered: Offer) -> bool:
    """Tell whether some of an offered shift is still theirs: another version may have moved its hours."""
    first = max(offered.starts_at, tx.now)
    mine = (offered.person_id, offered.role)
    return any((one.person_id, one.role) == mine for one in duty.on_duty_between(tx, first, offered.ends_at))


def shifts_to_offer(tx: Transaction, person_id: str, most: int) -> tuple[Shift, ...]:
    """Return the coming shifts of somebody that can be offered, the next first."""
    return duty.next_shifts(tx, person_id, tx.now, most)


_NEVER_OPEN = frozenset({TakeOutcome.NOTHING, TakeOutcome.OWN})
_NOBODY = {"taken_by": None, "taken_at": None, "group": None}


def _locked(tx: Transaction, number: int, taker: Person) -> Taking:
    """Return how an offer stands, once everybody concerned is locked; what is gone lapses."""
    seen = store.by_number(tx, number)
    if seen is not None:
        people.lock(tx, {seen.person_id, taker.id})
    found = _standing(tx, number, taker)
    if found.outcome == TakeOutcome.GONE and found.offer is not None:
        lapse(tx, found.offer)
    return found


def _standing(tx: Transaction, number: int, taker: Person) -> Taking:
    """Return whether somebody may have an offered shift: `yours`, or why not."""
    offered = store.by_number(tx, number)
    if offered is None or offered.role != taker.role:
        return Taking(TakeOutcome.NOTHING)
    if offered.person_id == taker.id:
        return Taking(TakeOutcome.OWN, offered)
    if offered.state in OF_SOMEBODY_ELSE and offered.taken_by == taker.id:
        return Taking(TakeOutcome.ALREADY, offered)
    if offered.state != State.OPEN or tx.now >= offered.ends_at:
        return Taking(TakeOutcome.TAKEN, offered)
    return Taking(TakeOutcome.YOURS if still_has(tx, offered) else TakeOutcome.GONE, offered)


def _open_to(found: Taking, number: int) -> Offer:
    """Return the offer that somebody may have; raise `BadInput` or `TooLate` where they may not."""
    if found.outcome == TakeOutcome.YOURS and found.offer is not None:
        return found.offer
    said = f"offer {number} is not open to this person any more; hotline offers list shows it"
    raise BadInput(said) if found.outcome in _NEVER_OPEN else TooLate(said)


def _confirm_if_late(tx: Transaction, ground: Ground, wanted: Sequence[Override], taker: Person) -> None:
    """Let whoever takes a shift after the hour at which they would be asked for it have answered."""
    profile = ground.profile
    for shift in filter(None, (one.addition for one in wanted)):
        asked_at = ask_at(shift.starts_at, profile.asking, profile.service.timezone)
        if shift.person_id == taker.id and asked_at <= tx.now:
            duty.confirm(tx, shift)


def _can_be_undone(tx: Transaction, one: Override) -> bool:
    """Tell whether a change has not begun, and whoever is on by it has not given the shift on meanwhile."""
    if one.called_off_at is not None or one.starts_at <= tx.now or one.on_id is None:
        return False
    return _has(tx, one.on_id, one.role, one.starts_at, one.ends_at)


def _has(tx: Transaction, person_id: str, role: str, first: datetime, last: datetime) -> bool:
    if last <= first:
        return False
    mine = [
        Span(one.starts_at, one.ends_at)
        for one in duty.on_duty_between(tx, first, last)
        if (one.person_id, one.role) == (person_id, role)
    ]
    return not without(Span(first, last), mine)


def _end(tx: Transaction, offered: Offer, event: Event, by: str, reason: str) -> bool:
    people.lock(tx, {offered.person_id})
    if not store.move(tx, offered.number, event):
        return False
    note_change(tx, by, f"offer {offered.number}", "open", event.value, reason)
    return True
