"""What does the database leave behind when the service lets go of it?"""

import sqlite3

import psycopg
import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.secrets import Keyring


def test_a_turn_that_outlives_the_service_leaves_no_connection_open(
    database_url: str, keyring: Keyring, clock: ManualClock
) -> None:
    database = Database(database_url, keyring, clock)
    with database.transaction() as late_turn:
        raw = late_turn.connection.connection.driver_connection
        database.dispose()
    assert raw is not None
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError), match="closed"):
        raw.execute("SELECT 1")
