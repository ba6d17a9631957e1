"""A call was answered: is its form of first contact written, who owes it, and who says so?"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hotline.audit.store import newest_changes
from hotline.audit.tables import access_log
from hotline.calls import store as calls
from hotline.calls.forms.actions import missing_forms
from hotline.calls.forms.tables import forms
from hotline.calls.journal import ANSWERED, LEFT, RANG, Entry
from hotline.calls.recovery import import_journal
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.people import store as people
from hotline.simulator.phones import Phone, Town
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire
from tests.stories.test_call_back import taken_by
from tests.stories.test_follow_ups import promised
from tests.stories.test_room import meet, meet_with_the_social_worker
from tests.stories.test_room_menu import open_menu
from tests.stories.test_texts import SMS_NUMBER, kept

RUN = CliRunner()
NOTED = "Segnato: è scritta la scheda della chiamata delle {} di dom 22/11. Schede che ti mancano ancora: {}."
NONE = "Non ti risulta nessuna scheda da scrivere. Grazie."
Owing = Callable[[], list[str | None]]


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def owing(database: Database) -> Owing:
    """Read who owes a form now, by first name, the oldest call first."""

    def read() -> list[str | None]:
        with database.reading() as tx:
            names = {one.id: one.name.split()[0] for one in people.everybody(tx)}
            return [names.get(one.owed_by or "") for one in missing_forms(tx, tx.now)]

    return read


def answered(caller: Phone, who: Phone, town: Town) -> None:
    """Let somebody answer, talk, and hang up after the caller."""
    meet(caller, who)
    town.passes(30)
    caller.hangs_up()
    who.hears("La telefonata è finita", within=20)
    who.hangs_up()


def id_of(database: Database, phone: Phone) -> str:
    with database.reading() as tx:
        person = people.person_by_phone(tx, phone.number)
    assert person is not None
    return person.id


# By text


def test_whoever_answered_texts_one_word_when_the_form_is_written(
    caller: Phone, anna: Phone, carla: Phone, lucia: Phone, town: Town, database: Database, owing: Owing
) -> None:
    meet(caller, anna)
    assert owing() == []
    caller.hangs_up()
    anna.hears("La telefonata è finita", within=20)
    assert owing() == ["Anna"]
    anna.hangs_up()
    anna.texts("Scheda")
    assert anna.reads("scheda") == NOTED.format("3.00", 0)
    assert owing() == []
    with database.reading() as tx:
        (noted,) = newest_changes(tx, 5, "form")
        sid = calls.recent_calls(tx, 1)[0].sid
    assert (noted.who, noted.what) == (id_of(database, anna), f"form {sid}")
    assert (noted.before, noted.after, noted.why) == ("missing", "written", "texted it")
    anna.texts("SCHEDA")
    assert anna.reads("risulta") == NONE
    # Nobody is disturbed by it.
    carla.reads_nothing()
    lucia.never_rang()
    assert not kept(database)


def test_the_latest_call_first_and_how_many_are_missing_still(
    caller: Phone, anna: Phone, town: Town, owing: Owing
) -> None:
    answered(caller, anna, town)
    town.passes(20 * 60)
    answered(town.phone("Other", "+393400000098"), anna, town)
    assert owing() == ["Anna", "Anna"]
    anna.texts("scheda fatta")
    assert anna.reads("scheda") == NOTED.format("3.20", 1)
    anna.texts("scheda")
    assert anna.reads("delle 3.00") == NOTED.format("3.00", 0)
    assert owing() == []


def test_a_colleague_notes_nothing_of_hers(
    caller: Phone, anna: Phone, dora: Phone, town: Town, owing: Owing
) -> None:
    answered(caller, anna, town)
    dora.texts("SCHEDA")
    assert dora.reads("scheda") == NONE
    assert owing() == ["Anna"]


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer who is at home."""
    return hire("Dora", 5, "volunteer", shift=None)


# Who owes it


def test_whoever_took_the_call_over_owes_the_form(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, town: Town, owing: Owing
) -> None:
    meet(caller, anna)
    town.passes(120)
    open_menu(anna, caller)
    anna.presses("2")
    bruno.answers(within=10)
    bruno.presses("1")
    caller.talks_with(anna, bruno)
    anna.hangs_up()
    caller.talks_with(bruno, within=10)
    caller.hangs_up()
    town.passes(5)
    assert owing() == ["Bruno"]


