"""Is a leg at the exchange one of a real call? Asked where a practice call lost its own answer."""

from sqlalchemy import literal, select, union_all

from hotline.calls.tables import legs
from hotline.database import Transaction
from hotline.notifications.tables import notices


def is_of_a_real_call(tx: Transaction, sid: str) -> bool:
    """Tell whether this SID belongs to a responder's leg or to an alarm."""
    real = union_all(
        select(literal(1)).where(legs.c.sid == sid), select(literal(1)).where(notices.c.sid == sid)
    )
    return tx.execute(real).first() is not None
