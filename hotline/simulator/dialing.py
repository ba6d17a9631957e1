"""What happens inside a Dial with Numbers: who rings, who wins, what is its action told?"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hotline.simulator.agenda import Ticket
from hotline.simulator.fields import call_fields, talk_seconds
from hotline.simulator.leg import Address, Leg, Redirected, StatusCallback, Step
from hotline.simulator.program import HungUp, Program, sleep
from hotline.simulator.twiml_reader import Document, Verb
from hotline.simulator.twiml_rules import wrong_number
from hotline.simulator.webhook_client import ApplicationError

if TYPE_CHECKING:
    from hotline.simulator.script import Ending

Follow = Callable[[Leg, Step, str], Program["Ending"]]
Life = Callable[[Leg, Step], Program[None]]
_TRY_NEXT = frozenset({"busy", "no-answer", "failed"})


def dial_numbers(
    leg: Leg, verb: Verb, document: Document, follow: Follow, life: Life
) -> Program[Step | None]:
    """Ring the numbers of a Dial until it is over; return the action to ask, or None without one."""
    dial = NumberDial(leg, verb, document, follow, life)
    try:
        dial.begin()
        while not dial.over:
            yield from sleep(None)
    except (HungUp, Redirected):
        dial.abandon()
        ask_and_ignore(leg, dial.action, dial.result())
        raise
    dial.close()
    return Step(dial.action, dial.result()) if dial.action else None


def action_of(verb: Verb, document: Document) -> Address | None:
    """Return where a Dial goes on, or None."""
    if not verb.value("action"):
        return None
    return Address(document.resolve(verb.value("action")), verb.value("method", "POST"))


def callback_of(verb: Verb, document: Document, events: str) -> StatusCallback | None:
    """Return the status callback of a Number or Conference, or None."""
    if not verb.value("statusCallback"):
        return None
    address = Address(
        document.resolve(verb.value("statusCallback")), verb.value("statusCallbackMethod", "POST")
    )
    return StatusCallback(address, frozenset(verb.value("statusCallbackEvent", events).split()))


def ask_and_ignore(leg: Leg, action: Address | None, result: tuple[tuple[str, str], ...]) -> None:
    """Ask an unfinished Dial's action although its answer no longer matters."""
    if action is not None:
        fields = tuple((call_fields(leg) | dict(result)).items())
        leg.exchange.client.post_and_forget(action, fields)


class NumberDial:
    """One Dial in progress: its children, its winner, its result."""

    def __init__(self, leg: Leg, verb: Verb, document: Document, follow: Follow, life: Life) -> None:
        self.leg, self.verb, self.document = leg, verb, document
        self.follow, self.life = follow, life
        self.action = action_of(verb, document)
        self.children: list[Leg] = []
        self.waiting = [child for child in verb.children if child.name == "Number"]
        self.winner: Leg | None = None
        self.bridged = False
        self.abandoned = False
        self.over = not self.waiting
        self._limit: Ticket | None = None

    def begin(self) -> None:
        """Start to ring: everybody, or the first one of a sequence."""
        self.leg.keys_are_air = True
        if self.verb.flag("hangupOnStar"):
            self.leg.on_star = self._star
        self.leg.exchange.note("tone", self.leg.name, "the ringing tone")
        self._ring_next()
        while self.waiting and not self.verb.flag("sequential"):
            self._ring_next()

    def close(self) -> None:
        """Give the leg its own keys back."""
        self.leg.keys_are_air = False
        self.leg.on_star = None
        if self._limit is not None:
            self._limit.cancel()
        self.leg.exchange.talks.part(self)

    def abandon(self) -> None:
        """End every child because the dialling leg went away."""
        self.abandoned = True
        self.over = True
        for child in self.children:
            child.finish("completed" if child.answered_at else "canceled", 200 if child.answered_at else 487)
        self.close()

    def result(self) -> tuple[tuple[str, str], ...]:
        """Return the fields that tell the action how it went."""
        last = self.winner or (self.children[-1] if self.children else None)
        fields = {"DialCallStatus": self._status(last), "DialBridged": str(self.bridged).lower()}
        if last is not None:
            fields["DialCallSid"] = last.sid
        if self.winner is not None:
            fields["DialCallDuration"] = str(talk_seconds(self.winner))
        return tuple(fields.items())

    def _status(self, last: Leg | None) -> str:
        if self.abandoned and not self.bridged:
            return "canceled"
        if self.winner is not None:
            return "completed"
        return last.status if last is not None else "failed"

    def _caller_id(self) -> str:
        exchange = self.leg.exchange
        shown = self.verb.value("callerId") or self.leg.from_field
        if not self.verb.value("callerId") and wrong_number(shown):
            exchange.violate("<Dial> without callerId while the caller's number is withheld (13214)")
        elif self.verb.value("callerId") and shown not in exchange.owned_numbers():
            exchange.violate(f"callerId is not a number of the account (13214): ends in {shown[-3:]}")
        return shown

    def _ring_next(self) -> None:
        noun = self.waiting.pop(0)
        child = self.leg.exchange.new_leg("outbound-dial", self._caller_id(), noun.text, parent=self.leg)
        child.callback = callback_of(noun, self.document, "completed")
        url = noun.value("url")
        step = Step(Address(self.document.resolve(url), noun.value("method", "POST"))) if url else None
        child.program = lambda: self._child_life(child, step)
        child.on_answer = lambda: self._answered(child)
        child.on_over = lambda: self._ended(child)
        self.children.append(child)
        self.leg.exchange.ring(child, self.verb.number("timeout", 30))

    def _child_life(self, child: Leg, step: Step | None) -> Program[None]:
        from hotline.simulator.script import Ending

        try:
            if step is not None and (yield from self.follow(child, step, "whisper")) is Ending.HANG_UP:
                child.finish("completed")
                return
            self._connect(child)
            while True:
                yield from sleep(None)
        except ApplicationError:
            child.finish("completed")
        except Redirected as moved:
            child.keys_are_air = False
            child.on_over = lambda: None
            self._finish()
            yield from self.life(child, moved.step)

    def _answered(self, child: Leg) -> None:
        if self.winner is not None or self.over:
            return
        self.winner = child
        self._limit = self.leg.exchange.agenda.after(self.verb.number("timeLimit", 14400), self._time_is_up)
        for other in self.children:
            if other is not child:
                other.finish("canceled", 487)

    def _connect(self, child: Leg) -> None:
        self.bridged = True
        child.keys_are_air = True
        self.leg.go_live()
        self.leg.exchange.talks.join(self, [self.leg, child])

    def _ended(self, child: Leg) -> None:
        if self.over:
            return
        if child is self.winner:
            self._finish()
        elif self.winner is None and self.waiting and child.status in _TRY_NEXT:
            self._ring_next()
        elif self.winner is None and all(other.over for other in self.children):
            self._finish()

    def _finish(self) -> None:
        self.over = True
        if self.leg.task is not None:
            self.leg.task.nudge()

    def _star(self) -> None:
        self.abandoned = self.winner is None or not self.bridged
        self.over = True
        for child in self.children:
            child.finish("completed" if child.answered_at else "canceled", 200 if child.answered_at else 487)
        self._finish()

    def _time_is_up(self) -> None:
        if self.winner is not None and not self.over:
            self.winner.finish("completed")
