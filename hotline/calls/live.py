"""What does this turn change about a call? One call under lock, its changes and its timeline."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hotline.calls import store
from hotline.calls.call import LEG_LIFECYCLE, Call, Leg, LegEvent, LegResult
from hotline.database import Transaction


class LiveCall:
    """A locked call; changes are collected and written once, by `save`."""

    def __init__(self, tx: Transaction, call: Call) -> None:
        self.tx = tx
        self.call = call
        self._changed: dict[str, Any] = {}
        self._changed_legs: dict[str, dict[str, Any]] = {}
        self._events: list[tuple[str, str, str | None]] = []
        # Before the ringing begins there is no leg to ask the database for.
        self._legs: tuple[Leg, ...] | None = () if call.rung_at is None else None

    def change(self, **values: Any) -> None:
        """Change fields of the call."""
        self.call = replace(self.call, **values)
        self._changed |= values

    def note(self, event: str, detail: str = "", person_id: str | None = None) -> None:
        """Append to the timeline: codes only, never a content."""
        self._events.append((event, detail, person_id))

    def flag(self, name: str) -> None:
        """Raise a flag, once."""
        if name not in self.call.flags:
            self.change(flags=self.call.flags | {name})
            self.note("flag", name)

    def next_turn(self) -> int:
        """Return the number of the turn that follows."""
        self.change(turn=self.call.turn + 1)
        return self.call.turn

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Return every leg of this call."""
        if self._legs is None:
            self._legs = store.legs_of(self.tx, self.call.id)
        return self._legs

    def leg(self, leg_id: str | None) -> Leg | None:
        """Return one leg of this call."""
        return next((leg for leg in self.legs if leg.id == leg_id), None)

    def add_legs(self, legs: Iterable[Leg]) -> tuple[Leg, ...]:
        """Add legs; return those added: a person whose phone is already in use gets none."""
        known = self.legs
        # A leg that has just ended must not keep its person's phone from ringing anew.
        self._save_legs()
        added = store.add_legs(self.tx, tuple(legs))
        self._legs = (*known, *added)
        return added

    def change_leg(self, leg: Leg, **values: Any) -> Leg:
        """Change fields of a leg."""
        self._changed_legs.setdefault(leg.id, {}).update(values)
        changed = replace(leg, **values)
        self._legs = tuple(changed if other.id == leg.id else other for other in self.legs)
        return changed

    def advance_leg(self, leg: Leg, event: LegEvent, **values: Any) -> Leg:
        """Move a leg along its lifecycle; an event that does not fit its state changes nothing."""
        state = LEG_LIFECYCLE.get((leg.state, event))
        return leg if state is None else self.change_leg(leg, state=state, **values)

    def end_leg(self, leg: Leg, result: LegResult) -> Leg:
        """Close a leg with its result; one already closed stays as it is."""
        if not leg.is_open:
            return leg
        result = leg.result or result
        self.note("leg_ended", result, leg.person_id)
        return self.advance_leg(leg, LegEvent.OVER, ended_at=self.tx.now, result=result)

    def add(self) -> bool:
        """Write a call that has just come in; False when its SID is known and nothing was written."""
        if not store.add_call(self.tx, self.call):
            return False
        self._changed = {}
        self.save()
        return True

    def save(self) -> None:
        """Write what was changed."""
        self._save_legs()
        if self._changed:
            store.change_call(self.tx, self.call.id, self._changed)
        if self._events:
            store.add_events(self.tx, self.call.id, self._events)
        self._changed, self._events = {}, []

    def _save_legs(self) -> None:
        store.change_legs(self.tx, self._changed_legs)
        self._changed_legs = {}


Saved = Callable[[LiveCall], None]
