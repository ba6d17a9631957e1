"""What does the owner of a phone do when it rings?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.simulator.handset import Handset
    from hotline.simulator.leg import Leg


@dataclass(frozen=True)
class Behaviour:
    """Do nothing by itself: the base of every habit."""

    def unreachable(self) -> tuple[str, int] | None:
        """Return a final status and SIP code when the phone cannot ring at all."""
        return None

    def ring(self, handset: "Handset", leg: "Leg") -> None:
        """React to the first ring."""


@dataclass(frozen=True)
class Manual(Behaviour):
    """A test or a person at the demo page decides."""


@dataclass(frozen=True)
class Asleep(Behaviour):
    """Nobody hears it."""


@dataclass(frozen=True)
class Off(Behaviour):
    """The phone is switched off or without coverage: `failed` with SIP 480."""

    def unreachable(self) -> tuple[str, int] | None:
        """Return failed, 480."""
        return "failed", 480


@dataclass(frozen=True)
class Busy(Behaviour):
    """The owner talks with somebody else."""

    def unreachable(self) -> tuple[str, int] | None:
        """Return busy, 486."""
        return "busy", 486


@dataclass(frozen=True)
class Voicemail(Behaviour):
    """A voicemail box answers after `after` seconds, presses nothing and hangs up after `lasts` seconds."""

    after: float = 20.0
    lasts: float = 60.0

    def ring(self, handset: "Handset", leg: "Leg") -> None:
        """Let the box answer, and end its recording some time later."""
        agenda = handset.exchange.agenda
        agenda.after(self.after, lambda: _answer(handset, leg))
        agenda.after(self.after + self.lasts, lambda: _hang_up(handset, leg))


@dataclass(frozen=True)
class AnswersAndPresses(Behaviour):
    """Answers after `after` seconds, and `thinks` seconds later presses `keys`, one a second."""

    keys: str
    after: float = 4.0
    thinks: float = 3.0

    def ring(self, handset: "Handset", leg: "Leg") -> None:
        """Book the answer and each key."""
        agenda = handset.exchange.agenda
        agenda.after(self.after, lambda: _answer(handset, leg))
        for place, key in enumerate(self.keys):
            agenda.after(self.after + self.thinks + place, _press(handset, leg, key))


@dataclass(frozen=True)
class Declines(Behaviour):
    """Refuses by hand after `after` seconds."""

    after: float = 3.0

    def ring(self, handset: "Handset", leg: "Leg") -> None:
        """Book the refusal."""
        handset.exchange.agenda.after(self.after, lambda: _decline(handset, leg))


class _Press:
    def __init__(self, handset: "Handset", leg: "Leg", key: str) -> None:
        self.handset, self.leg, self.key = handset, leg, key

    def __call__(self) -> None:
        if self.handset.leg is self.leg and not self.handset.is_ringing:
            self.handset.press(self.key)


def _press(handset: "Handset", leg: "Leg", key: str) -> _Press:
    return _Press(handset, leg, key)


def _answer(handset: "Handset", leg: "Leg") -> None:
    if handset.leg is leg and handset.is_ringing:
        handset.answer()


def _decline(handset: "Handset", leg: "Leg") -> None:
    if handset.leg is leg and handset.is_ringing:
        handset.decline()


def _hang_up(handset: "Handset", leg: "Leg") -> None:
    if handset.leg is leg and not handset.is_ringing:
        handset.hang_up()
