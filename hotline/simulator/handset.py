"""What can be done with one telephone, and what has it heard?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.simulator.behaviours import Behaviour, Manual
from hotline.simulator.transcript import Utterance

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange
    from hotline.simulator.leg import Leg


@dataclass(frozen=True)
class ReceivedText:
    """One text on a phone's screen."""

    moment: datetime
    sender: str
    body: str


class Handset:
    """One telephone: a name, a number, at most one call at a time, and what its owner would do."""

    def __init__(
        self, exchange: "Exchange", name: str, number: str, behaviour: Behaviour | None = None
    ) -> None:
        self.exchange, self.name, self.number = exchange, name, number
        self.behaviour: Behaviour = behaviour or Manual()
        self.leg: Leg | None = None
        self.utterances: list[Utterance] = []
        self.call_begins_at = 0
        self.calls = 0
        self.rang_at: list[datetime] = []
        self.inbox: list[ReceivedText] = []

    @property
    def is_mobile(self) -> bool:
        """Tell whether this phone receives texts."""
        return not self.number.startswith("+390")

    @property
    def is_ringing(self) -> bool:
        """Tell whether it rings at this moment."""
        return self.leg is not None and self.leg.status == "ringing" and self.leg.direction != "inbound"

    @property
    def is_on_the_line(self) -> bool:
        """Tell whether a call is up on this phone (one it dialled counts from the first moment)."""
        return self.leg is not None and not self.is_ringing

    def takes(self, leg: "Leg") -> None:
        """Let a call begin on this phone."""
        self.leg = leg
        self.call_begins_at = len(self.utterances)
        self.calls += 1

    def rings(self, leg: "Leg") -> None:
        """Ring, and let the owner's habits take their course."""
        self.takes(leg)
        self.rang_at.append(self.exchange.now())
        self.exchange.note("ring", self.name)
        self.behaviour.ring(self, leg)

    def dial(
        self,
        line_number: str = "",
        anonymous: bool = False,
        from_field: str | None = None,
        extra: dict[str, str] | None = None,
        bare: bool = False,
    ) -> "Leg":
        """Dial one of the service's numbers; `bare` leaves out every optional field."""
        with self.exchange.lock:
            if self.leg is not None:
                raise AssertionError(f"{self.name} is already on a call")
            shown = from_field if from_field is not None else ("anonymous" if anonymous else self.number)
            return self.exchange.call_in(self, line_number, shown, extra or {}, bare)

    def answer(self) -> None:
        """Pick up the ringing call."""
        with self.exchange.lock:
            leg = self._ringing_leg()
            self.exchange.note("answer", self.name)
            leg.pick_up()

    def decline(self) -> None:
        """Refuse the ringing call by hand."""
        with self.exchange.lock:
            leg = self._ringing_leg()
            self.exchange.note("decline", self.name)
            leg.finish("busy", 486)

    def press(self, key: str) -> None:
        """Press one key during a call."""
        with self.exchange.lock:
            if self.leg is None or self.is_ringing:
                raise AssertionError(f"{self.name} is not on a call and cannot press {key}")
            self.exchange.note("key", self.name, key)
            self.leg.press(key)

    def hang_up(self) -> None:
        """Put the receiver down."""
        with self.exchange.lock:
            if self.leg is None or self.is_ringing:
                raise AssertionError(f"{self.name} is not on a call and cannot hang up")
            self.exchange.note("hang_up", self.name)
            self.leg.finish("completed" if self.leg.answered_at else "no-answer", by_owner=True)

    def text(self, body: str, line_number: str = "", more: Mapping[str, str | None] | None = None) -> None:
        """Send a text; `more` fields of the webhook replace the usual ones."""
        with self.exchange.lock:
            self.exchange.note("sends", self.name, body)
            self.exchange.texts.arrive(self, line_number, body, more)

    def text_arrives_again(self) -> None:
        """Let the last text come in once more, as after an answer that was lost."""
        with self.exchange.lock:
            self.exchange.texts.arrive_again(self)

    def hears(self, utterance: Utterance) -> None:
        """Take in something spoken or played."""
        self.utterances.append(utterance)
        self.exchange.note("spoken", self.name, utterance=utterance)

    def call_words(self) -> list[str]:
        """Return every word heard so far in the present, or else the last, call."""
        now = self.exchange.now()
        return [word for u in self.utterances[self.call_begins_at :] for word in u.heard_by(now)]

    def _ringing_leg(self) -> "Leg":
        if self.leg is None or not self.is_ringing:
            raise AssertionError(f"{self.name}'s phone does not ring")
        return self.leg
