"""How is a read of somebody's case written down?"""

from sqlalchemy import insert

from hotline.audit.tables import access_log
from hotline.database import Transaction


def note_access(tx: Transaction, who: str, action: str, what: str) -> None:
    """Write that `who` did `action` to `what` (an internal reference, never a number or a name)."""
    tx.execute(insert(access_log), {"at": tx.now, "who": who[:80], "action": action[:24], "what": what[:80]})
