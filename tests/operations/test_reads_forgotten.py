"""How long is it known who read what?"""

from sqlalchemy import func, select

from hotline.audit.actions import note_access, note_change
from hotline.audit.jobs import forget_reads
from hotline.audit.store import newest_changes
from hotline.audit.tables import access_log
from hotline.clock import ManualClock
from hotline.database import Database

DAY = 24 * 3600


def reads(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(access_log)).scalar_one())


def test_a_read_is_known_for_two_years_and_a_change_for_as_long_as_the_rota(
    database: Database, clock: ManualClock
) -> None:
    with database.transaction() as tx:
        for number in range(450):
            note_access(tx, "carla", "read call", f"CA{number:032x}")
        note_change(tx, "carla", "rota 1 published", None, "version 1", "winter")
    clock.advance(730 * DAY)
    with database.transaction() as tx:
        note_access(tx, "carla", "read call", "CA" + "f" * 32)
    forget_reads(database)
    assert reads(database) == 451
    clock.advance(2 * DAY)
    forget_reads(database)
    assert reads(database) == 1
    with database.reading() as tx:
        assert [one.why for one in newest_changes(tx, 9)] == ["winter"]
