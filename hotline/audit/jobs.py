"""When is it forgotten who read what? After 24 months, in small steps."""

from datetime import timedelta

from hotline.audit.store import forget_reads_before
from hotline.clock import make_room
from hotline.database import Database

KEPT = timedelta(days=731)
"""Reads are kept for 24 months, at least six by Garante 27-11-2008; changes are kept like the rota."""

_AT_ONCE = 200


def forget_reads(database: Database) -> None:
    """Delete what is noted of reads older than 24 months; changes are the history of the rota, and stay."""
    before, found = database.clock.now() - KEPT, _AT_ONCE
    while found == _AT_ONCE:
        make_room()
        with database.transaction() as tx:
            found = forget_reads_before(tx, before, _AT_ONCE)
