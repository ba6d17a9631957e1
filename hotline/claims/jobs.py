"""What is forgotten of the clock's work? That a slot long past was done."""

from datetime import timedelta

from hotline.claims import store
from hotline.database import Database

_KEPT = timedelta(days=90)


def forget_claims(database: Database) -> None:
    """Forget claims of slots so old that nothing could do them again."""
    with database.transaction() as tx:
        store.forget(tx, tx.now - _KEPT)
