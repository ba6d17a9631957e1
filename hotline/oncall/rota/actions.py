"""What can be done with the rota: draft it, look at the draft, publish it, fill its horizon, look back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.audit.actions import note_change
from hotline.claims.store import claim
from hotline.database import Database, Transaction
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.news.actions import tell_of_changes
from hotline.oncall.rota import store
from hotline.oncall.rota.bands import ONE_DAY
from hotline.oncall.rota.diff import PersonDiff
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.planned import planned
from hotline.oncall.rota.review import Review, with_holidays
from hotline.oncall.rota.reviewing import review
from hotline.oncall.rota.rota import Rota, horizon
from hotline.oncall.rota.rules_text import rules_text
from hotline.oncall.rota.version import Version
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.store import person_by_phone
from hotline.phone_number import parse_phone_number

COORDINATOR = "coordinator"
FILL = "fill rota"
_CHUNK = 200
_SOON = timedelta(minutes=10)
_ATTEMPTS = 3


class Outcome(StrEnum):
    """What came of publishing."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Publication:
    """What came of it: the version in force, from when, and what changed for whom."""

    outcome: Outcome
    number: int
    from_at: datetime | None = None
    diffs: tuple[PersonDiff, ...] = ()
    broken: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """Who was supposed to be on duty at a moment, and who was; by which version of the rota."""

    at: datetime
    version: Version | None
    supposed: tuple[Shift, ...]
    on_duty: tuple[Shift, ...]


def draft(tx: Transaction, rota: Rota, by: str) -> tuple[int, bool]:
    """Store a draft; return its number, and whether it is new: the same rules twice are one."""
    known = store.newest_draft(tx) or store.version(tx, store.published(tx))
    if known is not None and known.rules == rules_text(rota):
        return known.number, False
    number = store.add_draft(tx, rota, by)
    # Every version is kept, so its number says all of before and after.
    before = f"version {known.number}" if known else None
    note_change(tx, by, f"rota {number} drafted", before, f"version {number}")
    return number, True


def publish(database: Database, ground: Ground, by_phone: str, reason: str) -> Publication:
    """Put the newest draft in force, from now on; raise `BadInput` saying why it cannot be.

    Its shifts are written in small transactions while nobody sees them; one more puts it in force. The past,
    and shifts that have begun, stay as they are. Published twice, the second time changes nothing.
    """
    for _ in range(_ATTEMPTS):
        with database.reading() as tx:
            coordinator = _coordinator(tx, by_phone, ground.profile.service.country)
            seen = store.published(tx)
            version = store.newest_draft(tx)
            if version is None and seen:
                return Publication(Outcome.UNCHANGED, seen)
            if version is None:
                raise BadInput("there is no draft: make one with hotline rota draft FILE")
            looked_at = review(tx, ground, version)
        _refuse(looked_at, reason)
        done = _write(database, looked_at, seen, coordinator, reason.strip())
        if done is not None:
            sweep(database)
            return done
    raise BadInput("shifts kept beginning while the rota was written: publish again in a minute")


def fill(database: Database, ground: Ground) -> int:
    """Turn the rules of the rota into shifts up to the horizon; return how many days were filled.

    Each day is claimed, so two replicas fill it once, and one that is killed leaves it to the next. Who has
    left is written too: never rung, a hole in the proof of coverage, and there again the day they come back.
    """
    with database.reading() as tx:
        version = store.version(tx, store.published(tx))
        today = tx.now
    if version is None or version.filled_until is None:
        return 0
    last = horizon(today.astimezone(version.rota.zone).date(), ground.weeks)
    rota, day, days = with_holidays(version.rota, ground.profile, last), version.filled_until + ONE_DAY, 0
    while day <= last:
        with database.transaction() as tx:
            if claim(tx, FILL, f"{version.number} {day}"):
                store.add_rows(tx, version.number, rota.single, rota.shifts(day, day))
                store.filled(tx, version.number, day)
                days += 1
        day += ONE_DAY
    return days


