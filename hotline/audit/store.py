"""Every question and change put to the records of reads and of changes."""

from datetime import datetime

from sqlalchemy import delete, select

from hotline.audit.change import Change
from hotline.audit.tables import access_log, changes
from hotline.database import Transaction

_SHOWN = [changes.c[name] for name in ("at", "who", "what", "before", "after", "why")]


def newest_changes(tx: Transaction, most: int, about: str = "") -> tuple[Change, ...]:
    """Return the newest changes first, of everything or of what begins with `about`, as `rota`."""
    found = select(*_SHOWN).order_by(changes.c.id.desc()).limit(most)
    if about:
        found = found.where(changes.c.what.startswith(about, autoescape=True))
    return tuple(Change(**row._asdict()) for row in tx.execute(found))


def forget_reads_before(tx: Transaction, moment: datetime, most: int) -> int:
    """Delete what is noted of reads before a moment, at most so many at once; return how many there were."""
    old = select(access_log.c.id).where(access_log.c.at < moment).order_by(access_log.c.at).limit(most)
    return tx.execute(delete(access_log).where(access_log.c.id.in_(old))).rowcount
