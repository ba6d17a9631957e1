"""What happens when the night begins: is the social worker there, and who is put on beside her?"""

from hotline.database import Database
from hotline.simulator.phones import Phone, Town, asleep, manual
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import Until, at


def test_who_was_missing_and_writes_prendo_is_there_and_whoever_was_put_on_may_rest(
    lucia: Phone, hire: Hire, carla: Phone, until: Until
) -> None:
    sara = hire("Sara", 8, "social_worker", shift=None)
    lucia.is_now(asleep)
    until(at(20))
    until(at(20, 2, second=40))
    until(at(20, 4, second=30))
    sara.reads("Da adesso alle 8.00 sei di turno")
    lucia.texts("PRENDO")
    lucia.reads("Adesso non c'è nessun turno da coprire")
    sara.reads("non devi più restare a disposizione")
    until(at(20, 11))
    sara.never_rang()


def test_each_night_the_social_workers_phone_rings_once(
    lucia: Phone, carla: Phone, town: Town, until: Until
) -> None:
    for day in (0, 1):
        until(at(19, 59, days=day, second=50), 0)
        lucia.answers(within=60)
        lucia.hears("nessuno aspetta in linea. Comincia la notte, e sei di turno fino")
        lucia.hears("Premi uno se ci sei")
        lucia.presses("1")
        lucia.hears("Grazie, segnato.")
        until(at(20, 3, days=day))
        until(at(20, 5, days=day))
        assert lucia.times_rung() == day + 1
    carla.reads_nothing()


def test_a_social_worker_who_does_not_answer_gets_the_next_one_beside_her_until_she_is_heard(
    lucia: Phone, hire: Hire, carla: Phone, caller: Phone, town: Town, until: Until, database: Database
) -> None:
    sara = hire("Sara", 8, "social_worker", shift=None)
    lucia.is_now(asleep)
    until(at(20))
    until(at(20, 2, second=40))
    until(at(20, 4, second=30))
    assert lucia.times_rung() == 2
    assert sara.reads("non risponde") == (
        "0781 33000: chi era di turno non risponde. Da adesso alle 8.00 sei di turno, assistente sociale. "
        "Telefono acceso. Rispondi OK."
    )
    sara.texts("ok")
    sara.reads("Confermato")
    assert carla.reads("non risponde") == (
        "0781 33000: turno sab 21/11 20.04-8.00, assistente sociale: una persona non risponde. "
        "Un collega la sostituisce."
    )
    caller.dials()
    caller.waits(5)
    caller.presses("1")
    for phone in (sara, lucia):
        phone.rings(within=20)
    caller.hangs_up()
    town.passes(30)
    lucia.is_now(manual)
    lucia.texts("OK")
    lucia.reads("Confermato")
    sara.reads("La persona di turno adesso c'è: non devi più restare a disposizione. Grazie.")
    sara.texts("TURNO")
    sara.reads("Adesso non sei di turno")
    carla.reads("la persona che mancava c'è")


def test_without_another_social_worker_a_coordinator_is_put_on_and_the_staff_door_restores(
    lucia: Phone, carla: Phone, town: Town, until: Until, database: Database
) -> None:
    with_pin(lucia, database)
    lucia.is_now(asleep)
    until(at(20))
    until(at(20, 2, second=40))
    until(at(20, 4, second=30))
    carla.reads("Da adesso alle 8.00 sei di turno, coordinamento.")
    lucia.is_now(manual)
    comes_in(lucia)
    lucia.hears("Sei di turno")
    lucia.hangs_up()
    carla.reads("La persona di turno adesso c'è: non devi più restare a disposizione.")


def test_with_another_social_worker_on_duty_the_coordinator_is_told_and_nobody_added(
    lucia: Phone, hire: Hire, carla: Phone, town: Town, until: Until
) -> None:
    sara = hire("Sara", 8, "social_worker", shift=(at(8, days=-1), at(8, days=3)))
    maria = hire("Maria", 9, "social_worker", shift=None)
    lucia.is_now(asleep)
    until(at(19, 59, second=50), 0)
    sara.answers(within=60)
    sara.presses("1")
    sara.hears("Grazie")
    until(at(20, 2, second=40))
    until(at(20, 4, second=30))
    carla.reads("assistente sociale: una persona non risponde")
    maria.reads_nothing()


def test_two_social_workers_who_do_not_answer_count_for_nobody(
    lucia: Phone, hire: Hire, carla: Phone, until: Until
) -> None:
    sara = hire("Sara", 8, "social_worker", shift=(at(8, days=-1), at(8, days=3)))
    maria = hire("Maria", 9, "social_worker", shift=None)
    for phone in (lucia, sara):
        phone.is_now(asleep)
    until(at(20))
    until(at(20, 2, second=40))
    until(at(20, 4, second=30))
    maria.reads("Da adesso alle 8.00 sei di turno")
