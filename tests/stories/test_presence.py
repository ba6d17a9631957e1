"""Who is asked before a shift, what if nobody answers when it begins, and whom do callers reach meanwhile?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.actions import confirm_shift, gaps_between, import_shifts
from hotline.oncall.overrides.actions import consider, decide
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.presence.tables import checks
from hotline.oncall.proof.coverage import Lacking
from hotline.oncall.rota.ground import Ground
from hotline.oncall.store import on_duty
from hotline.oncall.tables import confirmations
from hotline.people import store as people
from hotline.people.actions import set_pin
from hotline.people.serving import store as serving
from hotline.people.terms import Terms, ToldBy, contract_of_role
from hotline.simulator.phones import Phone, Town, asleep, manual, off, voicemail
from tests.stories.conftest import Hire
from tests.stories.test_staff_door import PIN, comes_in

ROME = ZoneInfo("Europe/Rome")
TEXTS = "+393400000077"
SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=ROME)
Until = Callable[..., None]


def at(hour: int, minute: int = 0, days: int = 0, second: int = 0) -> datetime:
    """Return a wall time of the Saturday of these stories, or of a later day."""
    wall = SATURDAY.replace(hour=hour, minute=minute, second=second)
    return wall + timedelta(days=days)


def from_to(first: int, last: int, days: int = 0) -> tuple[datetime, datetime]:
    """Return a shift that begins some days after that Saturday; it may end on the next day."""
    return at(first, days=days), at(last, days=days + (last <= first))


@pytest.fixture
def starts_at() -> datetime:
    return SATURDAY


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": TEXTS}


@pytest.fixture
def until(rig: Rig, town: Town) -> Until:
    """Let the clock jump to a moment, and everything that is due by then be done."""

    def jump(moment: datetime, and_for: float = 35) -> None:
        rig.clock.set(moment)
        town.passes(and_for)

    return jump


@pytest.fixture
def anna(hire: Hire) -> Phone:
    """A volunteer whose shift begins at ten in the evening."""
    return hire("Anna", 1, "volunteer", shift=from_to(22, 6))


@pytest.fixture
def bruno(hire: Hire) -> Phone:
    """Another one, who is on duty all the time."""
    return hire("Bruno", 2, "volunteer", shift=from_to(9, 9))


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer at home."""
    return hire("Dora", 5, "volunteer", shift=None)


@pytest.fixture
def elio(hire: Hire) -> Phone:
    """Another one at home, who was on duty yesterday for long."""
    return hire("Elio", 6, "volunteer", shift=(at(8, days=-2), at(8, days=-1)))


@pytest.fixture
def lucia(hire: Hire) -> Phone:
    """The social worker of the week."""
    return hire("Lucia", 3, "social_worker", shift=(at(8, days=-2), at(8, days=4)))


def also(database: Database, phone: Phone, shift: tuple[datetime, datetime]) -> None:
    """Give a volunteer one more shift."""
    row = ",".join([phone.number, "volunteer", *(moment.isoformat() for moment in shift)])
    with database.transaction() as tx:
        import_shifts(tx, f"phone,role,starts_at,ends_at\n{row}\n")


def wants_calls(database: Database, phone: Phone) -> None:
    with database.transaction() as tx:
        person = people.person_by_phone(tx, phone.number)
        assert person is not None
        serving.keep_terms(tx, [Terms(person.id, contract_of_role(person.role), told_by=ToldBy.CALL)])


def nobody_answers(until: Until, begins: datetime) -> None:
    """Let a shift begin, and pass over the text and the two rings until somebody else is sought."""
    for late in (0, 5 * 60 + 40, 8 * 60 + 20, 10 * 60 + 30):
        until(begins + timedelta(seconds=late))


def confirmed(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(confirmations)).all())


def volunteers_on(database: Database) -> set[str]:
    with database.reading() as tx:
        ids = {one.person_id for one in on_duty(tx, tx.now) if one.role == "volunteer"}
        return {person.name.split()[0] for person in people.people_by_ids(tx, ids)}


