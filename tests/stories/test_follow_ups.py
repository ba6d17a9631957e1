"""Who is alarmed for what is owed, how soon, how often, and when does it stop?"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.calls.promise.alarms import ring_alarms
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.notifications import store as notices
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME, Hire
from tests.stories.owed import follow_up, owner
from tests.stories.records import Record

Written = Callable[[], Record]


def promised(caller: Phone, town: Town) -> datetime:
    """Let the caller agree to be called back, and leave; return the moment."""
    caller.dials()
    town.passes(20)
    caller.presses("88", every=2.0)
    caller.hears("La richiama una persona")
    caller.hangs_up()
    town.passes(1)
    return town.exchange.now()


def alarms(phone: Phone, since: datetime) -> list[int]:
    """Return in which minutes after `since` this phone rang."""
    return [round((rang - since).total_seconds() / 60) for rang in phone.handset.rang_at if rang > since]


@pytest.fixture
def maria(hire: Hire) -> Phone:
    """The second social worker on duty: the backup."""
    return hire("Maria", 7, "social_worker")


def test_the_social_worker_the_backup_the_coordinators_then_all_of_them(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, maria: Phone, carla: Phone
) -> None:
    left = promised(caller, town)
    town.passes(100 * 60)
    assert alarms(lucia, left)[:4] == [0, 15, 20, 25] or alarms(maria, left)[:4] == [0, 15, 20, 25]
    first, second = sorted((lucia, maria), key=lambda phone: alarms(phone, left)[0])
    assert alarms(first, left)[0] == 0
    assert alarms(second, left)[:2] == [5, 15]
    assert alarms(carla, left) == [10, *range(15, 75, 5), 75, 90]
    assert not alarms(anna, left)


def test_the_alarm_says_by_when_and_a_key_takes_it(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, database: Database
) -> None:
    left = promised(caller, town)
    lucia.answers(within=15)
    lucia.hears(
        "C'è una richiamata in sospeso, promessa entro le ore tre e 30. "
        "Premi uno per prenderla: la chiami subito o entro dieci minuti."
    )
    assert "340" not in lucia.heard()
    lucia.presses("1")
    lucia.hears("Grazie, è tua.")
    lucia.hangs_up()
    assert (follow_up(database).state, owner(database)) == ("owned", "Lucia")
    town.passes(8 * 60)
    assert alarms(lucia, left) == [0]
    assert not alarms(carla, left)


def test_owned_without_an_attempt_rings_again_after_ten_minutes_and_then_others(
    caller: Phone, town: Town, lucia: Phone, carla: Phone
) -> None:
    left = promised(caller, town)
    lucia.answers(within=15)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("è tua")
    lucia.hangs_up()
    town.passes(21 * 60)
    assert alarms(lucia, left)[1] in (10, 11)
    assert alarms(carla, left)


def test_a_review_is_understood_by_one_key_and_rings_nobody_any_more(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, database: Database, written: Written
) -> None:
    caller.dials()
    caller.presses("1")
    lucia.rings()
    caller.hangs_up()
    lucia.stops_ringing()
    left = town.exchange.now()
    lucia.answers(within=20)
    lucia.hears(
        "Una persona ha riagganciato e non può essere richiamata. Premi uno: se richiama, suona prima a te."
    )
    lucia.presses("1")
    lucia.hears("Grazie, è tua")
    lucia.hung_up()
    town.passes(40 * 60)
    assert alarms(lucia, left) == [0]
    assert not alarms(carla, left)
    assert (follow_up(database).kind, follow_up(database).state, owner(database)) == (
        "review",
        "owned",
        "Lucia",
    )
    assert "understood" in written().events


def test_a_review_goes_from_the_last_resort_to_whoever_comes_on_shift(
    caller: Phone, town: Town, anna: Phone, carla: Phone, hire: Hire, starts_at: datetime, database: Database
) -> None:
    coming = (starts_at + timedelta(hours=1), starts_at + timedelta(hours=9))
    lucia = hire("Lucia", 3, "social_worker", shift=coming)
    caller.dials()
    caller.presses("3")
    anna.rings()
    caller.hangs_up()
    carla.answers(within=30)
    carla.presses("1")
    carla.hears("Grazie, è tua")
    carla.hung_up()
    town.passes(50 * 60)
    assert owner(database) == "Carla"
    town.passes(12 * 60)
    assert (follow_up(database).state, owner(database)) == ("owned", "Lucia")
    assert lucia.times_rung() == 0, "it has been understood: nobody is woken for it"


def test_a_review_goes_at_the_end_of_a_shift_to_the_next_social_worker(
    caller: Phone, town: Town, anna: Phone, hire: Hire, starts_at: datetime, database: Database
) -> None:
    over = starts_at + timedelta(hours=1)
    lucia = hire("Lucia", 3, "social_worker", shift=(starts_at - timedelta(hours=1), over))
    marta = hire("Marta", 7, "social_worker", shift=(over, over + timedelta(hours=8)))
    caller.dials()
    caller.presses("3")
    anna.rings()
    caller.hangs_up()
    lucia.answers(within=30)
    lucia.presses("1")
    lucia.hears("Grazie, è tua")
    lucia.hung_up()
    town.passes(3600 + 120)
    assert (follow_up(database).state, owner(database)) == ("owned", "Marta")
    assert marta.times_rung() == 0, "it has been understood: nobody is woken for it"


def test_a_voicemail_takes_nothing(caller: Phone, town: Town, lucia: Phone, carla: Phone) -> None:
    left = promised(caller, town)
    lucia.answers(within=15)
    lucia.hung_up(within=90)
    town.passes(8 * 60)
    assert alarms(carla, left) == [5]


def test_nobody_in_a_conversation_is_alarmed(caller: Phone, town: Town, lucia: Phone, carla: Phone) -> None:
    other = town.phone("Other", "+393400000090")
    other.dials()
    lucia.answers(within=60)
    lucia.presses("1")
    other.talks_with(lucia)
    left = promised(caller, town)
    carla.rings(within=30)
    town.passes(200)
    assert not alarms(lucia, left)
    other.talks_with(lucia)


def test_no_alarm_comes_before_a_live_ring(caller: Phone, town: Town, lucia: Phone, carla: Phone) -> None:
    promised(caller, town)
    lucia.rings(within=15)
    other = town.phone("Other", "+393400000090")
    other.dials()
    town.passes(2)
    other.presses("1")
    lucia.stops_ringing(within=4)
    lucia.answers(within=4)
    lucia.hears("una persona aspetta")


@pytest.mark.parametrize("starts_at", [datetime(2026, 11, 22, 7, 10, tzinfo=ROME)])
def test_information_is_looked_at_from_half_past_eight(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, database: Database
) -> None:
    caller.dials()
    caller.presses("5")
    anna.rings()
    caller.presses("88", every=2.0)
    caller.hears("entro le dieci")
    caller.hangs_up()
    town.passes(3600)
    lucia.never_rang()
    lucia.rings(within=1800)
    rang = lucia.handset.rang_at[0].astimezone(ROME)
    assert (rang.hour, rang.minute) == (8, 30)


class TestAtTheEndOfTheShift:
    @pytest.fixture
    def lucia(self, hire: Hire, starts_at: datetime) -> Phone:
        shift = (starts_at - timedelta(hours=6), starts_at + timedelta(minutes=5))
        return hire("Lucia", 3, "social_worker", shift=shift)

    @pytest.fixture
    def maria(self, hire: Hire, starts_at: datetime) -> Phone:
        shift = (starts_at + timedelta(minutes=5), starts_at + timedelta(hours=6))
        return hire("Maria", 7, "social_worker", shift=shift)

    def test_what_is_not_done_belongs_to_the_next_on_duty(
        self, caller: Phone, town: Town, lucia: Phone, maria: Phone, database: Database
    ) -> None:
        promised(caller, town)
        lucia.answers(within=15)
        lucia.hears("Premi uno")
        lucia.presses("1")
        lucia.hears("è tua")
        lucia.hangs_up()
        maria.answers(within=8 * 60)
        maria.hears("C'è una richiamata in sospeso")
        maria.presses("1")
        maria.hears("è tua")
        assert owner(database) == "Maria"


class TestWithANumberForTexts:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"sms_number": "+393400000070"}

    def test_a_text_without_content_comes_with_the_first_alarm_only(
        self, caller: Phone, town: Town, lucia: Phone
    ) -> None:
        promised(caller, town)
        body = lucia.reads("richiamata in sospeso, entro le 3.30")
        assert body.endswith("Rispondi alla chiamata che arriva, oppure chiama lo 0781 33000.")
        town.passes(1800)
        assert len(lucia.handset.inbox) == 1


def test_two_replicas_ring_one_alarm(
    caller: Phone, town: Town, lucia: Phone, rig: Rig, database: Database
) -> None:
    left = promised(caller, town)
    for _ in range(3):
        ring_alarms(rig.service.board, database)
    rig.settle()
    town.passes(60)
    assert alarms(lucia, left) == [0]


def test_two_replicas_that_alarm_at_the_same_moment_ring_nobody_twice(
    caller: Phone, town: Town, lucia: Phone, rig: Rig, database: Database
) -> None:
    rig.background_hangs = True
    for number in range(6):
        another = town.phone(f"Another {number}", f"+3934000001{number:02}")
        another.dials()
        another.hears("il nome non serve")
        town.passes(5)
        another.hangs_up()
    together = threading.Barrier(4)

    def alarm() -> None:
        together.wait(10)
        ring_alarms(rig.service.board, database)

    replicas = [threading.Thread(target=alarm) for _ in range(4)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join(30)
    with database.reading() as tx:
        assert len(notices.open_calls(tx)) == 1
    rig.background_hangs = False
    lucia.rings()


def test_a_phone_that_could_not_be_hung_up_is_not_rung_for_the_next_alarm(
    caller: Phone, town: Town, lucia: Phone, rig: Rig
) -> None:
    other = town.phone("Other", "+393400000098")
    promised(caller, town)
    lucia.rings(within=15)
    rig.exchange.faults.rest_refused(6, "update_call")
    # Somebody calls: Lucia's phone must be free for them, but it cannot be hung up, and she answers it.
    other.dials()
    other.waits(2)
    other.presses("1")
    lucia.answers()
    lucia.hears("C'è una richiamata in sospeso")
    town.passes(5)
    lucia.presses("1")
    legs = [leg for leg in rig.exchange.legs.values() if leg.to_field == lucia.number]
    town.passes(25)
    assert lucia.is_on_the_line()
    assert [leg for leg in rig.exchange.legs.values() if leg.to_field == lucia.number] == legs


def test_an_alarm_whose_answer_was_lost_makes_way_for_a_caller(
    caller: Phone, town: Town, lucia: Phone, rig: Rig
) -> None:
    other = town.phone("Other", "+393400000098")
    promised(caller, town)
    rig.exchange.faults.lose_rest_answer("create_call")
    lucia.rings(within=15)
    other.dials()
    other.presses("1")
    town.passes(20)
    lucia.answers(within=20)
    lucia.hears("una persona aspetta")
    lucia.presses("1")
    other.talks_with(lucia)


def test_the_dial_of_a_caller_is_not_taken_for_the_alarm_whose_answer_was_lost(
    caller: Phone, town: Town, lucia: Phone, rig: Rig
) -> None:
    other = town.phone("Other", "+393400000098")
    promised(caller, town)
    other.dials()
    rig.exchange.faults.lose_rest_answer(times=8)
    lucia.rings(within=15)
    other.presses("1")
    town.passes(12)
    lucia.answers()
    lucia.hung_up(within=10)
    lucia.answers(within=20)
    lucia.hears("una persona aspetta")
    lucia.presses("1")
    other.talks_with(lucia)
