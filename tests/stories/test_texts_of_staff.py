"""What does a member of staff bring about by texting, and what is answered, without a name or a case?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from hotline.audit.change import Change
from hotline.audit.store import newest_changes
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall import store as oncall
from hotline.oncall.duty_report import duty_report
from hotline.oncall.tables import confirmations
from hotline.people import store as people
from hotline.preflight.checks import preflight
from hotline.simulator.phones import Phone, Town
from hotline.simulator.transport import ExchangeTransport
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.stories.conftest import Hire
from tests.stories.test_texts import SMS_NUMBER, kept, owed_now, reads_it

COMMANDS = (
    "Scrivi TURNO, OK, NON POSSO, PRENDO, OFFRO, FINE TURNO, CONSEGNA, SCHEDA, ASSENTE. "
    "Per tutto il resto chiama lo 0781 33000."
)
NOON = NIGHT_IN_NOVEMBER + timedelta(hours=9)


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer who is at home tonight, and on duty from eight in the evening until midnight."""
    evening = NIGHT_IN_NOVEMBER + timedelta(hours=17)
    return hire("Dora", 5, "volunteer", shift=(evening, evening + timedelta(hours=4)))


def confirmed(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(confirmations)).all())


# TURNO


def test_am_i_on_and_until_when(anna: Phone) -> None:
    anna.texts("TURNO")
    assert anna.reads("turno") == "Sei di turno fino alle 15.00. Grazie."


def test_when_am_i_next(dora: Phone) -> None:
    dora.texts("turno?")
    assert dora.reads("turno") == "Il tuo prossimo turno: dom 22/11 20.00-0.00."


def test_whoever_has_no_shift_is_told_so(carla: Phone) -> None:
    carla.texts("Quando sono di turno?")
    assert carla.reads("turno") == "Adesso non sei di turno, e non ne hai altri in programma."


# OK


