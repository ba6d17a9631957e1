"""What is said at the staff door? Prompts that depend on the rota, with their values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline.calls.cover.words import role_words, spoken_until, weekday
from hotline.calls.heard import staff_words
from hotline.calls.presence.heard import Leaving
from hotline.calls.staff.offered import Offered, offered_words
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
    OFFER_SAID,
    OFFER_SURE,
    OFFERABLE,
    PRESENT,
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
    offered: Offered = field(default_factory=Offered)

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
    if prompt in (OFFERABLE, OFFER_SURE, TAKE_SURE, OFFER_SAID):
        return offered_words(board, prompt, status, known.offered)
    if prompt in (HANDOVER, CALLING, NOTES):
        return _about_handover(prompt, known)
    if prompt in (PRESENT, LEAVING):
        return [_about_presence(board, tx, prompt, known)]
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
    leaves = known.leaving is not None and not known.leaving.early
    said = {
        "staff.follow_ups": known.owed > 0,
        "staff.can_again": status.until is not None and status.withdrawn,
        "staff.cannot": status.until is not None and not status.withdrawn,
        "staff.check_in": known.unheard,
        "staff.check_out": leaves and not known.unheard,
        "staff.shifts": True,
        "staff.offer": bool(status.next_shifts),
        "staff.note_waits": known.hands_over and known.note_waits,
        "staff.handover": known.hands_over and not known.note_waits,
        "staff.take": known.offered.asked is not None,
    }
    return [(prompt, {"count": known.owed}) for prompt, does_something in said.items() if does_something]


def _about_handover(prompt: str, known: Known) -> _Prompts:
    if prompt == CALLING:
        return [(f"staff.calling_{known.side or Side.NEXT}", {})]
    if prompt == NOTES:
        return [("staff.note", {"notes": known.read_out})] if known.read_out else [("staff.no_notes", {})]
    choices: _Prompts = [("staff.hear_notes", {})] if known.notes else []
    if known.side is not None:
        choices.append((f"staff.speak_{known.side}", {}))
    return choices or [("staff.no_handover", {})]


def _about_presence(
    board: Switchboard, tx: Transaction, prompt: str, known: Known
) -> tuple[str, Mapping[str, Value]]:
    if prompt == PRESENT:
        return "staff.here" if known.here else "staff.not_here", {}
    leaving = known.leaving
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
