"""Can a number that nobody may dial slip out? Refused where it enters, and again at the very last door."""

import pytest
from sqlalchemy import update

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.errors import BadInput
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.people.tables import people

EMERGENCY = ["112", "113", "114", "115", "116117", "116000", "117", "118", "1522"]
EMERGENCY_IN_FULL = ["+39112", "+39118", "+391522", "+39116117", "0039112"]
SHORT = ["1", "12345", "4040", "+3912345"]
PREMIUM = ["+39144000000", "+39166000000", "+39178000000", "+39199000000", "+39892000", "+39899000000"]
FOREIGN = ["+41440000000", "+12025550100", "+8821600000000"]
NONSENSE = ["", "+", "anonymous", "+393400000001,112", "sip:a@b", "+39 340 0000001", "+0000000000"]
OUR_OWN = ["+39078133000"]
NEVER = [*EMERGENCY, *EMERGENCY_IN_FULL, *SHORT, *PREMIUM, *FOREIGN, *NONSENSE, *OUR_OWN]
ANSWER, STATUS = "https://hotline.example.org/twilio/responder", "https://hotline.example.org/twilio/status"
NIGHT = "volunteer,2026-11-21T20:00+01:00,2026-11-22T08:00+01:00"


@pytest.mark.asks_nothing
@pytest.mark.parametrize("number", NEVER)
def test_the_line_itself_never_rings_it(rig: Rig, number: str) -> None:
    with pytest.raises(BadInput):
        rig.service.line.ring(number, ANSWER, STATUS, 30, duty=True)
    assert rig.exchange.desk.log == []


@pytest.mark.asks_nothing
@pytest.mark.parametrize("number", NEVER)
def test_the_line_itself_never_texts_it(rig: Rig, number: str) -> None:
    with pytest.raises(BadInput):
        rig.service.line.text(number, "x", STATUS, duty=True)
    assert rig.exchange.desk.log == []


def test_an_ordinary_number_is_rung(rig: Rig) -> None:
    rig.service.line.ring("+393400000001", ANSWER, STATUS, 30, duty=True)
    assert [record.status for record in rig.exchange.desk.log] == [201]


@pytest.mark.parametrize("number", ["112", "118", "1522", "899000000", "12345", "+39112"])
def test_it_cannot_be_imported(database: Database, number: str) -> None:
    with pytest.raises(BadInput), database.transaction() as tx:
        import_people(tx, f"name,phone,role,languages\nZita Prova,{number},volunteer,it\n")


def two_volunteers(database: Database) -> None:
    """Put Anna and Bruno on duty."""
    with database.transaction() as tx:
        import_people(
            tx,
            "name,phone,role,languages\n"
            "Anna Prova,+393400000001,volunteer,it\nBruno Prova,+393400000002,volunteer,it\n",
        )
        import_shifts(tx, f"phone,role,starts_at,ends_at\n+393400000001,{NIGHT}\n+393400000002,{NIGHT}\n")


@pytest.mark.parametrize("number", ["+39112", "112", "+39899000000", "+41440000000", *OUR_OWN])
def test_written_by_hand_into_the_database_it_is_still_never_rung(
    rig: Rig, database: Database, number: str
) -> None:
    two_volunteers(database)
    with database.transaction() as tx:
        tx.execute(update(people).values(phone=number))
    caller = rig.town.phone("Caller", "+393400000099")
    caller.dials()
    rig.town.passes(200)
    assert [record for record in rig.exchange.desk.log if record.operation == "create_call"] == []
    assert caller.is_on_the_line(), "the caller is not lost for that"
    caller.hangs_up()


def test_bad_times_find_no_number_of_the_line_itself_written_down(rig: Rig, database: Database) -> None:
    two_volunteers(database)
    with database.transaction() as tx:
        anna = people.c.phone_hash == tx.keyring.fingerprint("+393400000001")
        tx.execute(update(people).where(anna).values(phone=rig.line))
    next(job for job in rig.service.timetable.jobs if job.name == "write backstop").run()
    assert rig.service.door.backstop.numbers_at(rig.clock.now()) == ("+393400000002",)


@pytest.mark.parametrize("bad", ["+39112", *OUR_OWN])
def test_the_one_bad_number_keeps_nobody_else_from_being_rung(rig: Rig, database: Database, bad: str) -> None:
    two_volunteers(database)
    with database.transaction() as tx:
        anna = people.c.phone_hash == tx.keyring.fingerprint("+393400000001")
        tx.execute(update(people).where(anna).values(phone=bad))
    bruno = rig.town.phone("Bruno", "+393400000002")
    caller = rig.town.phone("Caller", "+393400000099")
    caller.dials()
    bruno.answers(within=40)
    bruno.presses("1")
    caller.talks_with(bruno)
    caller.hangs_up()
    rig.town.everybody_hung_up()
