"""What is a random play: who is on duty and how they behave, who calls and when, what goes wrong? Pure."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")

BEGINNINGS = (
    datetime(2026, 11, 22, 3, 0, tzinfo=ROME),
    datetime(2026, 11, 23, 11, 0, tzinfo=ROME),
    datetime(2026, 11, 24, 19, 59, tzinfo=ROME),  # the night is about to begin
    datetime(2026, 11, 25, 7, 59, tzinfo=ROME),  # and to end
    datetime(2026, 10, 25, 2, 58, tzinfo=ROME),  # and the clocks go back
)


@dataclass(frozen=True)
class Habit:
    """What somebody does when the phone rings: `keys` are pressed so many seconds after picking up.

    In a conversation `room` is pressed, "h" hangs up; `replies` are keys for each thing said after it.
    """

    kind: str = "answers"  # or: asleep, busy, off, declines, voicemail
    after: float = 5.0
    keys: tuple[tuple[float, str], ...] = ((4.0, "1"),)
    room: tuple[tuple[float, str], ...] = ()
    replies: str = ""
    leaves_after: float = 120.0


@dataclass(frozen=True)
class Worker:
    """Somebody of the rota; the shift ends `until` seconds after the beginning, None is nobody's shift."""

    name: str
    number: str
    role: str
    languages: str
    until: int | None
    last_resort: bool
    habits: tuple[Habit, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who calls: hangs up so long into a conversation; `yes` to being called back."""

    name: str
    number: str
    withheld: bool
    talks_for: float
    yes: bool
    answers_back: bool


@dataclass(frozen=True)
class Step:
    """Something that happens `at` seconds after the beginning: dial, press, hang_up, or a fault."""

    at: float
    verb: str
    who: str = ""
    what: str = ""
    seconds: float = 0.0
    times: int = 1


@dataclass(frozen=True)
class Play:
    """One random play, whole: the same one plays the same again."""

    seed: int
    began: str
    workers: tuple[Worker, ...]
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    tail: float = 0.0

    @property
    def calls(self) -> int:
        """Return how often somebody dials."""
        return sum(step.verb == "dial" for step in self.steps)

    def without(self, place: int) -> "Play":
        """Return the play without one step, worker or caller, counted through."""
        if place < len(self.steps):
            return replace(self, steps=_but(self.steps, place))
        place -= len(self.steps)
        if place < len(self.workers):
            return replace(self, workers=_but(self.workers, place))
        gone = self.people[place - len(self.workers)].name
        steps = tuple(step for step in self.steps if step.who != gone)
        people = tuple(person for person in self.people if person.name != gone)
        return replace(self, people=people, steps=steps)

    @property
    def parts(self) -> int:
        """Return how many things `without` can leave out."""
        return len(self.steps) + len(self.workers) + len(self.people)

    def as_data(self) -> dict[str, Any]:
        """Return the play as plain data, to be written down."""
        return asdict(self)


def _but(many: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return (*many[:place], *many[place + 1 :])


def play_of(data: dict[str, Any]) -> Play:
    """Return a play that was written down.

    >>> play_of(draw_play(7).as_data()) == draw_play(7)
    True
    """
    workers = tuple(Worker(**{**one, "habits": tuple(map(_habit, one["habits"]))}) for one in data["workers"])
    people = tuple(Person(**one) for one in data["people"])
    steps = tuple(Step(**one) for one in data["steps"])
    return Play(**{**data, "workers": workers, "people": people, "steps": steps})


def _habit(data: dict[str, Any]) -> Habit:
    pairs = {name: tuple((at, key) for at, key in data[name]) for name in ("keys", "room")}
    return Habit(**{**data, **pairs})


# Draw one


def draw_play(seed: int) -> Play:
    """Draw the play of a seed.

    >>> draw_play(7) == draw_play(7) != draw_play(8)
    True
    """
    luck = Random(seed)
    people = tuple(draw_person(luck, number) for number in range(luck.choice((1, 1, 2, 2, 3))))
    steps = [step for person in people for step in draw_visits(luck, person.name)]
    end = max(step.at for step in steps)
    steps += draw_faults(luck, end)
    return Play(
        seed=seed,
        began=luck.choice(BEGINNINGS).isoformat(),
        workers=draw_workers(luck),
        people=people,
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        tail=luck.choices((0, 400, 1200), (20, 2, 1))[0],
    )


def draw_workers(luck: Random) -> tuple[Worker, ...]:
    """Draw a rota: 0-4 volunteers, 0-2 social workers, 0-2 coordinators."""
    roles = [
        *["volunteer"] * luck.choice((0, 1, 2, 2, 3, 4)),
        *["social_worker"] * luck.choice((0, 1, 1, 2)),
        *["coordinator"] * luck.choice((0, 1, 1, 2)),
    ]
    return tuple(draw_worker(luck, role, number) for number, role in enumerate(roles, 1))


def draw_worker(luck: Random, role: str, number: int) -> Worker:
    """Draw somebody of the rota with a few habits, one for each time that the phone rings."""
    last_resort = role == "coordinator" and luck.random() < 0.5
    no_shift = last_resort or luck.random() < 0.05
    return Worker(
        name=f"{role.split('_')[0].capitalize()}{number}",
        number=f"+39340000{number:04}",
        role=role,
        languages=luck.choice(("it", "it", "it;en", "it;fr;ar")),
        until=None if no_shift else luck.choice((40_000, 40_000, 40_000, luck.randint(15, 150))),
        last_resort=last_resort,
        habits=tuple(draw_habit(luck) for _ in range(luck.randint(1, 4))),
    )


def draw_habit(luck: Random) -> Habit:
    """Draw what somebody does at one ring."""
    kind = luck.choices(("answers", "asleep", "voicemail", "busy", "off", "declines"), (10, 3, 2, 1, 1, 1))[0]
    after = round(luck.uniform(1, 28), 1)
    if kind != "answers":
        return Habit(kind, after, (), leaves_after=round(luck.uniform(3, 70), 1))
    first = luck.choices(("1", "2", "3", "", "21", "11", "*1"), (14, 2, 1, 2, 1, 1, 1))[0]
    at, keys = round(luck.uniform(0.5, 12), 1), []
    for key in first:
        keys.append((at, key))
        at = round(at + luck.uniform(0.5, 5), 1)
    # Whoever takes an alarm presses once more, to call back; in a conversation it is only a sound.
    if luck.random() < 0.4:
        keys.append((round(at + luck.uniform(6, 14), 1), "1"))
    room, moment = [], 0.0
    for _ in range(luck.choice((0, 0, 0, 1, 1, 2))):
        moment = round(moment + luck.uniform(1, 30), 1)
        room.append((moment, luck.choice("*****1h")))
    replies = "".join(luck.choice("1234569-") for _ in range(luck.randint(0, 4)))
    leaves = luck.choices((200.0, round(luck.uniform(2, 40), 1)), (5, 2))[0]
    return Habit(kind, after, tuple(keys), tuple(room), replies, leaves)


def draw_person(luck: Random, number: int) -> Person:
    """Draw somebody who calls."""
    return Person(
        name=f"Caller{number + 1}",
        number=f"+39340000090{number}",
        withheld=luck.random() < 0.25,
        talks_for=round(luck.uniform(1, 60), 1),
        yes=luck.random() < 0.5,
        answers_back=luck.random() < 0.6,
    )


KEYS = ("1", "2", "3", "4", "5", "7", "0", "8", "88", "91", "92", "94", "112", "*", "#", "6", "9", "390#")


def draw_visits(luck: Random, name: str) -> list[Step]:
    """Draw when one person dials, presses, hangs up, and dials again."""
    found: list[Step] = []
    at = round(luck.uniform(0, 40), 1)
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        found.append(Step(at, "dial", name))
        stays = luck.choice(
            (luck.uniform(1, 25), luck.uniform(20, 120), luck.uniform(20, 90), luck.uniform(60, 330))
        )
        for _ in range(luck.choice((0, 1, 1, 2, 3))):
            early = luck.uniform(0.5, min(stays, luck.choice((20, 330))))
            moment = at + early
            for key in luck.choice(KEYS):
                found.append(Step(round(moment, 1), "press", name, key))
                moment += luck.uniform(0.6, 4)
        at = round(at + stays, 1)
        found.append(Step(at, "hang_up", name))
        at = round(at + luck.choice((luck.uniform(2, 30), luck.uniform(30, 120))), 1)
    return found


CALLBACKS = ("/twilio/leg-status", "/twilio/voice/status", "/twilio/room?", "notice-status", "called-back")
TURNS = ("/twilio/voice", "/twilio/caller", "/twilio/responder", "/twilio/notice", "")
OPERATIONS = ("create_call", "create_call", "update_call", "fetch_call", "list_calls", "")
FAULTS = (
    "duplicate", "delay", "drop", "reorder", "slow", "unreachable", "restart", "database_gone",
    "rest_500", "rest_429", "rest_401", "rest_slow", "rest_lost", "rest_refused", "weather",
)  # fmt: skip


def draw_faults(luck: Random, end: float) -> list[Step]:
    """Draw what goes wrong: often nothing, else a few things at random moments."""
    many = luck.choice((0, 0, 1, 1, 2, 3, 5))
    return [draw_fault(luck, luck.choice(FAULTS), round(luck.uniform(0, end), 1)) for _ in range(many)]


def draw_fault(luck: Random, kind: str, at: float) -> Step:
    """Draw one fault of a kind."""
    times, seconds, what = luck.choice((1, 1, 2, 4)), round(luck.uniform(0.5, 8), 1), ""
    match kind:
        case "duplicate":
            what = luck.choice((*CALLBACKS, *TURNS))
        case "delay" | "reorder" | "drop":
            what = luck.choice(CALLBACKS)
        case "slow":
            what, seconds = luck.choice(TURNS), round(luck.uniform(0.5, 3.5), 1)
        case "database_gone":
            seconds = round(luck.uniform(0.5, 15), 1)
        case "rest_slow":
            what, seconds = luck.choice(OPERATIONS), luck.choice((1.0, 2.5, 3.5, 5.0))
        case "weather":
            what, seconds = luck.choice(("callbacks", "rest", "all")), 0.0
        case _ if kind.startswith("rest"):
            what, times = luck.choice(OPERATIONS), luck.choice((1, 1, 2, 3, 8))
    return Step(at, kind, "", what, seconds, times)
