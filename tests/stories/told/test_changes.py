"""Whose shifts change when a rota is published: are they told, once, as they chose, and not at night?"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from hotline.calls.telling.changes import how_told, tell_changes
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.notifications.notice import Channel
from hotline.notifications.tables import notices
from hotline.oncall.news import store as news
from hotline.oncall.news.actions import tell_of_changes
from hotline.oncall.overrides.actions import call_off, consider, decide
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.actions import draft, publish
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.diff import PersonDiff
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.people.actions import import_people
from hotline.people.store import everybody, person_by_phone, stop_texts
from hotline.profile import load_profile
from hotline.simulator.phones import Phone, Town, asleep, manual, voicemail
from tests.stories.conftest import ROME, Hire
from tests.stories.told.monday import NOON

GROUND = Ground(load_profile(None))
TODAY = NOON.date()
TONIGHT = NOON.replace(hour=20), NOON.replace(hour=0) + timedelta(days=1)
BEFORE_EIGHT = datetime(2026, 11, 24, 7, 20, tzinfo=ROME)
Publish = Callable[..., None]


@pytest.fixture
def published(rig: Rig, database: Database, carla: Phone) -> Publish:
    """Publish a rota in which these take turns of a band, from a day on."""

    def done(*names: str, first: date = TODAY, band: tuple[time, time] = (time(20), time(0))) -> None:
        with database.transaction() as tx:
            ids = {person.name.split()[0]: person.id for person in everybody(tx)}
            evening = Band("sera", "volunteer", frozenset(range(7)), *band)
            order = tuple(ids[name] for name in names)
            rotation = Rotation("sera", order, Every.SHIFT, first)
            draft(tx, Rota(ROME, first, (evening,), (rotation,)), "Carla")
        publish(database, GROUND, carla.number, "the winter")

    return done


def put_on(database: Database, rig: Rig, off: str, on: str, when: tuple[datetime, datetime]) -> None:
    """Let the coordinator put somebody on instead of somebody else."""
    with database.transaction() as tx:
        people = {person.name.split()[0]: person for person in everybody(tx)}
        ids = (people[off].id, people[on].id)
        by = people["Carla"]
        wanted = Override(people[off].role, *ids, *when, Cause.REPLACE, by.id, "fever", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), by, [wanted]))


def calls_someone(database: Database, phone: Phone) -> None:
    """Let somebody choose to be told by calls."""
    with database.transaction() as tx:
        person = person_by_phone(tx, phone.number)
        assert person is not None
        file = f"name,phone,role,languages,told_by\n{person.name},{phone.number},{person.role},it,call\n"
        import_people(tx, file)


def test_each_is_told_once_how_many_and_which_is_the_next_and_nobody_is_named(
    anna: Phone, bruno: Phone, carla: Phone, published: Publish, town: Town
) -> None:
    published("Anna", "Bruno")
    assert anna.reads("cambiati", within=90) == (
        "I tuoi turni sono cambiati: 28 nuovi. Il prossimo: lun 23/11 20.00-0.00. "
        "Rispondi TURNO, o ascoltali tutti allo 0781 33000."
    )
    assert "mar 24/11 20.00-0.00" in bruno.reads("cambiati", within=90)
    town.passes(20 * 60)
    assert len(anna.texts_read()) == len(bruno.texts_read()) == 1
    carla.reads_nothing()
    for phone in (anna, bruno, carla):
        phone.never_rang()


def test_published_twice_is_told_once(anna: Phone, carla: Phone, published: Publish, town: Town) -> None:
    published("Anna")
    anna.reads("nuovi", within=90)
    published("Anna")
    town.passes(10 * 60)
    assert len(anna.texts_read()) == 1


def test_who_loses_every_shift_is_told_that_there_is_no_other(
    anna: Phone, bruno: Phone, published: Publish
) -> None:
    published("Anna")
    anna.reads("nuovi", within=90)
    published("Bruno")
    assert anna.reads("tolti", within=90) == (
        "I tuoi turni sono cambiati: 56 tolti. Adesso non ne hai altri in programma. "
        "Per parlarne chiama lo 0781 33000."
    )


def test_what_is_given_and_taken_back_before_anybody_was_told_is_not_told(
    anna: Phone, bruno: Phone, published: Publish, town: Town
) -> None:
    published("Anna", first=TODAY + timedelta(days=1))
    published("Bruno", first=TODAY + timedelta(days=1))
    assert "56 nuovi" in bruno.reads("cambiati", within=90) or "55 nuovi" in bruno.texts_read()[-1]
    town.passes(10 * 60)
    anna.reads_nothing()


def test_who_chose_calls_is_rung_until_a_key_is_pressed(
    anna: Phone, database: Database, published: Publish, town: Town
) -> None:
    calls_someone(database, anna)
    anna.is_now(voicemail())
    published("Anna")
    town.passes(20 * 60)
    assert anna.times_rung() == 1
    anna.is_now(manual)
    anna.answers(within=20 * 60)
    anna.hears("Pronto Intervento Sociale: nessuno aspetta in linea. I tuoi turni sono cambiati: 56 nuovi.")
    anna.hears("Il prossimo: lunedì 23, alle ore venti. Premi uno per confermare.")
    anna.presses("1")
    anna.hears("Segnato, grazie.")
    anna.hung_up()
    town.passes(40 * 60)
    assert anna.times_rung() == 2
    anna.reads_nothing()
    with database.reading() as tx:
        assert [(one.told_by, one.told_at is not None) for one in news.newest(tx, 9)] == [("call", True)]


def test_who_never_answers_is_rung_three_times(
    anna: Phone, database: Database, published: Publish, town: Town
) -> None:
    calls_someone(database, anna)
    anna.is_now(asleep)
    published("Anna")
    town.passes(110 * 60)
    assert anna.times_rung() == 3
    with database.reading() as tx:
        assert [one.told_at for one in news.untold(tx)] == [None]


def test_who_wrote_stop_is_told_by_a_call(anna: Phone, database: Database, published: Publish) -> None:
    with database.transaction() as tx:
        person = person_by_phone(tx, anna.number)
        assert person is not None
        stop_texts(tx, person.id)
    published("Anna")
    anna.answers(within=120)
    anna.hears("I tuoi turni sono cambiati")
    anna.presses("1")
    anna.reads_nothing()


def test_nobody_is_rung_about_the_rota_while_a_caller_waits(
    anna: Phone, hire: Hire, database: Database, published: Publish, caller: Phone, town: Town
) -> None:
    dora = hire("Dora", 5, "volunteer")
    calls_someone(database, dora)
    caller.dials()
    dora.rings(within=60)
    published("Dora")
    town.passes(70)
    dora.answers()
    dora.hears("una persona aspetta")
    dora.presses("1")
    caller.talks_with(dora)
    town.passes(90)
    caller.talks_with(dora)
    with database.reading() as tx:
        assert not tx.execute(select(notices.c.id)).all()
    caller.hangs_up()
    dora.hangs_up()
    dora.answers(within=180)
    dora.hears("I tuoi turni sono cambiati")
    dora.presses("1")


class TestAtNight:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return BEFORE_EIGHT

    def test_what_is_far_away_is_told_after_eight(self, anna: Phone, published: Publish, town: Town) -> None:
        published("Anna", first=BEFORE_EIGHT.date())
        town.passes(39 * 60)
        anna.reads_nothing()
        town.passes(3 * 60)
        assert "mar 24/11 20.00-0.00" in anna.reads("cambiati", within=90)

    def test_what_concerns_this_night_is_told_at_once(
        self, anna: Phone, bruno: Phone, published: Publish
    ) -> None:
        published("Anna", band=(time(20), time(8)))
        assert "I tuoi turni sono cambiati" in anna.reads("cambiati", within=90)

    def test_nobody_is_rung_at_night_to_hear_that_they_may_sleep(
        self, anna: Phone, database: Database, town: Town
    ) -> None:
        calls_someone(database, anna)
        night = (BEFORE_EIGHT - timedelta(hours=5), BEFORE_EIGHT + timedelta(hours=3))
        with database.transaction() as tx:
            person = person_by_phone(tx, anna.number)
            assert person is not None
            lost = Shift(person.id, "volunteer", *night)
            later = Shift(person.id, "volunteer", night[0] + timedelta(days=1), night[1] + timedelta(days=1))
            tell_of_changes(tx, [PersonDiff(person.id, (), (lost, later))])
        town.passes(39 * 60)
        anna.never_rang()
        anna.answers(within=180)
        anna.hears("2 tolti")
        anna.presses("1")

    def test_who_is_on_tonight_is_rung_tonight(
        self, anna: Phone, database: Database, published: Publish
    ) -> None:
        calls_someone(database, anna)
        published("Anna", band=(time(20), time(8)))
        anna.answers(within=120)
        anna.hears("I tuoi turni sono cambiati")
        anna.presses("1")


def test_who_stands_in_and_who_may_rest_are_told_and_told_again_when_it_is_called_off(
    rig: Rig, database: Database, anna: Phone, bruno: Phone, carla: Phone, published: Publish, town: Town
) -> None:
    published("Anna")
    anna.reads("56 nuovi", within=90)
    put_on(database, rig, "Anna", "Bruno", TONIGHT)
    assert bruno.reads("cambiati", within=90) == (
        "I tuoi turni sono cambiati: 1 nuovo. Il prossimo: lun 23/11 20.00-0.00. "
        "Rispondi TURNO, o ascoltali tutti allo 0781 33000."
    )
    assert "1 tolto. Il prossimo: mar 24/11" in anna.reads("tolto", within=90)
    with database.transaction() as tx:
        call_off(tx, [1], "Carla", "Anna can after all")
    assert "Adesso non ne hai altri in programma" in bruno.reads("1 tolto", within=90)
    assert "1 nuovo. Il prossimo: lun 23/11" in anna.reads("1 nuovo", within=90)
    carla.reads_nothing()
    for phone in (anna, bruno, carla):
        phone.never_rang()


def test_who_is_put_on_from_now_on_reads_of_the_shift_that_runs(
    rig: Rig, database: Database, hire: Hire, bruno: Phone, carla: Phone
) -> None:
    hire("Anna", 1, "volunteer")
    put_on(database, rig, "Anna", "Bruno", (NOON, NOON + timedelta(hours=6)))
    assert "1 nuovo. Sei di turno adesso, fino alle 18.00." in bruno.reads("cambiati", within=90)


def test_two_replicas_tell_once_and_one_that_is_killed_leaves_it_to_the_other(
    rig: Rig, database: Database, anna: Phone, published: Publish, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    published("Anna")
    board = rig.service.board
    with monkeypatch.context() as killed:
        killed.setattr("hotline.calls.telling.changes.reach", _dies)
        with pytest.raises(KeyboardInterrupt):
            tell_changes(board, database)
    tell_changes(board, database)
    tell_changes(board, database)
    town.passes(10 * 60)
    assert len(anna.texts_read()) == 1
    with database.reading() as tx:
        assert len(tx.execute(select(notices.c.id)).all()) == 1


def test_how_many_will_be_told_and_how_is_known_beforehand(
    rig: Rig, database: Database, anna: Phone, bruno: Phone
) -> None:
    calls_someone(database, bruno)
    with database.reading() as tx:
        ids = [person.id for person in everybody(tx)]
        assert how_told(rig.service.board, tx, ids) == {Channel.TEXT: 1, Channel.CALL: 1}


def _dies(*_: object) -> bool:
    raise KeyboardInterrupt
