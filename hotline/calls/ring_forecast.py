"""Whose phones would ring for a call at some moment, by the rota in force or by its draft?"""

from datetime import datetime

from hotline.calls import store
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store as oncall
from hotline.oncall.actions import plan_with_reasons
from hotline.oncall.rota import store as rota
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.reviewing import on_duty_by_draft
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import Circumstances, RingPlan
from hotline.people.store import everybody


def ring_forecast(
    tx: Transaction,
    board: Switchboard,
    category: str | None,
    language: str,
    at: datetime,
    of_draft: bool = False,
) -> RingPlan:
    """Return the ring plan of a call that would come in at a moment, with the reason for everybody else.

    Raise `BadInput` for a draft where there is none.
    """
    circumstances = Circumstances(
        language=language,
        last_rung=store.last_rung(tx, [person.id for person in everybody(tx)]),
        allowed_countries=board.countries,
        own_numbers=board.own_numbers,
    )
    on_duty = on_duty_then(tx, Ground(board.profile, board.countries), at, of_draft)
    return plan_with_reasons(tx, board.profile, category, at, circumstances, on_duty)


def on_duty_then(tx: Transaction, ground: Ground, at: datetime, of_draft: bool) -> tuple[Shift, ...]:
    """Return who is on duty at a moment, or would be by the newest draft; raise `BadInput` without one."""
    if not of_draft:
        return oncall.on_duty(tx, at)
    version = rota.newest_draft(tx)
    if version is None:
        raise BadInput("--draft: there is none; make one with hotline rota draft FILE")
    return on_duty_by_draft(tx, ground, version, at)
