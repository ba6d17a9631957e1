"""Every question put to the record of changes."""

from sqlalchemy import select

from hotline.audit.change import Change
from hotline.audit.tables import changes
from hotline.database import Transaction

_SHOWN = [changes.c[name] for name in ("at", "who", "what", "before", "after", "why")]


def newest_changes(tx: Transaction, most: int, about: str = "") -> tuple[Change, ...]:
    """Return the newest changes first, of everything or of what begins with `about`, as `rota`."""
    found = select(*_SHOWN).order_by(changes.c.id.desc()).limit(most)
    if about:
        found = found.where(changes.c.what.startswith(about, autoescape=True))
    return tuple(Change(**row._asdict()) for row in tx.execute(found))
