"""How is a read of somebody's case, or a change of what we work by, written down?"""

from collections.abc import Iterable

from sqlalchemy import insert

from hotline.audit.change import Change
from hotline.audit.tables import access_log, changes
from hotline.database import Transaction


def note_access(tx: Transaction, who: str, action: str, what: str) -> None:
    """Write that `who` did `action` to `what` (an internal reference, never a number or a name)."""
    tx.execute(insert(access_log), {"at": tx.now, "who": who[:80], "action": action[:24], "what": what[:80]})


def note_change(
    tx: Transaction, who: str, what: str, before: str | None, after: str | None, why: str | None = None
) -> None:
    """Write that `who` changed `what` (a kind and an internal reference), from what to what, and why."""
    note_changes(tx, [Change(tx.now, who, what, before, after, why)])


def note_changes(tx: Transaction, noted: Iterable[Change]) -> None:
    """Write many changes at once."""
    rows = [
        {
            "at": change.at,
            "who": change.who[:80],
            "what": change.what[:80],
            "before": change.before,
            "after": change.after,
            "why": change.why,
        }
        for change in noted
    ]
    if rows:
        tx.execute(insert(changes), rows)
