"""Who calls and who is rung in a rough play? Random people, each drawn from the seed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from hotline.simulator.behaviours import AnswersAndPresses, Asleep, Behaviour, Declines, Voicemail
from hotline.simulator.exchange import Exchange
from hotline.simulator.handset import Handset
from hotline.simulator.leg import Leg

VOLUNTEERS, SOCIAL_WORKERS, COORDINATORS = 8, 2, 2
_LOOKS_EVERY = 1.0
KEYS = ["", "", "1", "2", "3", "4", "4", "5", "7", "9", "0"]


def staff() -> str:
    """Return the people on duty, as lines of `name,phone,role,languages`."""
    roles = ["volunteer"] * VOLUNTEERS + ["social_worker"] * SOCIAL_WORKERS + ["coordinator"] * COORDINATORS
    return "".join(f"Staff{n} Prova,+39340000{n:04},{role},it\n" for n, role in enumerate(roles, 1))


class Moody(Behaviour):
    """Does something else each time the phone rings: mostly answers and presses 1."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    def ring(self, handset: Handset, leg: Leg) -> None:
        """Draw what the owner does this time."""
        after, thinks = self._dice.uniform(2, 12), self._dice.uniform(3, 12)
        [mood] = self._dice.choices(
            [
                AnswersAndPresses("1", after, thinks),
                AnswersAndPresses("2", after, thinks),
                AnswersAndPresses("", after),
                Asleep(),
                Declines(after),
                Voicemail(20.0, 30.0),
            ],
            weights=[60, 6, 4, 12, 8, 10],
        )
        mood.ring(handset, leg)


@dataclass(eq=False)
class Caller:
    """Somebody who dials, may press a key, waits for so long, talks for so long, and hangs up."""

    handset: Handset
    patience: float
    talk: float
    key: tuple[float, str]
    withheld: bool
    leg: Leg | None = None
    began_at: datetime | None = None
    talked_at: datetime | None = None
    hung_up: bool = False
    _leaves_at: datetime | None = field(default=None, init=False)

    @classmethod
    def drawn(cls, exchange: Exchange, number: int, dice: Random) -> "Caller":
        """Draw a caller; every one has a telephone of their own."""
        handset = exchange.add_handset(f"Caller {number}", f"+39340000{1000 + number:04}")
        return cls(
            handset,
            patience=dice.choices([dice.uniform(5, 40), dice.uniform(40, 200)], weights=[15, 85])[0],
            talk=dice.uniform(8, 50),
            key=(dice.uniform(2, 60), dice.choice(KEYS)),
            withheld=dice.random() < 0.1,
        )

    @property
    def exchange(self) -> Exchange:
        """Return the exchange of this telephone."""
        return self.handset.exchange

    @property
    def is_done(self) -> bool:
        """Tell whether the call is over."""
        return self.leg is not None and self.leg.over

    @property
    def stayed(self) -> float:
        """Return how many seconds the call lasted."""
        ended_at = self.leg.ended_at if self.leg is not None else None
        return (ended_at - self.began_at).total_seconds() if ended_at and self.began_at else 0.0

    def dials(self) -> None:
        """Dial, and look every second how it goes."""
        with self.exchange.lock:
            self.began_at = self.exchange.now()
            self._leaves_at = self.began_at + timedelta(seconds=self.patience)
            self.leg = self.handset.dial(anonymous=self.withheld)
            self.exchange.agenda.after(_LOOKS_EVERY, self._looks)
            self.exchange.agenda.after(self.key[0], self._presses)

    def _presses(self) -> None:
        if self.key[1] and not self.is_done and self.talked_at is None:
            self.handset.press(self.key[1])

    def _looks(self) -> None:
        now = self.exchange.now()
        if self.is_done or self._leaves_at is None:
            return
        if self.talked_at is None and self.exchange.talks.names_with(self.handset):
            self.talked_at, self._leaves_at = now, now + timedelta(seconds=self.talk)
        if now >= self._leaves_at:
            self.hung_up = True
            self.handset.hang_up()
        else:
            self.exchange.agenda.after(_LOOKS_EVERY, self._looks)
