"""What can be done with overrides: look at what one would break, decide it, call it off, replan a period."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.festive import festive_days
from hotline.oncall.news.actions import tell_of_changes
from hotline.oncall.overrides import store
from hotline.oncall.overrides.override import Cause, Override, undone, what_changes
from hotline.oncall.overrides.verdict import LOOK_AROUND, Surroundings, Verdict, impossible, verdict
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.rota.actions import COORDINATOR
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving import store as serving

_NEAR = timedelta(days=1)


def new_group() -> str:
    """Return what holds together overrides that are decided at once."""
    return token_hex(8)


def surroundings(
    tx: Transaction, ground: Ground, wanted: Sequence[Override], worked: Sequence[WorkedPeriod] = ()
) -> Surroundings:
    """Read what overrides must be held against: everybody near them, those concerned for weeks around."""
    first, last = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
    concerned = {one.off_id for one in wanted} | {one.on_id for one in wanted}
    around = duty.on_duty_between(tx, first - LOOK_AROUND, last + LOOK_AROUND)
    near = [
        one
        for one in around
        if one.person_id in concerned or (one.starts_at < last + _NEAR and one.ends_at > first - _NEAR)
    ]
    everybody = people.everybody(tx)
    zone = ground.profile.service.timezone
    days = ((first - LOOK_AROUND).astimezone(zone).date(), (last + LOOK_AROUND).astimezone(zone).date())
    return Surroundings(
        profile=ground.profile,
        shifts=tuple(near),
        people={person.id: person for person in everybody},
        terms=serving.terms_of(tx, everybody),
        absences=serving.absences_between(tx, first - LOOK_AROUND, last + LOOK_AROUND),
        holidays=frozenset(festive_days(ground.profile.patron_days, *days, ground.profile.service.country)),
        countries=ground.countries,
        worked=worked,
    )


def look_at(
    tx: Transaction, ground: Ground, wanted: Sequence[Override], worked: Sequence[WorkedPeriod] = ()
) -> tuple[Verdict, Surroundings]:
    """Return what overrides would break, and what they were held against; nothing is stored."""
    around = surroundings(tx, ground, wanted, worked)
    return verdict(around, wanted, tx.now), around


def decide(
    tx: Transaction,
    ground: Ground,
    by: Person,
    wanted: Sequence[Override],
    worked: Sequence[WorkedPeriod] = (),
) -> tuple[Verdict, list[str]]:
    """Store what a coordinator decides, for the reason that each override carries; return what it breaks.

    Everybody concerned is told; of an offered shift they hear with the offer (`calls/cover/offers.py`).
    Raise `BadInput` for what cannot be, and where the reason is missing: every other rule may be broken for
    one, and shows on the board until it is mended.
    """
    if by.role != COORDINATOR or not by.active:
        raise BadInput("--by: only a coordinator decides this; give the phone of one who is active")
    found, around = look_at(tx, ground, wanted, worked)
    lines = found.lines(around)
    if not found.impossible and not all(one.reason.strip() for one in wanted):
        why = "; ".join(lines) or "it is kept"
        raise BadInput(f"--reason: say why in a few words ({why})")
    put(tx, around, wanted)
    tell_of_changes(tx, what_changes(one for one in wanted if one.cause != Cause.SWAP))
    return found, lines


def put(tx: Transaction, around: Surroundings, wanted: Sequence[Override]) -> tuple[int, ...]:
    """Store overrides that are possible at this very moment; raise `BadInput` where they are not.

    Everybody concerned is locked first and what they have is read again: of two who want the same, one gets
    it. Rules and coverage are the caller's to look at before.
    """
    concerned = {who for one in wanted for who in (one.off_id, one.on_id) if who is not None}
    people.lock(tx, concerned & set(around.people))
    first, last = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
    held = duty.on_duty_between(tx, first, max(last, first + timedelta(microseconds=1)))
    now = Surroundings(
        around.profile, held, around.people, around.terms, (), around.holidays, around.countries
    )
    if found := tuple(impossible(now, wanted, tx.now)):
        raise BadInput("\n".join(dict.fromkeys(found)))
    numbers = []
    for one in wanted:
        numbers.append(number := store.add(tx, one))
        before = f"{one.off_id} on duty" if one.off_id else None
        after = f"{one.on_id} on duty" if one.on_id else "nobody"
        stretch = f"{one.role} {one.starts_at.isoformat()} - {one.ends_at.isoformat()}"
        note_change(tx, one.made_by, f"override {number}", before, f"{after}: {stretch}", one.reason)
        _seek_no_longer(tx, one)
    return tuple(numbers)


def _seek_no_longer(tx: Transaction, made: Override) -> None:
    """Seek nobody any more for what is left of a shift, once somebody stands in for all of it."""
    if made.on_id is None or made.starts_at > tx.now:
        return
    for one in duty.withdrawals_in_force(tx):
        theirs = (one.person_id, one.role) == (made.off_id, made.role)
        if not theirs or not one.is_open(tx.now) or made.ends_at < one.until:
            continue
        if one.is_unheard:
            # Not as a taker: whoever was put on for a silent colleague is released when they are heard.
            duty.come_back(tx, one.id)
        else:
            duty.take_withdrawn(tx, one.id, made.on_id)


def call_off(tx: Transaction, numbers: Sequence[int], by: str, reason: str) -> tuple[Override, ...]:
    """End overrides now, or before they begin; return those that were ended, the past of each stays.

    Raise `BadInput` where one is not known or over.
    """
    ended = []
    for number in numbers:
        one = store.by_number(tx, number)
        if one is None:
            raise BadInput(f"there is no override {number}; hotline override list shows them")
        if one.ends_at <= tx.now or not store.call_off(tx, one):
            raise BadInput(f"override {number} is over, or was called off before; nothing was changed")
        note_change(tx, by, f"override {number}", "in force", f"called off at {tx.now.isoformat()}", reason)
        ended.append(one)
    return tuple(ended)


def take_back(tx: Transaction, numbers: Sequence[int], by: str, reason: str) -> tuple[Override, ...]:
    """Call overrides off as a coordinator decides, and have everybody told whose shifts that changes."""
    ended = call_off(tx, numbers, by, reason)
    tell_of_changes(tx, what_changes(undone(one, tx.now) for one in ended))
    return ended


def temporary(
    tx: Transaction,
    role: str,
    first: datetime,
    last: datetime,
    instead: Sequence[Shift],
    by: str,
    reason: str,
) -> tuple[Override, ...]:
    """Return the overrides by which, for a period, the shifts of a role are those of another plan.

    Who is on in the period is off, who stands in `instead` is on; nothing is stored. Raise `BadInput` for a
    shift outside of the period, or of another role.
    """
    group = new_group()
    for one in instead:
        if one.role != role or one.starts_at < first or one.ends_at > last:
            raise BadInput("a shift of the temporary plan is of another role, or outside of the period")
    kept = set(instead)
    offs = [
        Override(
            role,
            one.person_id,
            None,
            max(one.starts_at, first),
            min(one.ends_at, last),
            Cause.TEMPORARY,
            by,
            reason,
            group,
        )
        for one in duty.on_duty_between(tx, first, last)
        if one.role == role and one not in kept
    ]
    on_already = set(duty.on_duty_between(tx, first, last))
    ons = [
        Override(role, None, one.person_id, one.starts_at, one.ends_at, Cause.TEMPORARY, by, reason, group)
        for one in instead
        if one not in on_already
    ]
    return (*offs, *ons)
