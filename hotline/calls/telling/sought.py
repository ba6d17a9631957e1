"""Whose phone rang for a caller with whom a colleague talks now? They need not ring back, and read so."""

from datetime import timedelta

from hotline.calls.rings import store
from hotline.calls.rings.store import Sought
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.reach import reach, told_about
from hotline.database import Database, Transaction
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications.notice import Channel, takes_texts
from hotline.people import store as people

SOUGHT = "sought"
"""Kind of these notices."""

_TALK_LASTS = timedelta(seconds=20)
"""Whoever has talked for so long has reached somebody: it is no wrong start."""


def tell_who_was_sought(board: Switchboard, database: Database) -> None:
    """Text whoever was rung in vain, once for a call; who cannot be texted is left in peace."""
    with database.reading() as tx:
        sought = store.sought_in_vain(tx, tx.now - _TALK_LASTS) if board.sms_number else ()
        waiting = [one for one in sought if not told_about(tx, _about(one), one.person_id)]
    for one in waiting:
        with database.transaction() as tx:
            _tell(board, tx, one)


def _tell(board: Switchboard, tx: Transaction, sought: Sought) -> None:
    # Another replica may be about to tell the same person.
    people.lock(tx, {sought.person_id})
    (person,) = people.people_by_ids(tx, {sought.person_id})
    if told_about(tx, _about(sought), person.id) or not takes_texts(person, board.sms_number):
        return
    local = sought.rung_at.astimezone(board.profile.service.timezone)
    values: dict[str, Value] = {"line": board.line_number, "time": local.time()}
    body = board.staff_wording.write(board.profile.service.staff_language, "sms.taken", values)
    about = _about(sought)
    notice = notifications.new_notice(tx, person.id, about, SOUGHT, Channel.TEXT, sought.rung_at)
    reach(board, tx, person, notice, body)


def _about(sought: Sought) -> str:
    return f"sought-{sought.call_id}"
