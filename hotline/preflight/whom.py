"""Can anybody be rung, now and within a day, and who is left when nothing else is?"""

from collections.abc import Iterator
from datetime import timedelta

from hotline.app import last_resort_numbers
from hotline.calls.switchboard import Switchboard
from hotline.database import Database
from hotline.oncall import store as oncall
from hotline.oncall.cover import LAST_RESORT_ROLE
from hotline.oncall.tiers import PLURALS, Circumstances, lasting_obstacle
from hotline.people import store as people
from hotline.phone_number import mask
from hotline.preflight.finding import Finding, Level
from hotline.profile import ROLES
from hotline.settings import Settings

_AHEAD = timedelta(hours=24)


def whom_can_we_ring(database: Database, board: Switchboard) -> Iterator[Finding]:
    """Look at everybody's phone, and at who is on shift now and within 24 hours, role by role."""
    line = Circumstances(allowed_countries=board.countries, own_numbers=board.own_numbers)
    with database.reading() as tx:
        known = [person for person in people.everybody(tx) if person.active]
        now = oncall.on_duty(tx, tx.now)
        soon = oncall.on_duty_between(tx, tx.now, tx.now + _AHEAD)
    everybody = []
    for person in known:
        if reason := lasting_obstacle(person, line):
            yield Finding(Level.WARN, f"{person.name} can never be rung", f"{reason}; give another phone")
        else:
            everybody.append(person)
    if not everybody:
        yield Finding(Level.FAIL, "nobody can be rung", "import people: hotline people import FILE.csv")
        return
    stopped = [person.name for person in everybody if not person.takes_texts]
    if stopped:
        remedy = "they are told everything by calls; who texts START to our number gets texts again"
        yield Finding(Level.WARN, f"wrote STOP and get no texts: {', '.join(stopped)}", remedy)
    last_resort = [person for person in everybody if person.last_resort]
    able = {person.id for person in everybody}
    for role in ROLES:
        plural = PLURALS[role]
        on_now = {shift.person_id for shift in now if shift.role == role and shift.person_id in able}
        if on_now:
            yield Finding(Level.OK, f"on shift now: {len(on_now)} of the {plural}")
        elif role == "coordinator" and last_resort:
            yield Finding(
                Level.WARN, "no coordinator on shift now", f"{len(last_resort)} of last resort are rung"
            )
        elif any(shift.role == role and shift.person_id in able for shift in soon):
            yield Finding(Level.WARN, f"no {plural} on shift now", "some are within 24 hours; fill the gap")
        else:
            yield Finding(Level.FAIL, f"no {plural} on shift in the next 24 hours", "import shifts")


def last_resort_of_all(settings: Settings, board: Switchboard, database: Database) -> Iterator[Finding]:
    """Are the phones that are rung when nothing else is left still those of coordinators?"""
    numbers = last_resort_numbers(settings, board)
    if not numbers:
        remedy = "a start without database and file leaves callers without a human"
        yield Finding(Level.WARN, "HOTLINE_LAST_RESORT is not set", remedy)
        return
    with database.reading() as tx:
        known = people.everybody(tx)
    meant = {one.phone for one in known if one.active and (one.role == LAST_RESORT_ROLE or one.last_resort)}
    others = [mask(number) for number in numbers if number not in meant]
    if others:
        remedy = f"{', '.join(others)}; correct it"
        yield Finding(Level.WARN, "HOTLINE_LAST_RESORT names phones of no coordinator", remedy)