def unheard(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(checks).where(checks.c.heard_at.is_(None))).all())


# Asked ahead, once


def test_an_early_shift_is_asked_about_on_the_evening_before_and_ok_is_the_check_in(
    hire: Hire, carla: Phone, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    until(at(17, 58), 60)
    anna.reads_nothing()
    until(at(18))
    assert anna.texts_read() == ["Domani sei di turno 8.00-14.00. Rispondi OK, oppure NON POSSO."]
    anna.texts("OK")
    assert anna.reads("Confermato") == "Confermato: dom 22/11 8.00-14.00. Grazie."
    assert confirmed(database) == 1
    until(at(8, days=1))
    until(at(8, 6, days=1), 60)
    assert len(anna.texts_read()) == 2
    anna.never_rang()
    carla.reads_nothing()


def test_any_other_shift_is_asked_about_one_hour_ahead(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    until(at(13, 58), 60)
    anna.reads_nothing()
    until(at(14))
    expected = "Rispondi OK: vale come presenza. Telefono acceso, 0781 33000 consentito."
    assert anna.texts_read() == [f"Turno dalle 15.00 alle 20.00. {expected}"]


def test_nobody_is_asked_in_quiet_hours_a_late_shift_is_asked_about_before_they_begin(
    hire: Hire, until: Until
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(23, 7))
    until(at(20, 58), 60)
    anna.reads_nothing()
    until(at(21))
    anna.reads("Turno dalle 23.00 alle 7.00")


def test_a_shift_that_becomes_known_in_quiet_hours_waits_until_it_begins(
    hire: Hire, town: Town, until: Until
) -> None:
    until(at(21, 40))
    anna = hire("Anna", 1, "volunteer", shift=from_to(23, 7))
    town.passes(60)
    anna.reads_nothing()
    until(at(23))
    anna.reads("Turno iniziato alle 23.00, non ti abbiamo sentito.")


def test_who_has_confirmed_in_another_way_after_being_asked_is_let_alone(
    hire: Hire, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    until(at(14))
    with database.transaction() as tx:
        person = people.person_by_phone(tx, anna.number)
        assert person is not None
        confirm_shift(tx, person.id, tx.now)
    until(at(15))
    until(at(15, 6))
    assert len(anna.texts_read()) == 1
    anna.never_rang()


def test_shifts_that_touch_are_asked_about_once(hire: Hire, until: Until, database: Database) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    also(database, anna, from_to(20, 23))
    until(at(14))
    anna.texts("ok")
    anna.reads("Confermato")
    until(at(19))
    until(at(20))
    until(at(20, 6), 60)
    assert len(anna.texts_read()) == 2
    anna.never_rang()


def test_who_has_confirmed_before_is_not_asked(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.texts("ok")
    anna.reads("Confermato")
    until(at(14))
    until(at(15))
    until(at(15, 6), 60)
    assert len(anna.texts_read()) == 1
    anna.never_rang()


def test_an_ok_of_days_ago_is_no_check_in(hire: Hire, until: Until, rig: Rig) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20, days=5))
    anna.texts("ok")
    until(at(14, days=5), 45)
    anna.reads("Rispondi OK")
    until(at(15, days=5))
    anna.reads("non ti abbiamo sentito")


def test_ok_answers_what_was_asked_also_in_the_middle_of_another_shift(
    hire: Hire, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(9, 20))
    also(database, anna, from_to(8, 14, days=1))
    until(at(18))
    anna.reads("Domani sei di turno 8.00-14.00")
    anna.texts("OK")
    assert anna.reads("Confermato") == "Confermato: dom 22/11 8.00-14.00. Grazie."
    assert unheard(database) == 0


def test_who_chose_calls_hears_the_shift_and_confirms_by_a_key(
    hire: Hire, until: Until, database: Database, town: Town
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=50), 0)
    anna.answers(within=60)
    anna.hears(
        "Pronto Intervento Sociale: nessuno aspetta in linea. Sei di turno domenica 22, dalle ore otto "
        "alle ore quattordici. Premi uno per confermare, due se non puoi."
    )
    anna.presses("1")
    anna.hears("Grazie, segnato.")
    anna.hung_up(within=20)
    assert confirmed(database) == 1
    until(at(8, 6, days=1), 60)
    assert anna.times_rung() == 1
    anna.reads_nothing()


def trained(database: Database, phone: Phone) -> None:
    """Let somebody be one who may take a shift: trained, and with a phone that was tested."""
    with database.transaction() as tx:
        person = people.person_by_phone(tx, phone.number)
        assert person is not None
        terms = serving.terms_of(tx, [person])[person.id]
        until = tx.now.date() + timedelta(days=365)
        serving.keep_terms(tx, [replace(terms, training_until=until, phone_verified_at=tx.now)])


@pytest.fixture
def anna_cannot_come(hire: Hire, carla: Phone, dora: Phone, until: Until, database: Database) -> Phone:
    """Anna says so by a key, the evening before; Dora is at home, and may take a shift."""
    trained(database, dora)
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=50), 0)
    anna.answers(within=60)
    anna.hears("due se non puoi")
    anna.presses("2")
    anna.hears("Va bene, cerchiamo chi lo prende, e lo diciamo al coordinamento.")
    anna.hung_up(within=20)
    return anna


