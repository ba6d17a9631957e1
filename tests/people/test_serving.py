"""Terms, absences and wishes come from files, all or none; STOP stays; every change is written down."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.audit.store import newest_changes
from hotline.database import Database
from hotline.errors import BadInput
from hotline.people.actions import import_people
from hotline.people.away import read_absences, read_days, read_wishes
from hotline.people.person import Person
from hotline.people.serving.actions import import_absences, import_wishes
from hotline.people.serving.store import absences_between, every_wish, terms_of
from hotline.people.store import everybody, person_by_phone, stop_texts
from hotline.people.terms import AbsenceKind, Contract, Qualification, Terms, ToldBy, Wishes
from hotline.people.wall_time import read_moment

ROME = ZoneInfo("Europe/Rome")
PEOPLE = """name,phone,role,languages,contract,qualifications,training_until,started_on,told_by
Anna,3400000001,volunteer,it;en,,violence;woman,2027-06-30,2026-01-15,call
Lucia,3400000003,social_worker,it,municipal,minors,,,
"""
PLAIN = "name,phone,role,languages\nAnna,3400000001,volunteer,it;en\nLucia,3400000003,social_worker,it\n"
ABSENCES = """phone,starts_at,ends_at,kind
3400000001,2026-12-24,2026-12-26,leave
3400000003,2026-12-01 08:00,2026-12-01T20:00+01:00,sickness
"""


def imported(database: Database, csv_text: str = PEOPLE) -> str:
    with database.transaction() as tx:
        return str(import_people(tx, csv_text, source="people.csv", by="Carla"))


def terms(database: Database, name: str) -> Terms:
    with database.reading() as tx:
        people = everybody(tx)
        return terms_of(tx, people)[next(one.id for one in people if one.name == name)]


def away(database: Database, csv_text: str) -> str:
    with database.transaction() as tx:
        return str(import_absences(tx, csv_text, ROME, source="absences.csv"))


def test_a_file_says_on_what_terms_somebody_serves(database: Database) -> None:
    assert imported(database) == "2 added, 0 changed, 0 unchanged"
    anna, lucia = terms(database, "Anna"), terms(database, "Lucia")
    assert anna.contract == Contract.VOLUNTEER
    assert anna.qualifications == {Qualification.VIOLENCE, Qualification.WOMAN}
    assert (anna.training_until, anna.started_on) == (date(2027, 6, 30), date(2026, 1, 15))
    assert (anna.told_by, lucia.told_by) == (ToldBy.CALL, ToldBy.TEXT)
    assert (lucia.contract, lucia.qualifications) == (Contract.MUNICIPAL, {Qualification.MINORS})


def test_the_same_file_twice_changes_nothing_and_one_without_terms_keeps_them(database: Database) -> None:
    imported(database)
    before = terms(database, "Anna")
    assert imported(database) == "0 added, 0 changed, 2 unchanged"
    assert imported(database, PLAIN) == "0 added, 0 changed, 2 unchanged"
    assert terms(database, "Anna") == before


def test_an_import_neither_lifts_a_stop_nor_calls_it_a_change(database: Database) -> None:
    imported(database)
    with database.transaction() as tx:
        stop_texts(tx, next(one.id for one in everybody(tx) if one.name == "Anna"))
    assert imported(database) == "0 added, 0 changed, 2 unchanged"
    assert imported(database, PEOPLE.replace("Anna", "Anna Maria")) == "0 added, 1 changed, 1 unchanged"
    with database.reading() as tx:
        anna = person_by_phone(tx, "+393400000001")
        assert anna is not None
        assert (anna.name, anna.takes_texts) == ("Anna Maria", False)


def test_every_change_says_who_when_before_after_and_why(database: Database) -> None:
    imported(database)
    imported(database, PEOPLE.replace("municipal", "cooperative"))
    with database.reading() as tx:
        changed, *added = newest_changes(tx, 10, "person")
        now = tx.now
        stored = repr(tx.connection.exec_driver_sql("SELECT * FROM changes").all())
    assert (changed.who, changed.at, changed.why) == ("Carla", now, "import of people.csv")
    assert "municipal" in (changed.before or "")
    assert "cooperative" in (changed.after or "")
    assert [one.before for one in added] == [None, None]
    assert "Lucia" not in stored
    assert "people.csv" not in stored


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Anna,3400000001,volunteer,it,slave,,,,", "contract: 'slave' is not one of volunteer, cooperative"),
        ("Anna,3400000001,volunteer,it,,juggling,,,", "qualifications: 'juggling' is not one of minors"),
        ("Anna,3400000001,volunteer,it,,,30/06/2027,,", "training_until: '30/06/2027' is not a day"),
        ("Anna,3400000001,volunteer,it,,,,2027-02-30,", "started_on: '2027-02-30' is not a day"),
        ("Anna,3400000001,volunteer,it,,,,,pigeon", "told_by: 'pigeon' is not one of text, call"),
    ],
)
def test_a_term_that_is_not_understood_is_named(database: Database, row: str, reason: str) -> None:
    with pytest.raises(BadInput, match="line 2") as refusal:
        imported(database, PEOPLE.splitlines()[0] + "\n" + row)
    assert reason in str(refusal.value)
    with database.reading() as tx:
        assert everybody(tx) == ()


def test_absences_are_kept_once_and_their_last_day_is_included(database: Database) -> None:
    imported(database)
    assert away(database, ABSENCES) == "2 added, 0 changed, 0 unchanged"
    assert away(database, ABSENCES) == "0 added, 0 changed, 2 unchanged"
    assert away(database, ABSENCES.replace("leave", "other")) == "0 added, 1 changed, 1 unchanged"
    with database.reading() as tx:
        christmas = datetime(2026, 12, 26, 22, 59, tzinfo=UTC)
        (anna,) = absences_between(tx, christmas, christmas.replace(day=27))
        assert (anna.starts_at.isoformat(), anna.ends_at.isoformat()) == (
            "2026-12-23T23:00:00+00:00",
            "2026-12-26T23:00:00+00:00",
        )
        assert anna.kind == AbsenceKind.OTHER
        assert absences_between(tx, anna.ends_at, anna.ends_at.replace(month=12, day=31)) == ()
        assert "sickness" not in repr(tx.connection.exec_driver_sql("SELECT * FROM absences").all())


def test_bad_absences_are_named_by_line_and_reason_and_nothing_is_stored(database: Database) -> None:
    imported(database)
    bad = ABSENCES + (
        "3400000009,2026-12-24,2026-12-26,leave\n"
        "3400000001,2027-03-28 02:30,2027-03-28 08:00,leave\n"
        "3400000001,2027-10-31 02:30,2027-10-31 08:00,leave\n"
        "3400000001,2027-05-02,2027-05-01 08:00,leave\n"
        "3400000001,2027-05-01,soon,leave\n"
        "3400000001,2027-05-01,2027-05-02,holiday\n"
        "3400000001,2026-12-26 20:00,2026-12-27 20:00,leave\n"
    )
    with pytest.raises(BadInput) as refusal:
        away(database, bad)
    rows = dict(row.strip().split(": ", 1) for row in str(refusal.value).splitlines()[1:])
    assert list(rows) == [f"line {line}" for line in range(4, 11)]
    assert "nobody has •••009" in rows["line 4"]
    assert "2027-03-28 02:30 does not exist" in rows["line 5"]
    assert (
        "happens twice that night; write 2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00" in rows["line 6"]
    )
    assert "ends_at: not after starts_at" in rows["line 7"]
    assert "'soon' is not a moment" in rows["line 8"]
    assert "'holiday' is not one of leave, sickness, other" in rows["line 9"]
    assert "overlaps line 2" in rows["line 10"]
    with database.reading() as tx:
        assert absences_between(tx, datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)) == ()


def test_wishes_are_kept_once_and_change_their_mind(database: Database) -> None:
    imported(database)
    file = (
        "phone,days,starts,ends,wish\n"
        "3400000001,ven-dom,20:00,08:00,impossible\n"
        "3400000003,all,08:00,24:00,preferred\n"
    )
    with database.transaction() as tx:
        assert str(import_wishes(tx, file)) == "2 added, 0 changed, 0 unchanged"
        assert str(import_wishes(tx, file)) == "0 added, 0 changed, 2 unchanged"
        assert (
            str(import_wishes(tx, file.replace("impossible", "preferred")))
            == "0 added, 1 changed, 1 unchanged"
        )
        assert {(len(wish.days), wish.wish) for wish in every_wish(tx)} == {
            (3, Wishes.PREFERRED),
            (7, Wishes.PREFERRED),
        }


def test_a_wish_and_its_opposite_are_not_both_kept() -> None:
    anna = Person("anna", "Anna", "+393400000001", "volunteer", ("it",), last_resort=False)
    file = (
        "phone,days,starts,ends,wish\n"
        "3400000001,sat,20:00,08:00,impossible\n"
        "3400000001,sab,20:00,08:00,preferred\n"
    )
    with pytest.raises(BadInput, match="line 3: says the opposite of line 2"):
        read_wishes(file, [anna])
    with pytest.raises(BadInput, match="days: 'sabato' is not a day"):
        read_wishes(file.replace("sat", "sabato"), [anna])


@pytest.mark.timeout(180)
def test_one_bad_row_among_a_hundred_thousand_is_named_by_its_line() -> None:
    anna = Person("anna", "Anna", "+393400000001", "volunteer", ("it",), last_resort=False)
    days = (date(2027, 1, 1) + timedelta(days=number) for number in range(100_000))
    rows = [f"+393400000001,{day},{day},other" for day in days][:99_999]
    file = "\n".join(
        ["phone,starts_at,ends_at,kind", *rows, "+393400000001,2027-01-01,2027-01-01 03:20,other"]
    )
    with pytest.raises(BadInput, match="a bad row") as refusal:
        read_absences(file, [anna], ROME)
    assert f"line {len(rows) + 2}: overlaps line 2" in str(refusal.value)
    assert len(rows) == 99_999


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_refused(written: str) -> None:
    with suppress(BadInput):
        assert read_moment(written, ROME).tzinfo is UTC


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 23), st.integers(0, 59))
def test_a_local_time_is_one_moment_or_none(day: date, hour: int, minute: int) -> None:
    written = f"{day} {hour:02}:{minute:02}"
    with suppress(BadInput):
        assert f"{read_moment(written, ROME).astimezone(ROME):%Y-%m-%d %H:%M}" == written


def test_days_are_understood_in_two_languages() -> None:
    assert read_days("lun;mer") == read_days("mon,wed") == {0, 2}
