"""What of a file of shifts is refused, by line and reason, and how is each row mended?"""

import pytest

from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.actions import import_shifts
from hotline.oncall.tables import shifts
from hotline.people.actions import import_people

PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
"""
HEAD = "phone,role,starts_at,ends_at\n"
ANNA, BRUNO = "3400000001,volunteer", "3400000002,volunteer"


@pytest.fixture
def rota(database: Database) -> Database:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    return database


def imported(database: Database, *rows: str) -> str:
    with database.transaction() as tx:
        return str(import_shifts(tx, HEAD + "\n".join(rows) + "\n", source="shifts.csv"))


def refused(database: Database, *rows: str) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        imported(database, *rows)
    with database.reading() as tx:
        kept = len(tx.execute(shifts.select()).all())
    assert kept == 0, "all or nothing"
    return [line.strip() for line in str(refusal.value).splitlines()[1:]]


def test_local_times_are_those_of_the_wall(rota: Database) -> None:
    assert imported(rota, f"{ANNA},2026-10-24 20:00,2026-10-25 08:00").startswith("1 added")
    with rota.reading() as tx:
        row = tx.execute(shifts.select()).one()
    assert (row.ends_at - row.starts_at).total_seconds() == 13 * 3600


def test_a_time_that_the_clocks_skip_or_show_twice_is_refused_and_says_what_to_write(rota: Database) -> None:
    assert refused(
        rota,
        f"{ANNA},2027-03-28 02:30,2027-03-28 08:00",
        f"{BRUNO},2026-10-25 02:30,2026-10-25 08:00",
    ) == [
        "line 2: starts_at: 2027-03-28 02:30 does not exist: that night the clocks skip it; write another",
        (
            "line 3: starts_at: 2026-10-25 02:30 happens twice that night; "
            "write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"
        ),
    ]
    assert imported(rota, f"{BRUNO},2026-10-25T02:30+01:00,2026-10-25 08:00").startswith("1 added")


def test_rows_of_one_person_that_overlap_are_refused_by_line_and_touching_is_fine(rota: Database) -> None:
    evening, night = f"{ANNA},2026-11-22 18:00,2026-11-22 22:00", f"{ANNA},2026-11-22 21:00,2026-11-23 08:00"
    assert refused(rota, evening, f"{BRUNO},2026-11-22 18:00,2026-11-22 22:00", night) == [
        "line 4: overlaps line 2: the same person; make one of the two"
    ]
    touching = f"{ANNA},2026-11-22 22:00,2026-11-23 08:00"
    assert imported(rota, evening, touching, evening).startswith("2 added")


def test_what_overlaps_a_stored_shift_is_refused_and_the_same_again_is_none(rota: Database) -> None:
    night = f"{ANNA},2026-11-22 20:00,2026-11-23 08:00"
    assert imported(rota, night).startswith("1 added")
    assert imported(rota, night) == "0 added, 0 changed, 1 unchanged"
    with pytest.raises(BadInput) as refusal:
        imported(
            rota, f"{BRUNO},2026-11-22 20:00,2026-11-23 08:00", f"{ANNA},2026-11-23 07:00,2026-11-23 09:00"
        )
    assert str(refusal.value).splitlines()[1:] == [
        (
            "  line 3: overlaps what this person has already: "
            "Sun 2026-11-22 20:00 - Mon 23 Nov 08:00 (12 h) volunteer; leave that out"
        )
    ]
    assert imported(rota, f"{ANNA},2026-11-23 08:00,2026-11-23 09:00").startswith("1 added")


def test_of_many_bad_rows_the_first_are_named_and_the_others_counted(rota: Database) -> None:
    lines = refused(rota, *[f"{ANNA},2026-11-22 20:00,2026-11-22 18:00"] * 2_000)
    assert len(lines) == 21
    assert lines[0].startswith("line 2: the shift ends before it starts")
    assert lines[-1] == "and 1980 more"
