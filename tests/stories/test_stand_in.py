"""A coordinator puts somebody else on while a call rings: whom does this caller reach, and the next one?"""

from datetime import timedelta

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.overrides import actions
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.ground import Ground
from hotline.people.store import everybody
from hotline.simulator.phones import Phone, Town, asleep
from tests.stories.conftest import Hire


def put_on(database: Database, rig: Rig, off: str, on: str) -> None:
    """Let the coordinator decide it, from now on for six hours."""
    with database.transaction() as tx:
        people = {person.name.split()[0]: person for person in everybody(tx)}
        wanted = Override(
            people[off].role,
            people[off].id,
            people[on].id,
            tx.now,
            tx.now + timedelta(hours=6),
            Cause.REPLACE,
            people["Carla"].id,
            "fever",
            actions.new_group(),
        )
        actions.decide(tx, actions.consider(tx, Ground(rig.service.board.profile), people["Carla"], [wanted]))


def test_a_call_that_rings_forgets_nobody_and_rings_whoever_is_on_now(
    caller: Phone,
    anna: Phone,
    lucia: Phone,
    carla: Phone,
    hire: Hire,
    database: Database,
    rig: Rig,
    town: Town,
) -> None:
    dora = hire("Dora", 5, "volunteer", shift=None)
    anna.is_now(asleep)
    lucia.is_now(asleep)
    caller.dials()
    anna.rings(within=20)
    put_on(database, rig, "Anna", "Dora")
    # At the latest when the next tier is due: here the social worker's, 25 seconds after the first ring.
    dora.rings(within=27)
    assert anna.handset.is_ringing
    dora.answers()
    dora.presses("1")
    caller.talks_with(dora, within=20)
    anna.stops_ringing(within=10)


def test_the_next_call_rings_the_stand_in_alone(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone, hire: Hire, database: Database, rig: Rig
) -> None:
    dora = hire("Dora", 5, "volunteer", shift=None)
    put_on(database, rig, "Anna", "Dora")
    caller.dials()
    dora.answers(within=20)
    dora.presses("1")
    caller.talks_with(dora, within=20)
    anna.never_rang()
