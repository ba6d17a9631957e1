"""Can one of us practise on the real line, without anybody mistaking it for a call?"""

from datetime import datetime

import pytest
from sqlalchemy import select

from hotline.calls.drill.leg import begin_drill, code_told
from hotline.calls.tables import calls, legs
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.drills import store
from hotline.drills.drill import Drill, Result
from hotline.errors import BadInput
from hotline.people import store as people
from hotline.people.serving.store import terms_of
from hotline.simulator.phones import Phone, Town, asleep, busy, voicemail


def practise(rig: Rig, phone: Phone) -> None:
    """Ask for a practice call as the terminal does, in another process than the one that rings."""
    with rig.service.database.transaction() as tx:
        person = people.person_by_phone(tx, phone.number)
        assert person is not None
        begin_drill(rig.service.board, tx, person, "terminal user test")


def newest(database: Database) -> Drill:
    """Return the practice call made last."""
    with database.reading() as tx:
        return store.newest(tx, 1)[0]


def test_practice_call_says_that_it_is_a_test_and_one_confirms_it(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    practise(rig, anna)
    anna.rings()
    anna.answers()
    anna.hears("Pronto Intervento Sociale: questa è una prova, nessuno sta aspettando")
    anna.hears("Premi uno per confermare che senti bene, due per passare")
    anna.presses("1")
    anna.hears("Prova riuscita, grazie")
    anna.hung_up()
    town.passes(1)
    drill = newest(database)
    assert drill.result == Result.CONFIRMED
    assert drill.ended_at is not None
    assert drill.asked_by == "terminal user test"


def test_practice_is_never_mixed_with_real_calls(rig: Rig, database: Database, anna: Phone) -> None:
    practise(rig, anna)
    anna.answers(within=20)
    anna.presses("1")
    anna.hung_up(within=20)
    with database.reading() as tx:
        assert tx.execute(select(calls.c.id)).all() == []
        assert tx.execute(select(legs.c.id)).all() == []


def test_two_passes_and_it_is_written_down(rig: Rig, town: Town, database: Database, lucia: Phone) -> None:
    practise(rig, lucia)
    lucia.answers(within=20)
    lucia.hears("nessuno sta aspettando")
    lucia.presses("2")
    lucia.hears("adesso passeremmo ad altri")
    lucia.hung_up()
    town.passes(1)
    assert newest(database).result == Result.PASSED


def test_silence_is_asked_once_more_and_then_ends(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    practise(rig, anna)
    anna.answers(within=20)
    anna.hears("È solo una prova", within=30)
    anna.hears("Fine della prova", within=30)
    anna.hung_up()
    town.passes(1)
    assert newest(database).result == Result.NO_KEY


@pytest.mark.parametrize(
    ("behaviour", "result"),
    [(busy, Result.BUSY), (asleep, Result.NO_ANSWER), (voicemail(after=5), Result.NO_KEY)],
    ids=["busy", "asleep", "voicemail"],
)
def test_phone_that_nobody_answers_is_found_out(
    rig: Rig, town: Town, database: Database, anna: Phone, behaviour: object, result: Result
) -> None:
    anna.is_now(behaviour)
    practise(rig, anna)
    town.passes(90)
    assert newest(database).result == result


def test_real_call_ends_a_ringing_practice_call_and_rings_instead(
    rig: Rig, town: Town, database: Database, anna: Phone, caller: Phone
) -> None:
    caller.dials()
    town.passes(8)
    practise(rig, anna)
    town.passes(3)
    assert anna.times_rung() == 1, "practice rings while the caller still listens to the greeting"
    caller.presses("1")
    town.passes(6)
    assert newest(database).result == Result.MADE_WAY
    anna.answers(within=60)
    anna.hears("una persona aspetta")
    anna.presses("1")
    caller.talks_with(anna)


def test_real_call_ends_a_practice_call_in_mid_sentence(
    rig: Rig, town: Town, database: Database, anna: Phone, caller: Phone
) -> None:
    practise(rig, anna)
    anna.answers(within=20)
    caller.dials()
    caller.presses("1")
    anna.hung_up(within=10)
    assert newest(database).result == Result.MADE_WAY
    anna.answers(within=60)
    anna.hears("una persona aspetta")
    anna.presses("1")
    caller.talks_with(anna)


def test_nobody_practises_while_somebody_waits_or_talks(
    rig: Rig, town: Town, anna: Phone, bruno: Phone, caller: Phone
) -> None:
    caller.dials()
    anna.rings(within=30)
    with pytest.raises(BadInput, match="waiting for a person"):
        practise(rig, bruno)
    anna.answers()
    anna.hears("Premi uno")
    anna.presses("1")
    caller.talks_with(anna)
    with pytest.raises(BadInput, match="in use for a real call"):
        practise(rig, anna)
    bruno.stops_ringing()
    town.passes(10)
    practise(rig, bruno)
    bruno.answers(within=20)
    bruno.hears("questa è una prova")
    bruno.presses("1")
    bruno.hung_up()
    caller.talks_with(anna)


def test_one_practice_call_at_a_time(rig: Rig, anna: Phone) -> None:
    practise(rig, anna)
    with pytest.raises(BadInput, match="already rings for practice"):
        practise(rig, anna)
    anna.answers(within=20)


def test_practice_call_whose_last_word_was_lost_does_not_block_the_next(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    with database.transaction() as tx:
        person = people.person_by_phone(tx, anna.number)
        assert person is not None
        store.add(tx, Drill("lost", person.id, "somebody", tx.now))
    town.passes(200)
    practise(rig, anna)
    anna.answers(within=20)
    anna.presses("1")
    anna.hung_up(within=20)
    with database.reading() as tx:
        assert [drill.result for drill in store.newest(tx, 5)] == [Result.CONFIRMED, Result.UNKNOWN]


def test_a_key_pressed_in_a_practice_call_proves_the_phone(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    def verified_at() -> datetime | None:
        with database.reading() as tx:
            person = people.person_by_phone(tx, anna.number)
            assert person is not None
            return terms_of(tx, [person])[person.id].phone_verified_at

    practise(rig, anna)
    anna.answers(within=20)
    anna.hears("Premi uno per confermare")
    assert verified_at() is None
    anna.presses("1")
    anna.hung_up()
    found = verified_at()
    assert found is not None
    assert found > newest(database).asked_at


def test_a_spoken_code_that_is_told_to_the_coordinator_proves_the_phone(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    with database.transaction() as tx:
        person = people.person_by_phone(tx, anna.number)
        assert person is not None
        code = begin_drill(rig.service.board, tx, person, "Carla", with_code=True).code or ""
    assert not code_told_by(database, code), "nobody has answered yet"
    anna.answers(within=20)
    anna.hears(f"questa è una prova, nessuno sta aspettando. Il tuo codice: {', '.join(code)}.")
    anna.hears(f"Il tuo codice: {', '.join(code)}.", within=40)
    assert not code_told_by(database, "0000" if code != "0000" else "1111")
    anna.hung_up(within=60)
    town.passes(5 * 60)
    assert code_told_by(database, code)
    assert (newest(database).result, newest(database).code) == (Result.HEARD, None)
    with database.reading() as tx:
        assert terms_of(tx, [person])[person.id].phone_verified_at is not None
    assert not code_told_by(database, code), "a code counts once"


def test_a_code_that_is_told_too_late_proves_nothing(
    rig: Rig, town: Town, database: Database, anna: Phone
) -> None:
    with database.transaction() as tx:
        person = people.person_by_phone(tx, anna.number)
        assert person is not None
        code = begin_drill(rig.service.board, tx, person, "Carla", with_code=True).code or ""
    anna.answers(within=20)
    anna.hung_up(within=60)
    town.passes(10 * 60)
    assert not code_told_by(database, code)


def code_told_by(database: Database, code: str) -> bool:
    with database.transaction() as tx:
        return code_told(tx, store.newest(tx, 1)[0].id, code, "Carla")
