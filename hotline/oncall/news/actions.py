"""How does whoever changes the rota see to it that people are told?"""

from collections.abc import Iterable

from hotline.database import Transaction
from hotline.oncall.news import store
from hotline.oncall.rota.diff import PersonDiff


def tell_of_changes(tx: Transaction, changes: Iterable[PersonDiff]) -> None:
    """Have everybody told whose shifts change: which are theirs now, and which no longer.

    It is part of the transaction that changes them. Any replica then tells each person once for all that has
    changed by then: `calls/telling/changes.py`.
    """
    store.add(tx, store.rows_of(changes))