def test_a_shift_that_somebody_cannot_come_to_is_offered_at_once_and_whoever_takes_it_has_it(
    anna_cannot_come: Phone, dora: Phone, until: Until, town: Town
) -> None:
    town.passes(30)
    dora.reads("Cerchiamo chi copre dom 22/11 8.00-14.00")
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    anna_cannot_come.reads("un collega")
    told = len(dora.texts_read())
    until(at(8, 5, days=1))
    assert anna_cannot_come.times_rung() == 1
    assert not [text for text in dora.texts_read()[told:] if "copre" in text]


def test_where_nobody_takes_it_the_shift_begins_by_seeking_cover(
    anna_cannot_come: Phone,
    carla: Phone,
    dora: Phone,
    until: Until,
    town: Town,
    rig: Rig,
    database: Database,
) -> None:
    town.passes(30)
    with database.reading() as tx:
        hours = from_to(8, 14, days=1)
        found = gaps_between(tx, rig.service.board.profile, *hours)
    assert [(one.starts_at, one.ends_at) for one in found if one.lack.lacking == Lacking.VOLUNTEER] == [hours]
    assert carla.reads("non può") == (
        "0781 33000: turno dom 22/11 8.00-14.00, volontari: una persona dice che non può. "
        "Chi è lo dice hotline presence."
    )
    dora.reads("Cerchiamo chi copre dom 22/11 8.00-14.00")
    until(at(8, days=1))
    asked = [text for text in dora.texts_read() if "Cerchiamo chi copre dom 22/11 8.00-14.00" in text]
    assert len(asked) >= 2


def test_whom_the_text_did_not_reach_is_called(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.is_now(off)
    until(at(14), 45)
    anna.is_now(manual)
    anna.answers(within=120)
    anna.hears("Sei di turno sabato 21, dalle ore quindici")
    anna.presses("1")
    anna.hears("Grazie, segnato.")


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


def test_a_live_call_goes_before_a_reminder(
    hire: Hire, caller: Phone, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(9, 20))
    also(database, anna, from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=40), 0)
    caller.dials()
    anna.answers(within=60)
    anna.hears("una persona aspetta")
    anna.presses("1")
    caller.talks_with(anna, within=20)
    until(at(18, 1), 60)
    caller.talks_with(anna)
    assert anna.times_rung() == 1
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    anna.hangs_up()
    anna.rings(within=60)
    anna.answers()
    anna.hears("Sei di turno domenica 22")
    anna.hangs_up()


# Nobody answers when the shift begins


