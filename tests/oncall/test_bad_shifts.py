"""What of a file of shifts is refused, by line and reason, and how is each row mended?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.clock import ManualClock
from hotline.database import Database, Transaction
from hotline.errors import BadInput
from hotline.oncall.actions import import_shifts
from hotline.oncall.files import store
from hotline.oncall.files.actions import import_file, settle
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty
from hotline.oncall.tables import shifts
from hotline.people.actions import import_people

PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
"""
ROME = ZoneInfo("Europe/Rome")
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


def test_nobody_is_scheduled_whose_phone_may_not_be_rung(rota: Database) -> None:
    row = HEAD + f"{ANNA},2026-11-22 18:00,2026-11-22 22:00\n"
    with pytest.raises(BadInput, match="line 2: phone: not in the countries that we ring"):
        import_file(rota, row, ROME, "IT", "shifts.csv", "Carla", countries=("SM",))
    assert rows(rota) == 0
    assert str(import_file(rota, row, ROME, "IT", "shifts.csv", "Carla")).startswith("1 added")


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


# Files of any length


def whole_file(database: Database, *rows: str) -> str:
    return str(import_file(database, HEAD + "\n".join(rows) + "\n", ROME, "IT", "shifts.csv", "Carla"))


def nights(count: int) -> list[str]:
    first = datetime(2026, 12, 1, 19, tzinfo=UTC)
    begins = [first + timedelta(days=day) for day in range(count)]
    return [f"{ANNA},{at.isoformat()},{(at + timedelta(hours=12)).isoformat()}" for at in begins]


def test_a_long_file_counts_all_at_once_or_not_at_all(
    rota: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks: list[int] = []
    add_rows = store.add_rows

    def adding(tx: Transaction, number: int, added: list[Shift]) -> None:
        chunks.append(len(added))
        if len(chunks) == 3:
            raise KeyboardInterrupt
        add_rows(tx, number, added)
        assert not on_duty(tx, datetime(2026, 12, 1, 20, tzinfo=UTC)), "half a file counts for nobody"

    monkeypatch.setattr(store, "add_rows", adding)
    with pytest.raises(KeyboardInterrupt):
        whole_file(rota, *nights(700))
    assert whole_file(rota, *nights(700)) == "700 added, 0 changed, 0 unchanged"
    assert whole_file(rota, *nights(700)) == "0 added, 0 changed, 700 unchanged"
    with rota.reading() as tx:
        assert len(on_duty(tx, datetime(2026, 12, 1, 20, tzinfo=UTC))) == 1
        assert len(on_duty(tx, datetime(2028, 10, 29, 20, tzinfo=UTC))) == 1


def test_what_a_file_has_left_that_was_cut_short_is_swept(
    rota: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(store, "finish", _dies)
        with pytest.raises(KeyboardInterrupt):
            whole_file(rota, *nights(300))
    settle(rota)
    assert rows(rota) == 300
    clock.advance(2 * 3600)
    settle(rota)
    assert rows(rota) == 0


def test_a_finished_file_counts_though_its_settling_was_cut_short(
    rota: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(store, "settle", _dies)
        with pytest.raises(KeyboardInterrupt):
            whole_file(rota, *nights(300))
    with rota.reading() as tx:
        assert len(on_duty(tx, datetime(2026, 12, 5, 20, tzinfo=UTC))) == 1
    settle(rota)
    with rota.reading() as tx:
        assert {row.version for row in tx.execute(shifts.select())} == {0}
    assert rows(rota) == 300


def rows(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(shifts.select()).all())


def _dies(*_: object) -> bool:
    raise KeyboardInterrupt
