"""What is said at the staff door? Prompts that depend on the rota, with their values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline.calls.cover.words import role_words, spoken_until, weekday
from hotline.calls.heard import staff_words
from hotline.calls.presence.heard import Leaving
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.handovers.talk import Side
from hotline.ivr.flows.staff_v1 import (
    CALLING,
    CHOICES,
    HANDOVER,
    LEAVING,
    NEXT_SHIFTS,
    NOTES,
    PRESENT,
    SAID,
    STATUS,
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
    """What the words of a turn may need: the rota, how much is owed, what came of the key, and the notes.

    `unheard`: they have been asked whether they are there, and not answered; `leaving` is None off duty.
    `note_waits`: one of the `notes` was not heard yet; `read_out` is what is read of them now, and `side` on
    which side of a change of shift a colleague can be spoken with.
    """

    status: DutyStatus | None = None
    owed: int = 0
    said: CannotNow | None = None
    unheard: bool = False
    here: bool = False
    leaving: Leaving | None = None
    notes: bool = False
    note_waits: bool = False
    read_out: str = ""
    side: Side | None = None

    @property
    def hands_over(self) -> bool:
        """Tell whether the key for the hand-over does something now."""
        return self.notes or self.side is not None


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
    if prompt == STATUS:
        return [_status(board, tx, status)]
    if prompt == CHOICES:
        return _choices(status, known)
    if prompt == HANDOVER:
        return _handover(known)
    if prompt == CALLING:
        return [(f"staff.calling_{known.side or Side.NEXT}", {})]
    if prompt == NOTES:
        return [("staff.note", {"notes": known.read_out})] if known.read_out else [("staff.no_notes", {})]
    if prompt == PRESENT:
        return [("staff.here" if known.here else "staff.not_here", {})]
    if prompt == LEAVING:
        return [_leaving(board, tx, known.leaving)]
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
    if known.unheard:
        choices.append(("staff.check_in", {}))
    elif known.leaving is not None and not known.leaving.early:
        choices.append(("staff.check_out", {}))
    choices.append(("staff.shifts", {}))
    if known.hands_over:
        choices.append(("staff.note_waits" if known.note_waits else "staff.handover", {}))
    return choices


def _handover(known: Known) -> _Prompts:
    choices: _Prompts = [("staff.hear_notes", {})] if known.notes else []
    if known.side is not None:
        choices.append((f"staff.speak_{known.side}", {}))
    return choices or [("staff.no_handover", {})]


def _leaving(board: Switchboard, tx: Transaction, leaving: Leaving | None) -> tuple[str, Mapping[str, Value]]:
    if leaving is None:
        return "staff.off_duty", {}
    until: dict[str, Value] = {"until": spoken_until(board, leaving.until, tx.now)}
    if leaving.early:
        return "staff.left_early", until
    return "staff.left", {**until, "count": leaving.owed, "mine": leaving.mine}


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
