"""What can be done with overrides: look at what one would break, decide it, call it off, replan a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.errors import BadInput, TooLate
from hotline.oncall import store as duty
from hotline.oncall.festive import festive_days
from hotline.oncall.news.actions import tell_of_changes
from hotline.oncall.overrides import store
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.overrides.verdict import LOOK_AROUND, Surroundings, Verdict, impossible, verdict
from hotline.oncall.rota.actions import COORDINATOR
from hotline.oncall.rota.diff import differences
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving import store as serving

_NEAR = timedelta(days=1)
_A_MOMENT = timedelta(microseconds=1)


def new_group() -> str:
    """Return what holds together overrides that are decided at once."""
    return token_hex(8)


def surroundings(tx: Transaction, ground: Ground, wanted: Sequence[Override]) -> Surroundings:
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
        worked=ground.worked(tx, first - LOOK_AROUND, last),
    )


def look_at(tx: Transaction, ground: Ground, wanted: Sequence[Override]) -> tuple[Verdict, Surroundings]:
    """Return what overrides would break, and what they were held against; nothing is stored."""
    around = surroundings(tx, ground, wanted)
    return verdict(around, wanted, tx.now), around


def stand_in(
    tx: Transaction,
    off: Person | None,
    on: Person | None,
    first: datetime | None,
    last: datetime | None,
    by: Person,
    reason: str,
) -> Override:
    """Return that somebody is on instead of, beside, or without somebody else; nothing is stored.

    By default from now on, and until the shift ends of whoever is off. Raise `BadInput` where nobody is
    named, or where no shift says until when.
    """
    concerned = off or on
    if concerned is None:
        raise BadInput("name who is off, who is on, or both")
    begins = first or tx.now
    return Override(
        role=concerned.role,
        off_id=off.id if off is not None else None,
        on_id=on.id if on is not None else None,
        starts_at=begins,
        ends_at=last or _end_of_shift(tx, off, begins),
        cause=Cause.ADD if off is None else Cause.REMOVE if on is None else Cause.REPLACE,
        made_by=by.id,
        reason=reason.strip(),
        group=new_group(),
    )


@dataclass(frozen=True)
class Considered:
    """What a coordinator wants, what it was held against, and when; `lines` are what it newly breaks."""

    wanted: tuple[Override, ...]
    around: Surroundings
    lines: tuple[str, ...]
    at: datetime

    def as_of(self, now: datetime) -> list[Override]:
        """Return what is wanted at a later moment: "from now on" has moved on meanwhile."""
        return [replace(one, starts_at=now) if self.at <= one.starts_at < now else one for one in self.wanted]


def consider(tx: Transaction, ground: Ground, by: Person, wanted: Sequence[Override]) -> Considered:
    """Look at what a coordinator wants, before the transaction that does it: it may take a while.

    Raise `BadInput` for what cannot be, and where the reason that each override carries is missing: every
    other rule may be broken for one, and shows on the board until it is mended.
    """
    if by.role != COORDINATOR or not by.active:
        raise BadInput("--by: only a coordinator decides this; give the phone of one who is active")
    found, around = look_at(tx, ground, wanted)
    _refuse(found.impossible)
    lines = found.lines(around)
    if not all(one.reason.strip() for one in wanted):
        why = "; ".join(lines) or "it is kept"
        raise BadInput(f"--reason: say why in a few words ({why})")
    return Considered(tuple(wanted), around, tuple(lines), tx.now)


def decide(tx: Transaction, considered: Considered) -> None:
    """Do what a coordinator decides, and have everybody told whose shifts it changes.

    Raise `BadInput` for what has become impossible since it was considered.
    """
    wanted = considered.as_of(tx.now)
    before = _shifts_of_concerned(tx, wanted)
    put(tx, considered.around, wanted)
    tell_of_changes(tx, differences(before, _shifts_of_concerned(tx, wanted)))


def put(tx: Transaction, around: Surroundings, wanted: Sequence[Override]) -> tuple[int, ...]:
    """Store overrides that are possible at this very moment; raise `BadInput` where they are not.

    Everybody concerned is locked first and what they have is read again: of two who want the same, one gets
    it. Rules and coverage are the caller's to look at before.
    """
    concerned = {who for one in wanted for who in (one.off_id, one.on_id) if who is not None}
    people.lock(tx, concerned & set(around.people))
    first, last = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
    held = duty.on_duty_between(tx, first, max(last, first + _A_MOMENT))
    now = Surroundings(
        around.profile, held, around.people, around.terms, (), around.holidays, around.countries
    )
    _refuse(impossible(now, wanted, tx.now))
    numbers = []
    for one in wanted:
        numbers.append(number := store.add(tx, one))
        before = f"{one.off_id} on duty" if one.off_id else None
        after = f"{one.on_id} on duty" if one.on_id else "nobody"
        stretch = f"{one.role} {one.starts_at.isoformat()} - {one.ends_at.isoformat()}"
        note_change(tx, one.made_by, f"override {number}", before, f"{after}: {stretch}", one.reason)
        _seek_no_longer(tx, one)
    return tuple(numbers)


def _refuse(impossible: Iterable[str]) -> None:
    if found := tuple(dict.fromkeys(impossible)):
        raise BadInput("\n".join(found))


def _seek_no_longer(tx: Transaction, made: Override) -> None:
    """Seek nobody any more for what is left of a shift, once somebody stands in for all of it."""
    if made.on_id is None or made.starts_at > tx.now:
        return
    for one in withdrawals.in_force(tx):
        theirs = (one.person_id, one.role) == (made.off_id, made.role)
        if not theirs or not one.is_open(tx.now) or made.ends_at < one.until:
            continue
        if one.is_unheard:
            # Not as a taker: whoever was put on for a silent colleague is released when they are heard.
            withdrawals.come_back(tx, one.id)
        else:
            withdrawals.take(tx, one.id, made.on_id)


def call_off(tx: Transaction, numbers: Sequence[int], by: str, reason: str) -> tuple[Override, ...]:
    """End overrides, and have everybody told whose shifts that changes; see `end`."""
    meant = [one for number in numbers if (one := store.by_number(tx, number)) is not None]
    before = _shifts_of_concerned(tx, meant)
    ended = end(tx, numbers, by, reason)
    tell_of_changes(tx, differences(before, _shifts_of_concerned(tx, meant)))
    return ended


def decided_together(tx: Transaction, number: int) -> list[int]:
    """Return the number of an override, and those of the same decision, that can still be called off."""
    one = store.by_number(tx, number)
    group = store.of_group(tx, one.group) if one is not None else ()
    return [each.number for each in group if each.counts and each.ends_at > tx.now] or [number]


def end(tx: Transaction, numbers: Sequence[int], by: str, reason: str) -> tuple[Override, ...]:
    """End overrides now, or before they begin; return those that were ended, the past of each stays.

    Nobody is told. Raise `BadInput` where one is not known, `TooLate` where one is over.
    """
    ended = []
    for number in numbers:
        one = store.by_number(tx, number)
        if one is None:
            raise BadInput(f"there is no override {number}; hotline override list shows them")
        if one.ends_at <= tx.now or not store.call_off(tx, one):
            raise TooLate(f"override {number} is over, or was called off before; nothing was changed")
        note_change(tx, by, f"override {number}", "in force", f"called off at {tx.now.isoformat()}", reason)
        ended.append(one)
    return tuple(ended)


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


def _shifts_of_concerned(tx: Transaction, changes: Sequence[Override]) -> list[Shift]:
    """Return what those whom overrides concern have in their time and right beside it, without the past."""
    if not changes:
        return []
    concerned = {one.off_id for one in changes} | {one.on_id for one in changes}
    # Of a shift that is cut, what is left ends or begins where the override does.
    first = max(min(one.starts_at for one in changes) - _A_MOMENT, tx.now)
    last = max(one.ends_at for one in changes) + _A_MOMENT
    return [one for one in duty.on_duty_between(tx, first, last) if one.person_id in concerned]


def _end_of_shift(tx: Transaction, person: Person | None, at: datetime) -> datetime:
    running = [one for one in duty.on_duty(tx, at) if person is not None and one.person_id == person.id]
    if not running:
        raise BadInput("--to: say until when; nobody of those named is on duty at that moment")
    return max(one.ends_at for one in running)
