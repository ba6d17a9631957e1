"""Who is there, who will be, and who was not reached, at a moment?"""

from datetime import datetime, timedelta

from hotline.database import Transaction
from hotline.notifications import store as notices
from hotline.oncall import store as oncall
from hotline.oncall.presence import store
from hotline.oncall.presence.check import Check, Kind, as_of
from hotline.oncall.presence.due import Block, blocks
from hotline.oncall.presence.report import Presence
from hotline.people import store as people
from hotline.profile import ROLES

_AHEAD = timedelta(hours=24)
_LONGEST_BLOCK = timedelta(days=15)
"""A confirmation is looked for so far back; a block that began earlier counts as not asked about."""


def presence_at(tx: Transaction, at: datetime) -> tuple[Presence, ...]:
    """Return the blocks that run at a moment or begin within a day, and the calls of the night that runs."""
    since, until = at - _LONGEST_BLOCK, at + _AHEAD
    found = [one for one in blocks(oncall.on_duty_between(tx, since, until)) if one.ends_at > at]
    checks = [one for one in store.between(tx, since, until) if one.ends_at > at]
    of_shift = {_block(one): one for one in checks if one.kind == Kind.SHIFT}
    # The end of a block may have been moved since it was asked about.
    asked = {(block.person_id, block.role, block.starts_at): one for block, one in of_shift.items()}
    rows = [(block, asked.get((block.person_id, block.role, block.starts_at))) for block in found]
    rows += [(_block(one), one) for one in checks if one.kind == Kind.NIGHT and one.starts_at <= at]
    said = store.confirmed_between(tx, since, until)
    known = {one.id: one for one in people.people_by_ids(tx, {block.person_id for block, _ in rows})}
    rows.sort(key=lambda row: (row[0].starts_at, ROLES.index(row[0].role), known[row[0].person_id].name))
    return tuple(
        Presence(
            known[block.person_id],
            block,
            as_of(check, at) if check is not None else None,
            _confirmed_at(block, said.get((block.person_id, block.role), ()), at),
            _asked_by(tx, check),
        )
        for block, check in rows
    )


def _confirmed_at(block: Block, said: tuple[tuple[datetime, datetime], ...], at: datetime) -> datetime | None:
    moments = [
        said_at
        for starts_at, said_at in said
        if block.starts_at <= starts_at < block.ends_at and said_at <= at
    ]
    return min(moments, default=None)


def _block(check: Check) -> Block:
    return Block(check.person_id, check.role, check.starts_at, check.ends_at)


def _asked_by(tx: Transaction, check: Check | None) -> str | None:
    sent = notices.about_call(tx, check.id) if check is not None else ()
    return next((one.channel.value for one in sent if check and one.person_id == check.person_id), None)