def sweep(database: Database) -> int:
    """Delete the shifts of earlier versions that will never count; their rules stay. Return how many."""
    swept = 0
    while True:
        with database.transaction() as tx:
            found = store.sweep(tx, _CHUNK)
        swept += found
        if found < _CHUNK:
            return swept


def moment(tx: Transaction, at: datetime) -> Moment:
    """Return who was, is or will be on duty at a moment, beside who was supposed to be."""
    return Moment(at, store.version_at(tx, at), store.supposed_at(tx, at), duty.on_duty(tx, at))


def _coordinator(tx: Transaction, phone: str, country: str) -> Person:
    person = person_by_phone(tx, parse_phone_number(phone, country))
    if person is None or not person.active or person.role != COORDINATOR:
        raise BadInput("--by: only a coordinator publishes the rota; give the phone of one who is active")
    return person


def _refuse(looked_at: Review, reason: str) -> None:
    if looked_at.impossible:
        raise BadInput("\n".join(["the draft is impossible and was not published:", *_texts(looked_at)]))
    if not reason.strip():
        why = f"{len(looked_at.broken)} things are broken or uncovered" if looked_at.broken else "it is kept"
        raise BadInput(f"--reason: say why in a few words ({why}): hotline rota show lists them")
    if looked_at.from_at.astimezone(looked_at.rota.zone).date() > looked_at.last:
        raise BadInput(f"the draft begins after {looked_at.last}: publish it when that day is nearer")


def _texts(looked_at: Review) -> Iterator[str]:
    for one in looked_at.impossible[:20]:
        yield f"  {one.text}"


def _write(database: Database, looked_at: Review, seen: int, by: Person, reason: str) -> Publication | None:
    """Write the shifts unseen and turn the pointer; None where a shift began meanwhile: look again."""
    number, single = looked_at.version.number, looked_at.rota.single
    at_once = looked_at.from_at <= looked_at.at
    # What begins within minutes is written at the turn itself, which alone knows its moment.
    soon = looked_at.at + _SOON if at_once else looked_at.from_at
    _clear(database, number)
    for chunk in _chunks([shift for shift in looked_at.shifts if shift.starts_at >= soon]):
        with database.transaction() as tx:
            store.add_rows(tx, number, single, chunk)
    with database.transaction() as tx:
        from_at = max(tx.now, looked_at.from_at)
        if at_once and (tx.now >= soon or store.has_begun_between(tx, looked_at.at, from_at)):
            return None
        begun = store.begun_at(tx, from_at)
        last = min(looked_at.last, soon.astimezone(looked_at.rota.zone).date())
        first = planned(looked_at.rota, from_at, last, begun)
        store.add_rows(tx, number, single, [shift for shift in first if shift.starts_at < soon])
        values = {
            "published_by": by.id,
            "reason": reason,
            "accepted": "\n".join(looked_at.broken) or None,
            "filled_until": looked_at.last,
        }
        if not store.put_in_force(tx, seen, number, from_at, values):
            raise BadInput("somebody else has published meanwhile: look at hotline rota show, publish again")
        before = f"version {seen}" if seen else None
        after = f"version {number} from {from_at.isoformat()}"
        note_change(tx, by.id, f"rota {number} published", before, after, reason)
        tell_of_changes(tx, looked_at.diffs)
    return Publication(
        Outcome.PUBLISHED, number, from_at, looked_at.diffs, looked_at.broken, looked_at.warnings
    )


def _clear(database: Database, number: int) -> None:
    """Delete what a publication that was cut short has left of this draft."""
    found = _CHUNK
    while found == _CHUNK:
        with database.transaction() as tx:
            found = store.sweep(tx, _CHUNK, number)


def _chunks(shifts: Sequence[Shift]) -> Iterator[Sequence[Shift]]:
    for first in range(0, len(shifts), _CHUNK):
        yield shifts[first : first + _CHUNK]
