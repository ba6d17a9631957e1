"""What is said at the staff door? Prompts that depend on the rota, with their values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline.calls.cover.words import role_words, spoken_until, weekday
from hotline.calls.heard import staff_words
from hotline.calls.staff.offered import Offered, offered_words
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.flows.staff_v1 import (
    CHOICES,
    NEXT_SHIFTS,
    OFFER_SAID,
    OFFER_SURE,
    OFFERABLE,
    SAID,
    STATUS,
    TAKE_SURE,
)
from hotline.ivr.nodes import Say
from hotline.ivr.prompts import Value
from hotline.oncall.cover import CannotNow, CannotOutcome
from hotline.oncall.duty_status import Colleague, DutyStatus
from hotline.oncall.shifts import Shift
from hotline.telephony.instructions import Heard

_MOST_NAMES = 5
_VOLUNTEER = "volunteer"


@dataclass(frozen=True)
class Known:
    """What the words of a turn may need: the rota, how much is owed, and what came of "I can't, now"."""

    status: DutyStatus | None = None
    owed: int = 0
    said: CannotNow | None = None
    offered: Offered = field(default_factory=Offered)


def door_words(board: Switchboard, tx: Transaction, says: Iterable[Say], known: Known) -> tuple[Heard, ...]:
    """Return what is heard at the staff door."""
    heard: list[Heard] = []
    for say in says:
        for prompt, values in _prompts(board, tx, say.prompt, known):
            more = {**board.staff_flow.spoken_keys, **values}
            heard += staff_words(board, None, [Say(prompt)], "", tx.now, more)
    return tuple(heard)


_Prompts = list[tuple[str, Mapping[str, Value]]]


def _prompts(board: Switchboard, tx: Transaction, prompt: str, known: Known) -> _Prompts:
    status = known.status
    if prompt == SAID and known.said is not None:
        return [_said(board, tx, known.said)]
    if status is None:
        return [(prompt, {})]
    if prompt in (OFFERABLE, OFFER_SURE, TAKE_SURE, OFFER_SAID):
        return offered_words(board, prompt, status, known.offered)
    if prompt == STATUS:
        return [_status(board, tx, status)]
    if prompt == CHOICES:
        return _choices(status, known)
    if prompt == NEXT_SHIFTS:
        shifts = [_shift(board, shift) for shift in status.next_shifts]
        return shifts or [("staff.no_shifts", {})]
    return [(prompt, _until(board, tx, status))]


def _status(board: Switchboard, tx: Transaction, status: DutyStatus) -> tuple[str, Mapping[str, Value]]:
    if status.until is None:
        return "staff.off_duty", {}
    until = _until(board, tx, status)
    if status.withdrawn:
        return "staff.withdrawn", until
    if not status.colleagues:
        return "staff.alone", until
    names = ", ".join(_named(board, one) for one in status.colleagues[:_MOST_NAMES])
    return "staff.until", {**until, "names": names}


def _until(board: Switchboard, tx: Transaction, status: DutyStatus) -> dict[str, Value]:
    return {} if status.until is None else {"until": spoken_until(board, status.until, tx.now)}


def _named(board: Switchboard, colleague: Colleague) -> str:
    first = colleague.name.split()[0]
    return first if colleague.role == _VOLUNTEER else f"{role_words(board, colleague.role)} {first}"


def _choices(status: DutyStatus, known: Known) -> _Prompts:
    """Announce only keys that do something now."""
    choices: _Prompts = [("staff.follow_ups", {"count": known.owed})] if known.owed else []
    if status.until is not None:
        choices.append(("staff.can_again" if status.withdrawn else "staff.cannot", {}))
    choices.append(("staff.shifts", {}))
    if status.next_shifts:
        choices.append(("staff.offer", {}))
    return [*choices, ("staff.take", {})] if known.offered.asked is not None else choices


def _said(board: Switchboard, tx: Transaction, said: CannotNow) -> tuple[str, Mapping[str, Value]]:
    if said.outcome == CannotOutcome.OFF_DUTY or said.withdrawal is None:
        return "staff.off_duty", {}
    if said.last_one:
        return "staff.cannot_last", {}
    return "staff.cannot_done", {"until": spoken_until(board, said.withdrawal.until, tx.now)}


def _shift(board: Switchboard, shift: Shift) -> tuple[str, Mapping[str, Value]]:
    zone = board.profile.service.timezone
    begins, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    values: dict[str, Value] = {
        "weekday": weekday(board, begins),
        "day": begins.day,
        "from": begins.time(),
        "to": ends.time(),
    }
    if (ends - begins).days < 1:
        return "staff.shift", values
    return "staff.shift_long", {**values, "last_weekday": weekday(board, ends), "last_day": ends.day}
