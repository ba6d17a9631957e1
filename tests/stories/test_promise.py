"""What is a caller asked whom nobody reached, what is yes, what is no, and what are they promised?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.database import Database
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.listening import longest_silence, when_heard
from tests.stories.owed import contact, follow_up, is_refused
from tests.stories.records import Record

Written = Callable[[], Record]
NOBODY = "Ci dispiace, finora non ha risposto nessuno. Continuiamo a chiamare."
QUESTION = (
    "Possiamo richiamarla a questo numero senza crearle problemi? Per sì prema otto. "
    "Altrimenti resti in linea."
)
DECLINED = "Va bene: non la chiameremo. Può restare in linea, continuiamo a provare."


def test_eight_and_eight_is_a_promise_with_its_hour_and_the_hold_goes_on(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written, database: Database
) -> None:
    caller.dials()
    caller.hears(f"{NOBODY} {QUESTION}", within=200)
    caller.presses("8")
    caller.hears("Ha premuto otto. Lo prema ancora per confermare.")
    caller.presses("8")
    caller.hears("La richiama una persona entro le tre e 35, dal numero zero sette otto uno, tre")
    caller.hears("Se resta in linea, continuiamo a provare. In pericolo: uno uno due.")
    caller.hears("Stiamo ancora chiamando", within=60)
    assert longest_silence(caller) <= 10
    caller.hangs_up()
    town.passes(1)
    assert (written().call.outcome, written().follow_up) == ("promised", "call_back")
    due = follow_up(database).due_at.astimezone(ROME)
    assert (due.hour, due.minute) == (3, 35)
    assert contact(database).until == datetime(2026, 11, 22, 12, 0, tzinfo=ROME)


def test_silence_is_asked_twice_and_is_a_no(
    caller: Phone, town: Town, anna: Phone, written: Written, database: Database
) -> None:
    caller.dials()
    caller.hears(QUESTION, within=200)
    caller.hears(QUESTION)
    caller.hears(f"{DECLINED} Può riagganciare e chiamarci quando vuole. In pericolo: uno uno due.")
    town.passes(120)
    assert len(when_heard(caller, "senza crearle problemi")) == 2
    assert anna.times_rung() >= 3
    caller.hangs_up()
    town.passes(1)
    assert written().follow_up == "review"
    assert contact(database).safety == "no"
    assert is_refused(database, caller.number)


@pytest.mark.parametrize("key", "0*#6")
def test_eight_and_then_anything_else_is_a_no(
    caller: Phone, town: Town, anna: Phone, key: str, database: Database
) -> None:
    caller.dials()
    caller.hears(QUESTION, within=200)
    caller.presses("8")
    caller.hears("Lo prema ancora")
    caller.presses(key)
    town.passes(20)
    caller.hangs_up()
    town.passes(1)
    assert is_refused(database, caller.number)


def test_whoever_accepts_in_the_middle_of_the_question_is_joined_at_once(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    anna.rings()
    caller.hears("finora non ha risposto", within=200)
    lucia.answers(within=70)
    lucia.presses("1")
    caller.talks_with(lucia, within=5)
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().call.outcome == "answered"
    assert written().follow_up is None


def test_a_promise_that_is_kept_in_the_same_call_is_closed(
    caller: Phone, town: Town, anna: Phone, database: Database
) -> None:
    caller.dials()
    anna.rings()
    caller.presses("88", every=2.0)
    caller.hears("La richiama una persona")
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(20)
    caller.hangs_up()
    town.everybody_hung_up()
    assert (follow_up(database).state, follow_up(database).outcome) == ("done", "in_the_call")
    town.passes(900)
    assert anna.times_rung() == 1


def test_who_agreed_in_the_hold_is_not_asked_again(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    anna.rings()
    caller.presses("88", every=2.0)
    caller.hears("La richiama una persona")
    caller.hears(f"{NOBODY} In pericolo: uno uno due.", within=200)
    town.passes(200)
    caller.hears_nothing_like("senza crearle problemi")


@pytest.mark.parametrize("key", ["1", "2"])
def test_a_yes_lasts_two_hours_only_once_the_caller_has_told_of_danger(
    caller: Phone, town: Town, anna: Phone, key: str, database: Database
) -> None:
    caller.dials()
    anna.rings()
    caller.presses("88", every=2.0)
    caller.hears("continuiamo a provare", within=60)
    caller.presses(key)
    town.passes(10)
    assert contact(database).until == datetime(2026, 11, 22, 12, 0, tzinfo=ROME)
    caller.hangs_up()
    left = town.exchange.now()
    town.passes(1)
    assert contact(database).safety == "yes"
    assert contact(database).until == left + timedelta(hours=2)


@pytest.mark.parametrize(("key", "number"), [("1", "uno cinque due due"), ("2", "uno uno quattro")])
def test_who_may_be_watched_is_told_that_our_number_will_show(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, number: str, database: Database
) -> None:
    caller.dials()
    caller.presses(key)
    caller.hears(
        "Possiamo richiamarla nelle prossime due ore? Sul telefono si vedrà il nostro numero. "
        "Per sì prema otto. Se ha un dubbio, non prema niente.",
        within=200,
    )
    assert number not in caller.heard()
    caller.presses("8")
    caller.hears("Lo prema ancora")
    agreed_at = town.exchange.now()
    caller.presses("8")
    caller.hears(f"continuiamo a provare. In pericolo: uno uno due. Anche: {number}.")
    caller.hangs_up()
    town.passes(1)
    until = contact(database).until
    assert until is not None
    assert abs((until - agreed_at).total_seconds() - 7200) < 5


def test_who_may_be_watched_and_presses_nothing_is_never_called(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, database: Database
) -> None:
    caller.dials()
    caller.presses("1")
    caller.hears("Se ha un dubbio, non prema niente", within=200)
    caller.hears("Va bene: non la chiameremo.")
    caller.hears("Anche: uno cinque due due")
    caller.hangs_up()
    town.passes(1)
    assert is_refused(database, caller.number)


def test_who_hides_the_number_may_key_one_in(
    caller: Phone, town: Town, anna: Phone, database: Database
) -> None:
    caller.dials(anonymous=True)
    caller.hears(
        "Il suo numero è nascosto. Se vuole che la richiamiamo, scriva un numero e poi",
        within=200,
    )
    caller.presses("3400000055#")
    caller.hears(
        "Ha scritto tre quattro zero, zero zero zero, zero zero cinque cinque. Giusto? Otto sì, cancelletto"
    )
    caller.presses("#")
    caller.hears("scriva un numero")
    caller.presses("3400000077#")
    caller.hears("zero zero sette sette. Giusto?")
    agreed_at = town.exchange.now()
    caller.presses("8")
    caller.hears("La richiama una persona entro")
    caller.hangs_up()
    town.passes(1)
    said = contact(database)
    assert said.number == "+393400000077"
    assert said.until is not None
    assert (said.until - agreed_at).total_seconds() < 7205


@pytest.mark.parametrize("number", ["112", "1522", "899123456", "0012125550100", "078133000", "12345"])
def test_numbers_that_nobody_may_call_are_not_taken(
    caller: Phone, town: Town, anna: Phone, number: str, written: Written
) -> None:
    caller.dials(anonymous=True)
    caller.hears("scriva un numero e poi cancelletto", within=200)
    caller.presses(f"{number}#")
    caller.hears(
        "riagganciare e rifare il numero" if number == "112" else "A questo numero non possiamo telefonare"
    )
    caller.hangs_up()
    town.passes(1)
    assert written().follow_up == "review"


class TestAtTenInTheEvening:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return datetime(2026, 11, 22, 22, 0, tzinfo=ROME)

    def test_information_is_promised_for_tomorrow_morning(
        self, caller: Phone, town: Town, anna: Phone, database: Database
    ) -> None:
        caller.dials()
        caller.presses("5")
        anna.rings()
        caller.presses("88", every=2.0)
        caller.hears("Va bene. La richiama una persona domani entro le dieci, dal numero")
        caller.hangs_up()
        town.passes(1)
        assert follow_up(database).grade == "morning"
        assert follow_up(database).due_at == datetime(2026, 11, 23, 10, 0, tzinfo=ROME)
        assert contact(database).until == datetime(2026, 11, 23, 12, 0, tzinfo=ROME)

    @pytest.mark.parametrize("key", ["1", "4"])
    def test_who_then_tells_of_what_cannot_wait_until_the_morning_alarms_somebody_at_once(
        self, caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, database: Database
    ) -> None:
        caller.dials()
        caller.presses("5")
        anna.rings()
        caller.presses("88", every=2.0)
        caller.hears("La richiama una persona domani entro le dieci", within=40)
        town.passes(15)
        caller.presses(key)
        lucia.rings(within=40)
        caller.hangs_up()
        lucia.stops_ringing()
        lucia.rings(within=20)
        lucia.answers()
        lucia.hears("C'è una richiamata in sospeso, promessa entro le ore dieci")
        assert follow_up(database).grade == "at_once"

    def test_who_then_agrees_once_more_is_promised_the_sooner_hour(
        self, caller: Phone, town: Town, anna: Phone, lucia: Phone, database: Database
    ) -> None:
        caller.dials()
        caller.presses("5")
        anna.rings()
        caller.presses("88", every=2.0)
        caller.hears("La richiama una persona domani entro le dieci", within=40)
        town.passes(15)
        caller.presses("4")
        caller.hears("La colleghiamo")
        caller.presses("88", every=2.0)
        caller.hears("La richiama una persona entro le ventidue e 30", within=40)
        caller.presses("5")
        town.passes(10)
        caller.presses("88", every=2.0)
        caller.hears("La richiama una persona entro le ventidue e 30", within=40)
        assert follow_up(database).due_at == datetime(2026, 11, 22, 22, 30, tzinfo=ROME)