def test_where_a_colleague_joined_whoever_answered_owes_it(
    caller: Phone, anna: Phone, lucia: Phone, town: Town, owing: Owing
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    lucia.presses("*")
    lucia.hears("uno assistente sociale", within=5)
    # The next room begins for both at the same moment.
    lucia.presses("3")
    anna.presses("3")
    caller.talks_with(anna, lucia, within=10)
    caller.hangs_up()
    town.passes(5)
    assert owing() == ["Anna"]


def test_whoever_called_back_owes_it(caller: Phone, town: Town, lucia: Phone, owing: Owing) -> None:
    promised(caller, town)
    taken_by(lucia)
    caller.answers(within=10)
    caller.talks_with(lucia)
    town.passes(90)
    assert owing() == []
    caller.hangs_up()
    lucia.hears("uno se avete parlato")
    lucia.presses("1")
    lucia.hears("Segnato, grazie")
    lucia.hung_up()
    assert owing() == ["Lucia"]


def test_who_answered_while_the_database_was_away_is_not_known(
    anna: Phone, rig: Rig, database: Database, owing: Owing
) -> None:
    at = (NIGHT_IN_NOVEMBER - timedelta(minutes=9)).isoformat()
    for what in (RANG, ANSWERED, LEFT):
        rig.service.door.journal.note(Entry(at, "CAaway", "+393400000099", what))
    import_journal(rig.service.board, database, rig.service.door.journal)
    assert owing() == [None]


# What needs none


def test_a_lost_call_needs_none(caller: Phone, anna: Phone, town: Town, owing: Owing) -> None:
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(20)
    assert owing() == []


def test_one_of_ours_at_the_staff_door_is_no_caller(
    anna: Phone, bruno: Phone, town: Town, database: Database, owing: Owing
) -> None:
    comes_in(with_pin(anna, database))
    anna.hears("Sei di turno")
    anna.hangs_up()
    assert owing() == []


def test_a_prank_needs_none_for_its_key_has_said_all(
    caller: Phone, anna: Phone, town: Town, owing: Owing
) -> None:
    meet(caller, anna)
    caller.hangs_up()
    anna.hears("quattro muta, errore o scherzo", within=20)
    assert owing() == ["Anna"]
    anna.presses("4")
    anna.hears("Segnato")
    assert owing() == []


def test_an_offensive_call_needs_none(caller: Phone, anna: Phone, town: Town, owing: Owing) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("9")
    anna.hears("Premi ancora nove", within=5)
    anna.presses("1")
    caller.hears("Chiudiamo questa telefonata", within=20)
    town.passes(30)
    assert owing() == []


# For how long, and with what it goes


@pytest.mark.parametrize(("days", "missing"), [(14, 1), (15, 0)])
def test_a_form_is_asked_for_during_fourteen_days(
    caller: Phone, anna: Phone, town: Town, clock: ManualClock, owing: Owing, days: int, missing: int
) -> None:
    answered(caller, anna, town)
    clock.set(NIGHT_IN_NOVEMBER + timedelta(days=days))
    assert len(owing()) == missing


def test_a_form_goes_with_its_call(caller: Phone, anna: Phone, town: Town, database: Database) -> None:
    answered(caller, anna, town)
    anna.texts("SCHEDA")
    anna.reads("Segnato")
    with database.transaction() as tx:
        assert len(tx.execute(select(forms)).all()) == 1
        calls.delete_call(tx, calls.recent_calls(tx, 1)[0].id)
        assert tx.execute(select(forms)).all() == []


# At the terminal


@pytest.mark.usefixtures("at_the_terminal")
def test_at_the_terminal_a_form_is_missing_then_written_and_both_are_written_down(
    caller: Phone, anna: Phone, carla: Phone, town: Town, database: Database, starts_at: datetime
) -> None:
    assert RUN.invoke(app, ["forms", "list"]).output == "No form is missing.\n"
    assert json.loads(RUN.invoke(app, ["forms", "list", "--json"]).output) == []
    answered(caller, anna, town)
    with database.reading() as tx:
        sid = calls.recent_calls(tx, 1)[0].sid
    at = starts_at.isoformat(timespec="minutes")
    assert RUN.invoke(app, ["forms", "list"]).output == f"{at}  Anna Prova  {sid}\n"
    assert json.loads(RUN.invoke(app, ["forms", "list", "--json"]).output) == [
        {"call": sid, "at": at, "name": "Anna Prova"}
    ]
    done = RUN.invoke(app, ["forms", "done", sid, "--by", carla.number])
    assert (done.exit_code, done.output) == (0, "Noted: the form of this call is written.\n")
    assert RUN.invoke(app, ["forms", "list"]).output == "No form is missing.\n"
    with database.reading() as tx:
        (noted,) = newest_changes(tx, 5, "form")
        read = [(row.who, row.action) for row in tx.execute(select(access_log))]
    assert (noted.who, noted.why) == (id_of(database, carla), "said at the terminal")
    assert ("terminal user carla", "list forms") in read
    assert ("terminal user carla", "note form") in read
    again = RUN.invoke(app, ["forms", "done", sid, "--by", carla.number])
    assert "the form of this call was noted before" in str(again.exception)


@pytest.mark.usefixtures("at_the_terminal")
def test_what_cannot_be_noted_is_said_in_one_sentence(
    caller: Phone, anna: Phone, town: Town, database: Database
) -> None:
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(20)
    with database.reading() as tx:
        lost = calls.recent_calls(tx, 1)[0].sid
    for sid, phone, said in (
        ("CAnone", anna.number, "CAnone: no call has this SID"),
        (lost, anna.number, "nobody of ours spoke in this call"),
        (lost, "3400000044", "--by: nobody of ours has this phone"),
    ):
        assert said in str(RUN.invoke(app, ["forms", "done", sid, "--by", phone]).exception)
