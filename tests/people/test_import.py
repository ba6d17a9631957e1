"""People come from a CSV file, all or none, however a spreadsheet wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.people.actions import import_people, set_active
from hotline.people.csv_rows import decode_csv
from hotline.people.person import Person
from hotline.people.roster import read_roster
from hotline.people.store import everybody, people_by_ids, person_by_phone
from hotline.secrets import Keyring

ROTA = """name,phone,role,languages
Anna,340 0000001,volunteer,it;en
Bruno,+39 340 0000002,volunteer,it
Lucia,+39 340 0000003,social_worker,it;fr
Carla,+39 340 0000004,coordinator,it
"""


def names(database: Database) -> list[str]:
    with database.reading() as tx:
        return [person.name for person in everybody(tx)]


def person(database: Database, phone: str) -> Person:
    with database.reading() as tx:
        found = person_by_phone(tx, phone)
    assert found is not None
    return found


def imported(database: Database, csv_text: str) -> str:
    with database.transaction() as tx:
        return str(import_people(tx, csv_text, source="people.csv"))


def refused(csv_text: str) -> str:
    with pytest.raises(BadInput) as refusal:
        read_roster(csv_text, source="people.csv")
    return str(refusal.value)


def test_people_of_a_file_can_be_found_by_their_phone(database: Database) -> None:
    assert imported(database, ROTA) == "4 added, 0 changed, 0 unchanged"
    anna = person(database, "+393400000001")
    assert (anna.name, anna.role, anna.languages) == ("Anna", "volunteer", ("it", "en"))
    assert names(database) == ["Anna", "Bruno", "Carla", "Lucia"]


def test_coordinators_are_the_last_resort_unless_they_say_no(database: Database) -> None:
    imported(
        database,
        "name,phone,role,languages,last_resort\n"
        "Carla,3400000004,coordinator,it,\n"
        "Dario,3400000005,coordinator,it,no\n"
        "Elena,3400000006,volunteer,it,yes\n"
        "Fabio,3400000007,volunteer,it,\n",
    )
    with database.reading() as tx:
        assert [one.name for one in people_by_ids(tx, [], and_last_resort=True)] == ["Carla", "Elena"]


def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    imported(database, ROTA)
    before = person(database, "+393400000001")
    assert imported(database, ROTA) == "0 added, 0 changed, 4 unchanged"
    assert person(database, "+393400000001") == before


def test_a_changed_row_changes_the_person_and_who_is_not_in_the_file_stays(database: Database) -> None:
    imported(database, ROTA)
    before = person(database, "+393400000001")
    file = "name,phone,role,languages\nAnna Maria,+393400000001,volunteer,it;en;ro\n"
    assert imported(database, file) == "0 added, 1 changed, 0 unchanged"
    after = person(database, "+393400000001")
    assert (after.id, after.name, after.languages) == (before.id, "Anna Maria", ("it", "en", "ro"))
    assert len(names(database)) == 4


def test_every_bad_row_is_named_by_line_and_reason_and_nothing_is_stored(database: Database) -> None:
    bad = ROTA + (
        "Dario,112,volunteer,it\n"
        "Elena,+39 340 0000006,boss,it\n"
        "Fabio,899 123456,volunteer,it\n"
        ",+39 340 0000008,volunteer,\n"
        "Anna again,0039 340 0000001,volunteer,it\n"
    )
    with pytest.raises(BadInput) as refusal:
        imported(database, bad)
    first, *rows = str(refusal.value).splitlines()
    assert first == "people.csv: 5 bad rows, nothing was imported; mend and import again"
    assert [row.split(":")[0].strip() for row in rows] == ["line 6", "line 7", "line 8", "line 9", "line 10"]
    assert "emergency" in rows[0]
    assert "'boss' is not one of volunteer, social_worker, coordinator" in rows[1]
    assert "premium" in rows[2]
    assert "name:" in rows[3]
    assert "languages:" in rows[3]
    assert "the same phone as line 2" in rows[4]
    assert names(database) == []


@pytest.mark.parametrize(
    "written",
    [
        "\ufeff" + ROTA,
        ROTA.replace("\n", "\r\n"),
        ROTA.replace("it;en", "it/en").replace("it;fr", "it fr").replace(",", ";"),
        ROTA.replace("it;en", '"it;en"').replace("it;fr", '"it;fr"').replace(",", ";"),
        "\n\n" + ROTA.replace("\n", "\n\n") + ",,,\n",
        ROTA.replace("name,phone,role", "Name , PHONE,Role").replace("volunteer", "Volunteer"),
        ROTA.rstrip("\n"),
    ],
    ids=["BOM", "CRLF", "semicolons", "quoted semicolons", "blank lines", "capitals", "no last newline"],
)
def test_a_file_means_the_same_however_a_spreadsheet_wrote_it(written: str) -> None:
    assert read_roster(written) == read_roster(ROTA)


@pytest.mark.parametrize(
    ("csv_text", "reason"),
    [
        ("", "is empty; its first line must be name,phone,role,languages"),
        ("Anna,3400000001,volunteer,it\n", "line 1: the first line must name the columns"),
        ("name,phone,role\n", "line 1: the first line must name the columns"),
        ("name,phone,role,languages,shoe\n", "line 1: the first line must name the columns"),
        (ROTA + 'Dario,"340\n', "line 6: cannot be read as CSV"),
        (ROTA + "Dario,3400000005,volunteer,it,en\n", "line 6: has 5 cells for 4 columns"),
        (ROTA + "Dario,3400000005\n", "line 6: role:"),
        (ROTA + "Dario,3400000005,volunteer,italiano\n", "line 6: languages: 'italiano' is not understood"),
        (ROTA + "D\x00rio,3400000005,volunteer,it\n", "line 6: name:"),
        (ROTA + f"{'D' * 81},3400000005,volunteer,it\n", "line 6: name: must have 1 to 80 letters"),
        ("name,phone,role,languages,last_resort\nAnna,3400000001,volunteer,it,maybe\n", "must be yes or no"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_its_line(csv_text: str, reason: str) -> None:
    assert reason in refused(csv_text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(csv_text: str) -> None:
    for candidate in (csv_text, "name,phone,role,languages\n" + csv_text):
        try:
            rows = read_roster(candidate)
        except BadInput:
            continue
        assert all(row.name and row.phone.startswith("+") for row in rows)


def test_a_file_that_is_not_utf_8_says_on_which_line() -> None:
    with pytest.raises(BadInput, match=r"people.csv: line 2 is not UTF-8; save the file as CSV UTF-8"):
        decode_csv("name\nNicolò\n".encode("cp1252"), "people.csv")


def test_neither_names_nor_phones_can_be_read_in_the_database(database: Database) -> None:
    imported(database, ROTA)
    with database.reading() as tx:
        stored = repr(tx.execute(text("SELECT * FROM people")).all())
    assert "Anna" not in stored
    assert "3400000001" not in stored
    assert "340 0000001" not in stored


def test_people_are_still_known_by_their_phone_after_the_key_is_rotated(
    database: Database, clock: ManualClock
) -> None:
    imported(database, ROTA)
    rotated = Database(
        database.url.render_as_string(hide_password=False),
        Keyring.from_text(f"{'b2' * 32},{'a1' * 32}"),
        clock,
    )
    try:
        assert person(rotated, "+393400000001").name == "Anna"
        assert imported(rotated, ROTA) == "0 added, 0 changed, 4 unchanged"
    finally:
        rotated.dispose()


def test_somebody_who_has_left_is_kept_but_no_longer_active_until_imported_again(database: Database) -> None:
    imported(database, ROTA)
    with database.transaction() as tx:
        set_active(tx, "340 0000001", active=False)
    assert not person(database, "+393400000001").active
    assert imported(database, ROTA) == "0 added, 1 changed, 3 unchanged"
    assert person(database, "+393400000001").active