def test_ok_confirms_the_shift_that_runs_and_nobody_is_disturbed(
    anna: Phone, carla: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    anna.texts("Ok grazie 👍")
    assert anna.reads("Confermato") == "Confermato: sab 21/11 15.00-15.00. Grazie."
    assert confirmed(database) == 1
    anna.texts("OK")
    town.passes(5)
    assert confirmed(database) == 1
    assert len(anna.texts_read()) == 2
    assert not kept(database)
    carla.reads_nothing()
    lucia.never_rang()


def test_ok_confirms_the_next_shift_of_whoever_is_at_home(dora: Phone, database: Database) -> None:
    dora.texts("ok!")
    assert dora.reads("Confermato") == "Confermato: dom 22/11 20.00-0.00. Grazie."
    with database.reading() as tx:
        person = people.person_by_phone(tx, dora.number)
        assert person is not None
        coming = oncall.next_shifts(tx, person.id, tx.now, 1)[0]
        assert oncall.confirmed_at(tx, coming) is not None


def test_ok_without_any_shift_confirms_nothing(carla: Phone, database: Database) -> None:
    carla.texts("ok")
    carla.reads("non ne hai altri in programma")
    assert confirmed(database) == 0


# NON POSSO, PRENDO


def test_who_cannot_says_so_and_the_first_who_takes_it_has_the_shift(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, dora: Phone, hire: Hire, town: Town
) -> None:
    elena = hire("Elena", 6, "volunteer", shift=None)
    anna.texts("Non posso stasera, scusate")
    assert anna.reads("Va bene") == (
        "Va bene, grazie di averlo detto. Cerchiamo chi copre. Se puoi di nuovo, rispondi PRENDO."
    )
    for asked in (dora, elena):
        asked.reads("Cerchiamo chi copre dom 22/11 3.00-15.00. Rispondi PRENDO.")
    for told in (lucia, carla):
        assert told.reads("una persona non può") == (
            "Turno dom 22/11 3.00-15.00, volontari: una persona non può. Cerchiamo chi copre."
        )
    assert not any("Cerchiamo chi copre dom" in read for read in bruno.texts_read())
    elena.texts("lo prendo io!")
    dora.texts("PRENDO")
    assert elena.reads("assegnato") == "Turno dom 22/11 3.00-15.00 assegnato a te."
    assert dora.reads("Già") == "Già coperto, grazie lo stesso."
    anna.reads("Grazie: il tuo turno lo copre un collega. Riposa.")
    caller.dials()
    elena.rings()
    bruno.rings()
    town.passes(10)
    anna.never_rang()
    dora.never_rang()


def test_who_said_so_by_mistake_takes_the_shift_back(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    anna.texts("nonposso")
    anna.reads("rispondi PRENDO")
    anna.texts("TURNO")
    assert anna.reads("Hai detto") == (
        "Hai detto che non puoi, fino alle 15.00. Se puoi di nuovo, rispondi PRENDO."
    )
    anna.texts("prendo")
    anna.reads("Sei di turno fino alle 15.00")
    caller.dials()
    anna.rings()


def test_ok_does_not_confirm_a_shift_that_somebody_cannot_keep(
    anna: Phone, bruno: Phone, lucia: Phone, database: Database
) -> None:
    anna.texts("NON POSSO")
    anna.reads("Va bene")
    anna.texts("OK")
    anna.reads("Hai detto che non puoi")
    assert confirmed(database) == 0


def test_the_last_one_is_told_that_they_ring_last(anna: Phone, lucia: Phone) -> None:
    anna.texts("NON POSSO")
    anna.reads("finché non c'è nessuno, suoni per ultimo")


def test_prendo_when_nobody_asked(dora: Phone) -> None:
    dora.texts("PRENDO")
    assert dora.reads("coprire") == "Adesso non c'è nessun turno da coprire. Grazie lo stesso."


def test_who_cannot_come_to_the_next_shift_offers_it_and_is_read_by_the_coordinator(
    dora: Phone, carla: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    dora.texts("Non posso stasera")
    assert dora.reads("Offerto") == (
        "Offerto: dom 22/11 20.00-0.00. Resta tuo finché nessuno lo prende. Per ritirarlo rispondi RITIRO."
    )
    assert carla.reads("collega") == (
        "0781 33000: alle 3.00 ha scritto un collega. "
        "Ti chiamiamo per leggerti il messaggio, di notte solo domattina."
    )
    town.passes(30 * 60)
    carla.never_rang()
    lucia.never_rang()
    assert [one.body for one in kept(database)] == ["Non posso stasera"]


def test_who_cannot_and_has_no_shift_at_all_is_read_by_the_coordinator(hire: Hire, carla: Phone) -> None:
    elio = hire("Elio", 6, "volunteer", shift=None)
    elio.texts("Non posso più")
    assert elio.reads("coordina") == "Adesso non sei di turno. Il tuo messaggio lo legge chi coordina."
    carla.reads("ha scritto un collega")


# Everything else


def test_the_commands(anna: Phone, carla: Phone, lucia: Phone, town: Town) -> None:
    anna.texts("Comandi")
    assert anna.reads("Scrivi") == COMMANDS
    town.passes(60)
    carla.reads_nothing()
    lucia.never_rang()


def test_what_is_no_command_is_read_by_the_coordinator_in_the_morning(
    anna: Phone, carla: Phone, lucia: Phone, town: Town, rig: Rig, database: Database
) -> None:
    anna.texts("Ho la febbre alta, mi sento svenire")
    assert anna.reads("Scrivi") == COMMANDS
    carla.reads("alle 3.00 ha scritto un collega")
    anna.texts("e la macchina non parte")
    town.passes(20 * 60)
    assert anna.texts_read() == [COMMANDS]
    assert len(carla.texts_read()) == 1
    carla.never_rang()
    rig.clock.set(NIGHT_IN_NOVEMBER.replace(hour=8, minute=29, second=50))
    town.passes(5)
    carla.never_rang()
    carla.rings(within=30)
    reads_it(
        carla, "Scrive Anna: «Ho la febbre alta, mi sento svenire». Scrive Anna: «e la macchina non parte»"
    )
    town.passes(60)
    lucia.never_rang()
    assert [one.outcome for one in owed_now(database)] == ["read"]


class TestByDay:
    @pytest.fixture
    def starts_at(self) -> object:
        return NOON

    def test_what_is_no_command_rings_the_coordinator_at_once(
        self, anna: Phone, carla: Phone, lucia: Phone
    ) -> None:
        anna.texts("Arrivo tardi, sono bloccata in galleria")
        reads_it(carla, "Scrive Anna: «Arrivo tardi, sono bloccata in galleria»")
        assert len(carla.texts_read()) == 1
        lucia.never_rang()

    def test_a_stop_rings_the_coordinator_at_once(self, anna: Phone, carla: Phone, lucia: Phone) -> None:
        anna.texts("STOP")
        carla.reads("un collega ha scritto STOP")
        reads_it(carla, "Scrive Anna: «STOP»")
        lucia.never_rang()


def test_a_call_for_help_after_a_harmless_text_does_not_wait_for_the_morning(
    anna: Phone, carla: Phone, lucia: Phone, town: Town
) -> None:
    anna.texts("Arrivo tardi domani")
    town.passes(60)
    lucia.never_rang()
    anna.texts("Aiuto")
    reads_it(lucia, "Scrive Anna: «Arrivo tardi domani». Scrive Anna: «Aiuto»")
    carla.never_rang()


def test_two_machines_that_thank_each_other_stop_at_some_time(anna: Phone, town: Town) -> None:
    for _ in range(20):
        anna.texts("Ok grazie")
        town.passes(4)
    assert len(anna.texts_read()) == 12


# STOP


@pytest.mark.parametrize("word", ["STOP", "basta", "ANNULLA", "Unsubscribe"])
def test_who_stops_our_texts_is_alarmed_by_calls_only_and_the_coordinator_hears_of_it(
    word: str,
    caller: Phone,
    anna: Phone,
    lucia: Phone,
    carla: Phone,
    town: Town,
    database: Database,
    rig: Rig,
) -> None:
    lucia.texts(word)
    assert carla.reads("STOP") == (
        "0781 33000: un collega ha scritto STOP e non riceve più i messaggi, solo le chiamate. "
        "Chi è lo dice hotline check."
    )
    lucia.texts("TURNO")
    caller.texts("Sono al buio")
    reads_it(lucia, "Sono al buio")
    town.passes(30)
    lucia.reads_nothing()
    with database.reading() as tx:
        report = duty_report(
            rig.service.board.profile, people.everybody(tx), oncall.on_duty(tx, tx.now), tx.now
        )
    assert "  social workers: Lucia Prova (calls only: wrote STOP)" in report.lines()
    lucia.texts("START")
    assert lucia.reads("di nuovo") == "Ricevi di nuovo i nostri messaggi. Grazie."
    lucia.texts("turno")
    lucia.reads("Sei di turno")


def test_check_names_who_gets_no_texts_and_whether_texts_reach_us(
    anna: Phone, rig: Rig, database: Database
) -> None:
    anna.texts("STOP")
    known = {
        "database_url": database.url.render_as_string(hide_password=False),
        "secret_keys": SecretStr("a1" * 32),
    }
    told = rig.service.settings.model_copy(update=known)
    line = rig.exchange.line(rig.service.board.sms_number)

    def checked() -> list[str]:
        return [str(one) for one in preflight(told, rig.clock, ExchangeTransport(rig.exchange))]

    assert "OK    texts to HOTLINE_SMS_NUMBER come to us" in checked()
    assert any(found.startswith("WARN  wrote STOP and get no texts: Anna Prova: ") for found in checked())
    rig.exchange.lines[line.number] = replace(line, sms=None)
    assert any(found.startswith("FAIL  texts to HOTLINE_SMS_NUMBER do not") for found in checked())
    rig.exchange.lines[line.number] = line
    anna.texts("START")
    assert not any("wrote STOP" in found for found in checked())


def test_whoever_stops_and_starts_our_texts_is_written_down_once_each(
    anna: Phone, carla: Phone, town: Town, database: Database
) -> None:
    anna.texts("START")
    anna.reads("Ricevi di nuovo")
    assert changed_texts(database) == []
    for word in ("STOP", "basta", "START", "start"):
        anna.texts(word)
        town.passes(10)
    with database.reading() as tx:
        person = people.person_by_phone(tx, anna.number)
    assert person is not None
    stopped, started = changed_texts(database)
    assert (stopped.who, stopped.what) == (person.id, f"person {person.id}")
    assert (stopped.before, stopped.after, stopped.why) == ("gets texts", "calls only", "texted STOP")
    assert (started.who, started.what) == (person.id, f"person {person.id}")
    assert (started.before, started.after, started.why) == ("calls only", "gets texts", "texted START")


def changed_texts(database: Database) -> list[Change]:
    """Return what was noted of who gets texts, the oldest first."""
    with database.reading() as tx:
        found = newest_changes(tx, 20, "person")
    return [one for one in reversed(found) if "texts" in (one.before or "") + (one.after or "")]


def test_stop_said_twice_alarms_once(anna: Phone, carla: Phone, town: Town, database: Database) -> None:
    anna.texts("STOP")
    anna.texts("Stop")
    town.passes(30)
    assert len(carla.texts_read()) == 1
    assert len(owed_now(database)) == 1


def test_a_stop_that_only_twilio_heard_is_learnt_from_its_refusal(
    caller: Phone, lucia: Phone, town: Town, rig: Rig, database: Database
) -> None:
    rig.exchange.texts.opted_out.add((lucia.number, rig.service.board.sms_number))
    caller.texts("Sono al buio")
    lucia.rings(within=20)
    town.passes(5)
    with database.reading() as tx:
        person = people.person_by_phone(tx, lucia.number)
    assert person is not None
    assert not person.takes_texts
    (noted,) = changed_texts(database)
    assert (noted.after, noted.why) == ("calls only", "Twilio refuses texts to them: they wrote STOP")


def test_without_a_number_for_texts_commands_are_obeyed_in_silence(
    anna: Phone, database: Database, rig: Rig, town: Town
) -> None:
    rig.service.board.__dict__["sms_number"] = ""
    anna.texts("OK")
    town.passes(10)
    anna.reads_nothing()
    assert confirmed(database) == 1


def test_a_command_delivered_twice_is_one(anna: Phone, bruno: Phone, lucia: Phone, town: Town) -> None:
    anna.texts("NON POSSO")
    anna.text_arrives_again()
    town.passes(10)
    anna.text_arrives_again()
    town.passes(10)
    assert len(anna.texts_read()) == 1
    assert len(lucia.texts_read()) == 1
