"""Somebody offers a shift: who is asked, who has it then, and who reads what?"""

import json
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.calls.cover.offer_times import follow_offers
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.errors import BadInput
from hotline.oncall import store as oncall
from hotline.oncall.overrides.actions import consider, decide
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.ground import Ground
from hotline.oncall.swaps.tables import offers
from hotline.people import store as people
from hotline.people.actions import set_pin
from hotline.people.serving import store as serving
from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town, answers_and_presses
from tests.stories.conftest import ROME, Hire
from tests.stories.test_staff_door import PIN, comes_in
from tests.stories.test_texts import SMS_NUMBER, kept

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ROME)
TONIGHT = (MORNING.replace(hour=22), MORNING.replace(day=24, hour=6))
ON_FRIDAY = (MORNING.replace(day=27, hour=20), MORNING.replace(day=28, hour=0))
Ready = Callable[..., Phone]
Command = Callable[..., str]


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def starts_at() -> datetime:
    return MORNING


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    tmp_path: Path,
    rig: Rig,
    settings: Mapping[str, object],
) -> Command:
    """Let somebody sit at the terminal, at the moment of the story: what it prints comes back."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.setenv("HOTLINE_SMS_NUMBER", str(settings.get("sms_number", "")))
    monkeypatch.setenv("HOTLINE_PUBLIC_URL", PUBLIC_URL)
    if "profile" in settings:
        monkeypatch.setenv("HOTLINE_PROFILE", str(settings["profile"]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hotline.app.clock_of", lambda *_: ManualClock(rig.clock.now()))

    def ran(*words: str) -> str:
        done = CliRunner().invoke(app, ["offers", *words])
        if isinstance(done.exception, BadInput):
            return str(done.exception)
        assert done.exit_code == 0, done.output
        return done.output

    return ran


@pytest.fixture
def ready(hire: Hire, database: Database) -> Ready:
    """Take somebody into the rota who may serve: trained, with a phone that was tested."""

    def hired(
        name: str, number: int, shift: tuple[datetime, datetime] | None = None, languages: str = "it"
    ) -> Phone:
        phone = hire(name, number, "volunteer", languages, shift=shift)
        with database.transaction() as tx:
            person = people.person_by_phone(tx, phone.number)
            assert person is not None
            terms = serving.terms_of(tx, [person])[person.id]
            until = MORNING.date() + timedelta(days=365)
            serving.keep_terms(tx, [replace(terms, training_until=until, phone_verified_at=tx.now)])
        return phone

    return hired


@pytest.fixture
def anna(ready: Ready) -> Phone:
    """A volunteer who has the night."""
    return ready("Anna", 1, TONIGHT)


@pytest.fixture
def bruno(ready: Ready) -> Phone:
    return ready("Bruno", 2)


@pytest.fixture
def dora(ready: Ready) -> Phone:
    return ready("Dora", 5)


@pytest.fixture
def elio(ready: Ready) -> Phone:
    return ready("Elio", 6)


def states(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(select(offers.c.state).order_by(offers.c.number)).scalars())


def on_at(database: Database, moment: datetime) -> list[str]:
    """Name the volunteers on duty at a moment."""
    with database.reading() as tx:
        ids = {one.person_id for one in oncall.on_duty(tx, moment) if one.role == "volunteer"}
        return [person.name.split()[0] for person in people.people_by_ids(tx, ids)]


def test_three_are_asked_two_answer_in_the_same_second_and_one_has_it(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, lucia: Phone, carla: Phone, database: Database
) -> None:
    anna.texts("OFFRO")
    assert anna.reads("Offerto") == (
        "Offerto: lun 23/11 22.00-6.00. Resta tuo finché nessuno lo prende. Per ritirarlo rispondi RITIRO."
    )
    for asked in (bruno, dora, elio):
        assert asked.reads("Cerchiamo") == (
            "Cerchiamo chi copre lun 23/11 22.00-6.00. Rispondi PRENDO. Il primo che risponde ha il turno."
        )
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    dora.texts("lo prendo io!")
    elio.texts("PRENDO")
    assert dora.reads("assegnato") == ("Turno lun 23/11 22.00-6.00 assegnato a te. Se hai sbagliato: LASCIO.")
    assert elio.reads("Già") == "Già coperto, grazie lo stesso."
    assert (
        anna.reads("collega")
        == "Il turno che hai offerto, lun 23/11 22.00-6.00, ora è di un collega. Grazie."
    )
    assert on_at(database, TONIGHT[0]) == on_at(database, TONIGHT[1] - timedelta(seconds=1)) == ["Dora"]
    bruno.never_rang()


def test_whoever_offered_it_takes_it_back_and_then_nobody_can_take_it(
    anna: Phone, bruno: Phone, database: Database
) -> None:
    anna.texts("OFFRO")
    anna.reads("Offerto")
    anna.texts("Offro il mio turno")
    assert anna.reads("già").startswith("Hai già offerto lun 23/11 22.00-6.00.")
    bruno.reads("Cerchiamo")
    anna.texts("RITIRO")
    assert anna.reads("Ritirato") == "Ritirato: il turno lun 23/11 22.00-6.00 resta tuo."
    bruno.texts("PRENDO")
    assert bruno.reads("non è più") == "Il turno lun 23/11 22.00-6.00 non è più offerto. Grazie lo stesso."
    anna.texts("Ritiro")
    anna.reads("Non hai turni offerti da ritirare.")
    assert states(database) == ["withdrawn"]
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_a_forger_who_offers_and_withdraws_without_end_is_read_by_the_coordinator_instead(
    anna: Phone, carla: Phone, town: Town, database: Database
) -> None:
    for _ in range(10):
        anna.texts("OFFRO")
        anna.texts("RITIRO")
    assert states(database) == ["withdrawn"] * 6
    town.passes(60)
    assert len(anna.texts_read()) == 12
    assert len(kept(database)) == 8
    assert carla.times_rung() == 1
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_the_limit_holds_for_whoever_gets_no_texts_and_never_for_i_cannot(
    anna: Phone, database: Database
) -> None:
    anna.texts("STOP")
    for _ in range(10):
        anna.texts("OFFRO")
        anna.texts("RITIRO")
    assert states(database) == ["withdrawn"] * 6
    anna.texts("NON POSSO")
    assert states(database) == ["withdrawn"] * 6 + ["open"]


def test_who_took_it_by_mistake_leaves_it_and_the_others_are_asked_again(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    dora.reads("Cerchiamo")
    dora.texts("PRENDO")
    anna.reads("ora è di un collega")
    dora.texts("Lascio")
    assert dora.reads("Va bene") == "Va bene, il turno lun 23/11 22.00-6.00 non è più tuo. Cerchiamo ancora."
    assert anna.reads("di nuovo tuo") == (
        "Turno lun 23/11 22.00-6.00: chi lo aveva preso non può più. Ora è di nuovo tuo, cerchiamo ancora."
    )
    assert carla.reads("non può più") == (
        "Turno lun 23/11 22.00-6.00, volontari: chi lo aveva preso non può più. Cerchiamo ancora."
    )
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    town.passes(15)
    asked = [text for text in bruno.texts_read() if text.startswith("Cerchiamo")]
    assert len(asked) == 2
    assert len(carla.texts_read()) == 3, "offered, covered, open again: nothing twice"
    assert len([text for text in dora.texts_read() if text.startswith("Cerchiamo")]) == 1
    bruno.texts("PRENDO")
    bruno.reads("assegnato a te")
    assert on_at(database, TONIGHT[0]) == ["Bruno"]
    dora.texts("LASCIO")
    dora.reads("Non c'è un turno preso da lasciare")
    assert on_at(database, TONIGHT[0]) == ["Bruno"]


def test_nobody_takes_it_so_they_are_asked_again_the_coordinator_hears_and_it_stays(
    anna: Phone, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    untaken = (
        "Turno lun 23/11 22.00-6.00, volontari: offerto, nessuno lo ha ancora preso. Resta a chi lo aveva."
    )
    assert carla.reads("offerto", within=90) == untaken
    rig.clock.set(MORNING.replace(hour=15, minute=58))
    town.passes(60)
    assert len(bruno.texts_read()) == 1
    town.passes(120)
    assert len(bruno.texts_read()) == 2, "asked again after six hours"
    rig.clock.set(MORNING.replace(hour=18))
    town.passes(60)
    assert carla.texts_read() == [untaken] * 2, "four hours before it begins"
    rig.clock.set(MORNING.replace(hour=21, minute=58))
    town.passes(60)
    assert states(database) == ["open"]
    town.passes(120)
    assert anna.reads("Nessuno ha preso") == (
        "Nessuno ha preso il turno lun 23/11 22.00-6.00: resta tuo. Se non puoi, rispondi NON POSSO."
    )
    assert carla.texts_read() == [untaken] * 3
    assert states(database) == ["lapsed"]
    bruno.texts("PRENDO")
    bruno.reads("non è più offerto")
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_what_is_offered_at_night_for_another_week_is_asked_in_the_morning(
    ready: Ready, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    later = ready("Sara", 8, ON_FRIDAY)
    rig.clock.set(MORNING.replace(hour=23))
    later.texts("OFFRO")
    later.reads("Offerto: ven 27/11 20.00-0.00.")
    town.passes(120)
    bruno.reads_nothing()
    rig.clock.set(MORNING.replace(day=24, hour=7, minute=59, second=50))
    town.passes(5)
    bruno.reads_nothing()
    bruno.reads("Cerchiamo chi copre ven 27/11 20.00-0.00.", within=90)
    carla.reads_nothing()
    rig.clock.set(MORNING.replace(day=24, hour=23, minute=10))
    town.passes(120)
    carla.reads_nothing()
    rig.clock.set(MORNING.replace(day=25, hour=8))
    carla.reads("nessuno lo ha ancora preso", within=90)


def test_key_four_offers_a_chosen_shift_and_key_eight_takes_it(
    ready: Ready, bruno: Phone, town: Town, database: Database
) -> None:
    ready("Sara", 8, TONIGHT)
    sara = ready("Sara", 8, ON_FRIDAY)
    with database.transaction() as tx:
        for phone in (sara, bruno):
            set_pin(tx, phone.number, PIN)
    comes_in(sara)
    sara.hears("Tre i miei turni. Quattro offri un turno.")
    sara.hears_nothing_like("prendi un turno")
    sara.presses("4")
    sara.hears("Premi uno per lunedì 23, dalle ore ventidue alle ore sei.")
    sara.hears("Due per venerdì 27, dalle ore venti alle ore zero.")
    sara.presses("2")
    sara.hears("Premi ancora quattro per offrire a tutti venerdì 27, dalle ore venti alle ore zero.")
    assert states(database) == []
    sara.presses("4")
    sara.hears("Va bene, lo chiediamo a chi può: venerdì 27, dalle ore venti alle ore zero. Resta tuo")
    sara.hung_up(within=15)
    bruno.reads("Cerchiamo chi copre ven 27/11 20.00-0.00.")
    comes_in(bruno)
    bruno.hears("Otto prendi un turno offerto.")
    bruno.hears_nothing_like("offri un turno")
    bruno.presses("8")
    bruno.hears("C'è un turno da coprire: venerdì 27, dalle ore venti alle ore zero. Premi ancora otto")
    bruno.presses("8")
    bruno.hears("Grazie: il turno è tuo, venerdì 27, dalle ore venti alle ore zero. Puoi riagganciare.")
    bruno.hung_up(within=15)
    bruno.reads("Turno ven 27/11 20.00-0.00 assegnato a te.")
    sara.reads("ora è di un collega")
    assert on_at(database, ON_FRIDAY[0]) == ["Bruno"]
    comes_in(bruno)
    bruno.presses("3")
    bruno.hears("Venerdì 27, dalle ore venti alle ore zero.")


def test_one_touch_offers_nothing(anna: Phone, bruno: Phone, database: Database, town: Town) -> None:
    with database.transaction() as tx:
        set_pin(tx, anna.number, PIN)
    comes_in(anna)
    anna.presses("4")
    anna.hears("Premi uno per lunedì 23")
    anna.presses("1")
    anna.hears("Premi ancora quattro")
    anna.hears("Tre i miei turni", within=20)
    anna.hangs_up()
    assert states(database) == []
    bruno.reads_nothing()


def test_a_trade_needs_both_and_moves_both_shifts_at_once(
    anna: Phone, ready: Ready, bruno: Phone, carla: Phone, command: Command, town: Town, database: Database
) -> None:
    sara = ready("Sara", 8, ON_FRIDAY)
    said = command(
        *("new", "--for", anna.number, "--ask", sara.number, "--in-return", "2026-11-27 20:00"),
        *("--by", carla.number, "--reason", "Anna has an exam"),
    )
    assert said.strip() == "Offer 1: 2026-11-23 22:00 - 2026-11-24 06:00."
    assert sara.reads("Scambio") == (
        "Scambio: prendi lun 23/11 22.00-6.00 e lasci ven 27/11 20.00-0.00. Se ti va bene rispondi PRENDO."
    )
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])
    bruno.texts("PRENDO")
    bruno.reads("nessun turno da coprire")
    sara.texts("ok prendo")
    assert sara.reads("Scambiato") == (
        "Scambiato: ora hai lun 23/11 22.00-6.00, non più ven 27/11 20.00-0.00. Se hai sbagliato: LASCIO."
    )
    assert anna.reads("Scambiato") == (
        "Scambiato: ora hai ven 27/11 20.00-0.00, non più lun 23/11 22.00-6.00. Grazie."
    )
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Sara"], ["Anna"])
    sara.texts("lascio")
    sara.reads("non è più tuo")
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])
    assert "Anna Prova for 2026-11-27T20:00, open (asked: Sara Prova)" in command("list")


def test_what_is_left_of_a_running_shift_goes_over_at_once_and_rings_for_whoever_waits(
    hire: Hire,
    ready: Ready,
    bruno: Phone,
    lucia: Phone,
    caller: Phone,
    command: Command,
    town: Town,
    rig: Rig,
    database: Database,
) -> None:
    sara = ready("Sara", 8, (MORNING - timedelta(hours=2), MORNING + timedelta(hours=2)))
    command("new", "--for", sara.number, "--now", "--by", sara.number)
    bruno.reads("Cerchiamo chi copre lun 23/11 8.00-12.00.")
    assert on_at(database, MORNING + timedelta(hours=1)) == ["Sara"]
    caller.dials()
    sara.rings(within=30)
    bruno.texts("PRENDO")
    bruno.reads("assegnato a te")
    bruno.rings(within=5)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    assert on_at(database, MORNING + timedelta(hours=1)) == ["Bruno"]
    assert on_at(database, MORNING - timedelta(hours=1)) == ["Sara"], "the past is not rewritten"
    bruno.texts("LASCIO")
    bruno.reads("è già iniziato")


def test_who_cannot_come_tonight_offers_it_and_the_coordinator_knows_at_once(
    anna: Phone, bruno: Phone, carla: Phone, database: Database
) -> None:
    anna.texts("Non posso stasera")
    anna.reads("Offerto: lun 23/11 22.00-6.00.")
    bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
    carla.reads("alle 10.00 ha scritto un collega")
    carla.reads("Turno lun 23/11 22.00-6.00, volontari: offerto", within=90)
    assert on_at(database, TONIGHT[0]) == ["Anna"], "nobody is taken off before somebody has it"


def test_two_replicas_ask_and_tell_once(
    anna: Phone, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    rig.clock.set(MORNING.replace(hour=16, minute=0, second=30))
    together = threading.Barrier(2)

    def looks() -> None:
        together.wait(5)
        follow_offers(rig.service.board, database)

    replicas = [threading.Thread(target=looks) for _ in range(2)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    town.passes(5)
    assert len([text for text in bruno.texts_read() if text.startswith("Cerchiamo")]) == 2
    assert len([text for text in carla.texts_read() if "offerto" in text]) == 1


def test_the_coordinator_at_the_terminal_offers_lists_and_withdraws_on_behalf(
    anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, command: Command, database: Database
) -> None:
    new = ("new", "--for", anna.number)
    assert "only whose shift it is, or a coordinator" in command(*new, "--by", bruno.number)
    wrong = command(*new, "--by", carla.number, "--from", "2026-11-23 21:00")
    assert "they have no coming shift that begins then" in wrong
    assert "--from: 'tonight' is not a moment" in command(*new, "--by", carla.number, "--from", "tonight")
    trade = command(*new, "--by", carla.number, "--in-return", "2026-11-27 20:00")
    assert "a trade needs both" in trade
    assert "a social_worker cannot have the shift of a volunteer" in command(
        *new, "--by", carla.number, "--ask", lucia.number
    )
    assert "they are not on duty" in command(*new, "--by", carla.number, "--now")
    assert command("list").strip() == "Nothing is offered."
    command(*new, "--by", carla.number, "--reason", "she is ill")
    (row,) = json.loads(command("list", "--json"))
    assert (row["of"], row["asked"], row["state"], row["by"], row["reason"]) == (
        *("Anna Prova", "all", "open", "Carla Prova"),
        "she is ill",
    )
    assert "there is no such offer for this person" in command("take", "1", "--by", lucia.number)
    assert "is withdrawn" in command("withdraw", "1", "--by", carla.number)
    assert "is withdrawn already" in command("withdraw", "1", "--by", carla.number)
    assert "it is taken, or over" in command("take", "1", "--by", bruno.number)
    command(*new, "--by", anna.number)
    assert command("take", "2", "--by", bruno.number).strip() == "Offer 2 is taken."
    bruno.reads("assegnato a te")
    assert command("leave", "--by", bruno.number).strip() == "Offer 2 is open again."
    assert "took no shift that can still be left" in command("leave", "--by", bruno.number)
    assert "there is no offer 9" in command("withdraw", "9", "--by", carla.number)
    with database.reading() as tx:
        read = [row.action for row in tx.execute(select(access_log))]
    assert read == ["list offers", "list offers"]


def test_whoever_offered_a_shift_that_was_changed_meanwhile_hears_that_the_rest_stays_theirs(
    anna: Phone, bruno: Phone, elio: Phone, carla: Phone, database: Database, rig: Rig, town: Town
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        ids, by = (known["Anna"].id, known["Elio"].id), known["Carla"]
        hour = (TONIGHT[0], TONIGHT[0] + timedelta(hours=1))
        wanted = Override("volunteer", *ids, *hour, Cause.REPLACE, by.id, "she comes later", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), by, [wanted]))
    assert "resta tuo. Se non puoi, rispondi NON POSSO." in anna.reads("Nessuno ha preso", within=60)
    carla.reads("Resta a chi lo aveva")
    bruno.texts("PRENDO")
    bruno.reads("non è più offerto")


class TestAtTwoMinutesToTen:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return TONIGHT[0] - timedelta(minutes=4)

    def test_the_next_call_rings_whoever_took_it_and_not_whoever_offered_it(
        self, anna: Phone, bruno: Phone, caller: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        rig.clock.set(TONIGHT[0] - timedelta(minutes=2))
        bruno.texts("PRENDO")
        bruno.reads("assegnato a te")
        rig.clock.set(TONIGHT[0] + timedelta(minutes=1))
        caller.dials()
        bruno.rings(within=30)
        bruno.answers()
        bruno.presses("1")
        caller.talks_with(bruno)
        anna.never_rang()

    def test_whoever_takes_it_so_late_has_said_that_they_are_there(
        self, anna: Phone, bruno: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        rig.clock.set(TONIGHT[0] - timedelta(minutes=2))
        bruno.texts("PRENDO")
        bruno.reads("assegnato a te")
        for late in (0, 6, 9, 12):
            rig.clock.set(TONIGHT[0] + timedelta(minutes=late))
            town.passes(45)
        assert not [text for text in (*anna.texts_read(), *bruno.texts_read()) if "sentito" in text]
        bruno.never_rang()
        anna.never_rang()


class TestTheEveningOfTheShift:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return TONIGHT[0] - timedelta(hours=3)

    def test_whoever_took_it_is_asked_an_hour_ahead_and_whoever_gave_it_is_not(
        self, anna: Phone, bruno: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        bruno.texts("PRENDO")
        anna.reads("un collega")
        told = len(anna.texts_read())
        rig.clock.set(TONIGHT[0] - timedelta(hours=1))
        bruno.reads("Rispondi OK", within=45)
        bruno.texts("OK")
        bruno.reads("Confermato")
        for late in (0, 6, 9):
            rig.clock.set(TONIGHT[0] + timedelta(minutes=late))
            town.passes(45)
        assert len(anna.texts_read()) == told
        bruno.never_rang()
        anna.never_rang()


class TestWhereTwoNightsRunningAreForbidden:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Mapping[str, object]:
        strict = tmp_path / "strict"
        shutil.copytree(SHIPPED / "iglesias", strict)
        with (strict / "profile.toml").open("a", encoding="utf-8") as profile:
            profile.write('\n[[contract]]\nname = "volunteer"\nlevels = { R16 = "E" }\n')
        return {"sms_number": SMS_NUMBER, "profile": strict}

    def test_the_volunteer_hears_why_not_and_the_coordinator_may_still_decide_it(
        self, anna: Phone, ready: Ready, bruno: Phone, carla: Phone, command: Command, database: Database
    ) -> None:
        elio = ready("Elio", 6, (TONIGHT[0] + timedelta(days=1), TONIGHT[1] + timedelta(days=1)))
        found = command("substitutes", "--for", anna.number).splitlines()
        assert [line.split(":")[0] for line in found] == ["Bruno Prova", "Elio Prova"]
        assert "R16 2 nights running, 1 at most" in found[1]
        command("new", "--for", anna.number, "--ask", elio.number, "--by", anna.number)
        elio.reads("Cerchiamo")
        bruno.reads_nothing()
        elio.texts("PRENDO")
        assert elio.reads("Non puoi") == (
            "Non puoi prendere lun 23/11 22.00-6.00: non resta il riposo fra le notti. "
            "Lo diciamo a chi coordina."
        )
        assert carla.reads("Decidi") == (
            "Turno lun 23/11 22.00-6.00, volontari: un collega lo voleva, una regola lo impedisce. "
            "Decidi con hotline offers."
        )
        assert on_at(database, TONIGHT[0]) == ["Anna"]
        decide = ("decide", "1", "--to", elio.number, "--by", carla.number)
        assert "only a coordinator decides this" in command(
            "decide", "1", "--to", elio.number, "--by", elio.number, "--reason", "I want it"
        )
        done = command(*decide, "--reason", "nobody else is left")
        assert "Offer 1 is given to Elio Prova." in done
        assert "R16 2026" in done
        elio.reads("assegnato a te")
        anna.reads("ora è di un collega")
        assert on_at(database, TONIGHT[0]) == ["Elio"]


class TestByCall:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {}

    def test_those_who_cannot_be_texted_are_rung_one_after_the_other(
        self,
        anna: Phone,
        bruno: Phone,
        dora: Phone,
        carla: Phone,
        command: Command,
        town: Town,
        database: Database,
    ) -> None:
        carla.is_now(answers_and_presses("1"))
        command("new", "--for", anna.number, "--by", anna.number)
        bruno.answers(within=20)
        bruno.hears("Cerchiamo chi prende un turno, volontari: lunedì 23, dalle ore ventidue alle ore sei.")
        assert not dora.is_ringing()
        bruno.presses("2")
        bruno.hears("Va bene, grazie lo stesso.")
        bruno.hung_up()
        dora.answers(within=90)
        dora.hears("Premi uno se lo prendi tu")
        dora.presses("1")
        dora.hears("Grazie: il turno è tuo, lunedì 23, dalle ore ventidue alle ore sei. Puoi riagganciare.")
        anna.answers(within=90)
        anna.hears(
            "il turno che hai offerto, lunedì 23, dalle ore ventidue alle ore sei, ora è di un collega."
        )
        anna.presses("1")
        anna.hears("Segnato, grazie.")
        assert on_at(database, TONIGHT[0]) == ["Dora"]
        town.passes(180)
        assert (bruno.times_rung(), dora.times_rung(), anna.times_rung()) == (1, 1, 1)
