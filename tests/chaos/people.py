"""How do the people of a random play behave: those who are rung, and those who call?"""

from dataclasses import dataclass, field

from hotline.simulator.behaviours import Behaviour
from hotline.simulator.exchange import Exchange
from hotline.simulator.handset import Handset
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry
from tests.chaos.play import Habit, Person, Worker

THINKS = 2.0
BACK = Habit("answers", 4.0, (), leaves_after=25.0)
NOT_BACK = Habit("asleep")


@dataclass(frozen=True)
class Moods(Behaviour):
    """Another habit each time the phone rings, again from the first after the last."""

    habits: tuple[Habit, ...]

    def unreachable(self) -> tuple[str, int] | None:
        """Say at once that the phone is busy or switched off, all play long, if it begins so."""
        return {"off": ("failed", 480), "busy": ("busy", 486)}.get(self.habits[0].kind)

    def ring(self, handset: Handset, leg: Leg) -> None:
        """Book what this habit does."""
        habit = self.habits[(len(handset.rang_at) - 1) % len(self.habits)]
        act = _Acts(handset, leg)
        after = handset.exchange.agenda.after
        if habit.kind in ("busy", "off", "declines"):
            after(habit.after, act.decline)
        elif habit.kind != "asleep":
            after(habit.after, act.answer)
            for at, key in habit.keys:
                after(habit.after + at, act.press(key))
            after(habit.after + habit.leaves_after, act.hang_up)


@dataclass(frozen=True)
class _Acts:
    handset: Handset
    leg: Leg

    @property
    def _is_up(self) -> bool:
        return self.handset.leg is self.leg and not self.handset.is_ringing

    def answer(self) -> None:
        if self.handset.leg is self.leg and self.handset.is_ringing:
            self.handset.answer()

    def decline(self) -> None:
        if self.handset.leg is self.leg and self.handset.is_ringing:
            self.handset.decline()

    def hang_up(self) -> None:
        if self._is_up:
            self.handset.hang_up()

    def press(self, key: str) -> "_Key":
        return _Key(self, key)

    def press_now(self, key: str) -> None:
        if self._is_up:
            self.handset.press(key)


@dataclass(frozen=True)
class _Key:
    acts: _Acts
    key: str

    def __call__(self) -> None:
        if self.key == "h":
            self.acts.hang_up()
        else:
            self.acts.press_now(self.key)


@dataclass
class Reactions:
    """What people do because of what they hear, or because a conversation has begun."""

    exchange: Exchange
    workers: dict[str, Worker]
    people: dict[str, Person]
    _replies: dict[str, list[str]] = field(default_factory=dict)
    _in_room: set[str] = field(default_factory=set)

    def note(self, entry: Entry) -> None:
        """React to one event of the play."""
        if entry.kind == "talk":
            for name in sorted(entry.group):
                self._talk(name)
        elif entry.kind == "spoken" and entry.utterance is not None and not entry.utterance.sound:
            self._spoken(entry.who, entry.utterance.text, entry.utterance.seconds)

    def _acts(self, name: str) -> _Acts | None:
        handset = next((each for each in self.exchange.handsets.values() if each.name == name), None)
        return _Acts(handset, handset.leg) if handset is not None and handset.leg is not None else None

    def _habit(self, name: str) -> Habit:
        handset = next(each for each in self.exchange.handsets.values() if each.name == name)
        habits = self.workers[name].habits
        return habits[(len(handset.rang_at) - 1) % len(habits)]

    def _talk(self, name: str) -> None:
        acts = self._acts(name)
        if acts is None:
            return
        if name in self.people:
            self.exchange.agenda.after(self.people[name].talks_for, acts.hang_up)
        elif name in self.workers and (first := acts.leg.sid) not in self._in_room:
            self._in_room.add(first)
            habit = self._habit(name)
            self._replies[first] = list(habit.replies)
            for at, key in habit.room:
                self.exchange.agenda.after(at, acts.press(key))

    def _spoken(self, name: str, text: str, seconds: float) -> None:
        acts = self._acts(name)
        if acts is None:
            return
        after = self.exchange.agenda.after
        if name in self.people and self.people[name].yes and acts.leg.direction == "inbound":
            if "prema otto" in text.lower() or "prema ancora" in text or "prema 8" in text or "8 sì" in text:
                after(seconds * 0.8 + 0.5, acts.press("8"))
            elif "cancelletto" in text:
                for place, key in enumerate(self.people[name].number[3:] + "#"):
                    after(seconds + 0.3 * (place + 1), acts.press(key))
        elif replies := self._replies.get(acts.leg.sid):
            key = replies.pop(0)
            if key != "-":
                after(min(seconds, THINKS), acts.press(key))
