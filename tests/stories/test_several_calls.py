"""Several callers at once: whose phone rings for whom, and who gets the next free responder?"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from hotline.calls import store
from hotline.calls.tables import legs
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, asleep

Hire = Callable[..., Phone]


@pytest.fixture
def callers(town: Town) -> Sequence[Phone]:
    """Five people who need help."""
    return tuple(town.phone(f"Caller {number}", f"+3934000009{number:02}") for number in range(1, 6))


def dial(phone: Phone, key: str = "") -> None:
    """Dial and press a category during the greeting, or nothing."""
    phone.dials()
    phone.waits(2)
    if key:
        phone.presses(key)


def people_with_two_live_legs(database: Database) -> int:
    """Count the people who have more than one live leg now."""
    with database.reading() as tx:
        found = tx.execute(legs.select().where(legs.c.ended_at.is_(None))).all()
    people = [leg.person_id for leg in found]
    return len(people) - len(set(people))


def test_a_person_whose_phone_rings_for_one_call_is_not_rung_for_another(
    callers: Sequence[Phone], town: Town, anna: Phone, rig: Rig
) -> None:
    dial(callers[0], "3")
    anna.rings()
    dial(callers[1], "3")
    town.passes(20)
    assert anna.times_rung() == 1
    created = [record for record in rig.exchange.desk.log if record.operation == "create_call"]
    assert len(created) == 1


def test_one_live_leg_per_person_whatever_happens(
    callers: Sequence[Phone], town: Town, anna: Phone, bruno: Phone, lucia: Phone, database: Database
) -> None:
    for phone, key in zip(callers, "12345", strict=True):
        dial(phone, key)
    for _ in range(60):
        town.passes(2)
        assert people_with_two_live_legs(database) == 0
    for phone in (anna, bruno, lucia):
        assert phone.times_rung() >= 2


def test_two_callers_two_volunteers_two_conversations(
    callers: Sequence[Phone], town: Town, anna: Phone, bruno: Phone
) -> None:
    dial(callers[0], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    bruno.answers(within=40)
    bruno.presses("1")
    callers[1].talks_with(bruno)
    callers[0].talks_with(anna)
    callers[0].hangs_up()
    town.passes(5)
    callers[1].talks_with(bruno)


def test_a_freed_responder_gets_the_waiting_call_at_once(
    callers: Sequence[Phone], town: Town, anna: Phone
) -> None:
    dial(callers[0], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    town.passes(30)
    callers[0].hangs_up()
    anna.hung_up()
    freed = town.exchange.now()
    rang = anna.rings(within=10)
    assert rang - freed <= timedelta(seconds=2)
    anna.answers()
    anna.presses("1")
    callers[1].talks_with(anna)


def test_after_a_grave_talk_the_keys_are_offered_also_while_another_caller_waits(
    callers: Sequence[Phone], town: Town, anna: Phone, lucia: Phone
) -> None:
    dial(callers[0], "1")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "5")
    town.passes(30)
    lucia.is_now(asleep)
    rung = lucia.times_rung()
    callers[0].hangs_up()
    anna.hears("La telefonata è finita, grazie", within=5)
    anna.hears("Due serve subito", within=15)
    anna.presses("2")
    anna.hears("Segnato, grazie")
    anna.hung_up()
    anna.answers(within=10)
    anna.presses("1")
    callers[1].talks_with(anna)
    town.passes(60)
    assert lucia.times_rung() > rung


def test_after_a_grave_talk_who_presses_nothing_hears_the_keys_once_and_gets_the_waiting_call(
    callers: Sequence[Phone], town: Town, anna: Phone
) -> None:
    dial(callers[0], "1")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    town.passes(30)
    callers[0].hangs_up()
    anna.hears("Due serve subito", within=15)
    anna.hung_up(within=25)
    assert anna.heard().count("serve subito") == 1
    anna.answers(within=5)
    anna.presses("1")
    callers[1].talks_with(anna)


def test_the_keys_are_offered_where_the_waiting_call_would_not_ring_this_responder(
    callers: Sequence[Phone], town: Town, anna: Phone, lucia: Phone
) -> None:
    dial(callers[0], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    lucia.answers(within=60)
    lucia.presses("1")
    callers[1].talks_with(lucia)
    dial(callers[2], "5")
    callers[2].waits(30)
    callers[1].hangs_up()
    lucia.hears("Due serve subito", within=15)
    lucia.presses("1")
    lucia.hears("Segnato, grazie")
    lucia.hung_up()
    town.passes(20)
    assert not lucia.is_ringing(), "information wakes only volunteers"


def test_who_is_rung_next_is_not_told_the_keys_and_may_press_them(
    callers: Sequence[Phone], town: Town, anna: Phone
) -> None:
    dial(callers[0], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    town.passes(30)
    callers[0].hangs_up()
    anna.hears("La telefonata è finita, grazie", within=5)
    anna.presses("3")
    anna.hears("Segnato, grazie")
    anna.hears_nothing_like("serve domani")
    anna.hung_up()
    anna.answers(within=5)
    anna.presses("1")
    callers[1].talks_with(anna)


@pytest.mark.parametrize("keys", ["315", "351", "531", "135"])
def test_a_freed_responder_gets_the_most_urgent_waiting_call(
    callers: Sequence[Phone], town: Town, anna: Phone, keys: str
) -> None:
    dial(callers[4], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[4].talks_with(anna)
    for phone, key in zip(callers, keys, strict=False):
        dial(phone, key)
        town.passes(3)
    town.passes(20)
    callers[4].hangs_up()
    anna.hung_up()
    anna.answers(within=20)
    anna.hears("Violenza", within=8)
    anna.presses("1")
    callers[keys.index("1")].talks_with(anna)


@pytest.mark.parametrize("older", ["5", "3"])
@pytest.mark.parametrize("own", ["5", ""])
def test_a_freed_responder_gets_who_cannot_speak_before_an_older_call(
    callers: Sequence[Phone], town: Town, anna: Phone, older: str, own: str
) -> None:
    dial(callers[4], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[4].talks_with(anna)
    dial(callers[0], older)
    town.passes(3)
    dial(callers[1], own)
    callers[1].hears("tuu", within=45)
    callers[1].presses("6")
    callers[1].hears("È in pericolo adesso?")
    town.passes(20)
    callers[4].hangs_up()
    anna.hung_up()
    anna.answers(within=20)
    anna.hears("Non può parlare", within=8)
    anna.presses("1")
    callers[1].talks_with(anna)


def test_among_equally_urgent_calls_the_oldest_is_first(
    callers: Sequence[Phone], town: Town, anna: Phone
) -> None:
    dial(callers[4], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[4].talks_with(anna)
    for phone in callers[:3]:
        dial(phone, "4")
        town.passes(1)
    town.passes(20)
    callers[4].hangs_up()
    anna.hung_up()
    anna.answers(within=20)
    anna.presses("1")
    callers[0].talks_with(anna)


def test_who_loses_one_call_is_rung_for_the_next_urgent_one(
    callers: Sequence[Phone], town: Town, anna: Phone, bruno: Phone
) -> None:
    dial(callers[0], "3")
    anna.rings()
    bruno.rings()
    dial(callers[1], "5")
    dial(callers[2], "1")
    town.passes(1)
    anna.answers()
    anna.presses("1")
    callers[0].talks_with(anna)
    assert bruno.times_rung() == 2, "rung again at once"
    bruno.answers()
    bruno.hears("Violenza", within=8)
    bruno.presses("1")
    callers[2].talks_with(bruno)


def test_a_freed_responder_is_rung_only_when_the_phone_is_really_free(
    callers: Sequence[Phone], town: Town, anna: Phone, bruno: Phone, rig: Rig
) -> None:
    dial(callers[0], "3")
    anna.rings()
    bruno.rings()
    dial(callers[1], "3")
    anna.answers()
    bruno.answers()
    town.passes(1)
    anna.presses("1")
    callers[0].talks_with(anna)
    bruno.hears("Buonanotte")
    bruno.hung_up()
    bruno.rings(within=6)
    bruno.answers()
    bruno.presses("1")
    callers[1].talks_with(bruno)
    with rig.service.database.reading() as tx:
        results = [leg.result for call in store.recent_calls(tx, 5) for leg in store.legs_of(tx, call.id)]
    assert "busy" not in results


def test_the_wait_is_said_when_everybody_talks(callers: Sequence[Phone], town: Town, anna: Phone) -> None:
    dial(callers[0], "3")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "3")
    callers[1].hears("Le persone di turno parlano con altri", within=60)


def test_five_callers_and_three_responders_all_end_in_conversations_one_by_one(
    callers: Sequence[Phone], town: Town, anna: Phone, bruno: Phone, lucia: Phone, database: Database
) -> None:
    for phone in callers:
        dial(phone, "3")
    helped: set[str] = set()
    for _ in range(400):
        town.passes(1)
        for phone in (anna, bruno, lucia):
            if phone.is_ringing():
                phone.answers()
                phone.presses("1")
        assert people_with_two_live_legs(database) == 0
        for phone in callers:
            if phone.talking_with() and phone.name not in helped:
                helped.add(phone.name)
                town.passes(4)
                phone.hangs_up()
        if len(helped) == len(callers):
            break
    assert len(helped) == len(callers)


def test_the_caller_who_is_a_volunteer_is_never_rung_for_their_own_call(
    town: Town, anna: Phone, bruno: Phone
) -> None:
    anna.dials()
    bruno.answers(within=40)
    bruno.presses("1")
    anna.talks_with(bruno)
    assert anna.times_rung() == 0


def test_at_night_violence_rings_the_social_worker_before_the_volunteers(
    callers: Sequence[Phone], anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    dial(callers[0], "1")
    assert lucia.rings() < anna.rings() < bruno.rings()


def test_a_volunteer_in_a_call_is_not_taken_out_of_it_by_a_graver_one(
    callers: Sequence[Phone], town: Town, anna: Phone, lucia: Phone
) -> None:
    dial(callers[0], "5")
    anna.answers(within=40)
    anna.presses("1")
    callers[0].talks_with(anna)
    dial(callers[1], "1")
    lucia.answers(within=20)
    lucia.presses("1")
    callers[1].talks_with(lucia)
    callers[0].talks_with(anna)