def test_a_no_show_at_ten_is_rung_twice_then_the_next_in_line_is_added_and_the_coordinator_told(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    lucia: Phone,
    carla: Phone,
    caller: Phone,
    town: Town,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    until(at(22))
    anna.reads("Turno iniziato alle 22.00, non ti abbiamo sentito. Rispondi OK o ti chiamiamo tra 5 minuti.")
    carla.reads_nothing()
    rang_at = anna.rings(within=6 * 60)
    assert timedelta(minutes=5) <= rang_at - at(22) <= timedelta(minutes=6)
    town.passes(3 * 60)
    assert anna.times_rung() == 2
    town.passes(60)
    assert carla.reads("non risponde") == (
        "0781 33000: turno sab 21/11 22.08-6.00, volontari: una persona non risponde. "
        "Cerchiamo chi si aggiunge."
    )
    dora.reads("Cerchiamo chi copre sab 21/11 22.08-6.00. Rispondi PRENDO.")
    elio.reads_nothing()
    lucia.reads_nothing()
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    caller.dials()
    for phone in (dora, bruno, anna):
        phone.rings(within=20)
    caller.hangs_up()
    town.passes(20)
    anna.texts("OK, scusate")
    town.passes(5)
    anna.texts("OK")
    anna.reads("Confermato")
    assert carla.reads("mancava") == (
        "Turno sab 21/11 22.08-6.00, volontari: la persona che mancava c'è. Tutto a posto."
    )
    dora.reads("La persona di turno adesso c'è. Fino alle 6.00 sei di turno anche tu: grazie.")


def test_once_the_coordinator_has_put_somebody_on_nobody_else_is_sought(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    carla: Phone,
    database: Database,
    rig: Rig,
    town: Town,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    bruno.texts("OK")
    nobody_answers(until, at(22))
    dora.reads("Cerchiamo chi copre")
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        (ends_at,) = {one.ends_at for one in on_duty(tx, tx.now) if one.person_id == known["Anna"].id}
        ids = (known["Anna"].id, known["Elio"].id)
        stand_in = Override("volunteer", *ids, tx.now, ends_at, Cause.REPLACE, "Carla", "asleep", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), known["Carla"], [stand_in]))
    until(at(22, 16), 60)
    until(at(22, 22), 60)
    assert not [text for text in elio.texts_read() if "Cerchiamo" in text]
    dora.texts("PRENDO")
    town.passes(10)
    assert volunteers_on(database) == {"Bruno", "Elio"}


def test_whoever_was_let_off_is_not_asked_to_join_after_all(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    carla: Phone,
    database: Database,
    rig: Rig,
    until: Until,
) -> None:
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        ids = (known["Anna"].id, known["Dora"].id)
        fever = Override("volunteer", *ids, *from_to(22, 6), Cause.REPLACE, "Carla", "fever", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), known["Carla"], [fever]))
    until(at(21))
    bruno.texts("OK")
    nobody_answers(until, at(22))
    until(at(22, 15), 60)
    elio.reads("Cerchiamo chi copre")
    assert not [text for text in anna.texts_read() if "Cerchiamo" in text]
    anna.never_rang()


def test_while_nobody_joins_the_next_in_line_is_asked_and_a_late_ok_ends_it(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, carla: Phone, town: Town, until: Until
) -> None:
    anna.is_now(voicemail())
    until(at(21))
    nobody_answers(until, at(22))
    dora.reads("Cerchiamo chi copre")
    elio.reads_nothing()
    town.passes(3 * 60)
    elio.reads("Cerchiamo chi copre")
    anna.texts("OK")
    anna.reads("Confermato: sab 21/11 22.00-6.00")
    carla.reads("la persona che mancava c'è")
    dora.texts("PRENDO")
    dora.reads("Adesso non c'è nessun turno da coprire.")


def test_by_day_the_next_in_line_is_rung_and_joins_by_a_key(
    hire: Hire, dora: Phone, elio: Phone, carla: Phone, caller: Phone, until: Until
) -> None:
    bruno = hire("Bruno", 2, "volunteer", shift=from_to(9, 20))
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.is_now(asleep)
    until(at(15))
    until(at(15, 6), 60)
    dora.answers(within=3 * 60)
    dora.hears("nessuno aspetta in linea. Cerchiamo chi copre un turno, volontari")
    dora.presses("1")
    dora.hears("il turno è tuo")
    dora.hung_up(within=20)
    caller.dials()
    for phone in (anna, bruno, dora):
        phone.rings(within=20)
    elio.never_rang()


def test_where_nobody_else_is_there_the_whole_line_is_asked_at_once_and_nobody_is_removed(
    anna: Phone,
    dora: Phone,
    elio: Phone,
    lucia: Phone,
    carla: Phone,
    caller: Phone,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    for phone in (dora, elio):
        phone.reads("Cerchiamo chi copre sab 21/11")
    for phone in (lucia, carla):
        phone.reads("una persona non risponde e non c'è nessun altro. Cerchiamo chi copre.")
    caller.dials()
    anna.rings(within=20)


def test_one_key_on_the_ring_is_the_check_in_and_nobody_else_hears_of_it(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, until: Until, town: Town, database: Database
) -> None:
    until(at(21))
    until(at(22))
    until(at(22, 4, second=50), 0)
    anna.answers(within=60)
    anna.hears(
        "Pronto Intervento Sociale: il tuo turno è iniziato alle ore ventidue, e non ti abbiamo ancora "
        "sentito. Premi uno se ci sei, due se non puoi."
    )
    anna.presses("1")
    anna.hears("Grazie, segnato.")
    until(at(22, 8))
    until(at(22, 10))
    assert anna.times_rung() == 1
    assert confirmed(database) == 1
    dora.reads_nothing()
    carla.reads_nothing()


def test_the_other_key_on_the_ring_seeks_cover_at_once(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, until: Until
) -> None:
    until(at(21))
    until(at(22))
    until(at(22, 4, second=50), 0)
    anna.answers(within=60)
    anna.hears("due se non puoi")
    anna.presses("2")
    anna.hears("Va bene, segnato. Cerchiamo subito chi ti copre.")
    dora.reads("Cerchiamo chi copre sab 21/11")
    carla.reads("una persona non può")


def test_whoever_answers_a_caller_is_there(
    anna: Phone, carla: Phone, caller: Phone, until: Until, town: Town
) -> None:
    until(at(21))
    until(at(22))
    caller.dials()
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(6 * 60)
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    anna.hangs_up()
    town.passes(4 * 60)
    assert anna.times_rung() == 1
    carla.reads_nothing()


def test_the_missing_one_who_cannot_after_all_is_no_longer_rung_once_somebody_has_joined(
    anna: Phone, bruno: Phone, dora: Phone, caller: Phone, town: Town, until: Until
) -> None:
    anna.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    anna.texts("non posso")
    anna.reads("Va bene, grazie di averlo detto.")
    rung = anna.times_rung()
    caller.dials()
    dora.rings(within=20)
    bruno.rings(within=20)
    town.passes(5)
    assert anna.times_rung() == rung


def test_a_shift_that_was_running_when_the_service_started_disturbs_nobody(
    bruno: Phone, carla: Phone, town: Town, until: Until
) -> None:
    town.passes(60)
    bruno.reads_nothing()
    bruno.never_rang()


# The beginning of the night


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
    with database.transaction() as tx:
        set_pin(tx, lucia.number, PIN, "IT")
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


def test_two_volunteers_who_do_not_answer_are_sought_for_along_the_whole_line(
    anna: Phone, hire: Hire, dora: Phone, elio: Phone, until: Until
) -> None:
    gina = hire("Gina", 7, "volunteer", shift=from_to(22, 6))
    for phone in (anna, gina):
        phone.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    for phone in (dora, elio):
        phone.reads("Cerchiamo chi copre")


# Keys and texts


def test_key_six_confirms_what_was_asked(hire: Hire, until: Until, database: Database) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    with database.transaction() as tx:
        set_pin(tx, anna.number, PIN, "IT")
    until(at(14))
    comes_in(anna)
    anna.hears("Adesso non sei di turno.")
    anna.hears("sei ci sono")
    anna.presses("6")
    anna.hears("Segnato, grazie: ci sei.")
    anna.hears_nothing_like("fine turno", 10)
    anna.hangs_up()
    assert confirmed(database) == 1


def test_key_seven_near_the_end_names_what_is_owed_and_changes_nothing(
    bruno: Phone, until: Until, database: Database, caller: Phone
) -> None:
    with database.transaction() as tx:
        set_pin(tx, bruno.number, PIN, "IT")
    comes_in(bruno)
    bruno.presses("7")
    bruno.hears("Il tuo turno dura fino alle ore nove. Se devi smettere adesso, premi due.")
    bruno.hangs_up()
    until(at(8, 50, days=1))
    comes_in(bruno)
    bruno.hears("sette fine turno")
    bruno.presses("7")
    bruno.hears("Grazie. Richiamate in sospeso: 0, tue: 0. Fino alle ore nove sei ancora di turno.")
    bruno.hangs_up()
    caller.dials()
    bruno.rings(within=30)


def test_fine_turno_by_text(bruno: Phone, dora: Phone, until: Until) -> None:
    bruno.texts("Fine turno!")
    early = "Il tuo turno dura fino alle 9.00. Se devi smettere adesso, rispondi NON POSSO."
    assert bruno.reads("dura fino") == early
    until(at(8, 50, days=1))
    bruno.texts("fine turno, grazie")
    left = "Grazie. Richiamate in sospeso: 0, tue 0. Fino alle 9.00 sei ancora di turno."
    assert bruno.reads("in sospeso") == left
    dora.texts("FINE TURNO")
    dora.reads("Adesso non sei di turno")


# Longer than a night


def test_a_week_of_shifts_is_a_week_of_single_questions(hire: Hire, until: Until, database: Database) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    for day in range(2, 8):
        also(database, anna, from_to(8, 14, days=day))
    for day in range(7):
        until(at(17, 59, days=day, second=50), 40)
        anna.texts("OK")
        until(at(8, 6, days=day + 1))
    asked = [text for text in anna.texts_read() if text.startswith("Domani sei di turno")]
    said = [text for text in anna.texts_read() if text.startswith("Confermato")]
    assert (len(asked), len(said), len(anna.texts_read())) == (7, 7, 14)
    assert confirmed(database) == 7
    anna.never_rang()


class TestWhenTheClocksGoBack:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return datetime(2026, 10, 24, 12, 0, tzinfo=ROME)

    def test_a_no_show_after_the_hour_that_comes_twice_is_rung_after_five_real_minutes(
        self, hire: Hire, carla: Phone, until: Until
    ) -> None:
        three = datetime(2026, 10, 25, 3, 0, tzinfo=ROME)
        anna = hire("Anna", 1, "volunteer", shift=(three, three.replace(hour=9)))
        until(datetime(2026, 10, 24, 18, 0, tzinfo=ROME))
        assert anna.texts_read() == ["Domani sei di turno 3.00-9.00. Rispondi OK, oppure NON POSSO."]
        until(datetime(2026, 10, 25, 2, 59, fold=0, tzinfo=ROME), 60)
        assert len(anna.texts_read()) == 1, "it is two o'clock again"
        until(datetime(2026, 10, 25, 2, 58, fold=1, tzinfo=ROME), 60)
        assert len(anna.texts_read()) == 1
        until(three)
        anna.reads("Turno iniziato alle 3.00")
        late = anna.rings(within=6 * 60) - three
        assert timedelta(minutes=5) <= late <= timedelta(minutes=6)
        anna.answers()
        anna.presses("1")
        anna.hears("Grazie")
