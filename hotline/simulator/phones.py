"""How does a story speak about telephones: dials, hears, presses, rings, answers, talks with?"""

from collections.abc import Callable, Mapping
from datetime import datetime

from hotline.simulator.behaviours import AnswersAndPresses, Asleep, Behaviour, Busy, Declines, Manual, Off
from hotline.simulator.behaviours import Voicemail as _Voicemail
from hotline.simulator.exchange import Exchange
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import plain_words

manual, asleep, busy, off = Manual(), Asleep(), Busy(), Off()
SECONDS_BETWEEN_KEYS = 1.0
Predicate = Callable[[], bool]


def voicemail(after: float = 20.0, lasts: float = 60.0) -> Behaviour:
    """Make a phone whose voicemail box answers and never presses anything."""
    return _Voicemail(after, lasts)


def answers_and_presses(keys: str, after: float = 4.0, thinks: float = 3.0) -> Behaviour:
    """Make a phone whose owner answers after `after` seconds and then presses `keys`."""
    return AnswersAndPresses(keys, after, thinks)


def declines(after: float = 3.0) -> Behaviour:
    """Make a phone whose owner refuses by hand."""
    return Declines(after)


class Phone:
    """One person's telephone in a story; each verb lets time pass until it holds, or fails loudly."""

    def __init__(self, exchange: Exchange, name: str, number: str, behaviour: Behaviour = manual) -> None:
        self.exchange, self.name = exchange, name
        self.handset = exchange.add_handset(name, number, behaviour)
        self.number = self.handset.number
        self._cursor = 0
        self._cursor_call = 0

    # What the owner does

    def dials(
        self,
        line_number: str = "",
        anonymous: bool = False,
        from_field: str | None = None,
        extra: dict[str, str] | None = None,
        bare: bool = False,
    ) -> Leg:
        """Dial the line; `from_field` is sent as it is, `bare` leaves out all optional fields."""
        leg = self.handset.dial(line_number.replace(" ", ""), anonymous, from_field, extra, bare)
        self._now()
        return leg

    def answers(self, within: float = 0.0) -> None:
        """Pick up; the phone must ring, at the latest `within` seconds from now."""
        self._wait_for(lambda: self.handset.is_ringing, within, "does not ring")
        self.handset.answer()
        self._now()

    def declines(self, within: float = 0.0) -> None:
        """Refuse the call by hand; the phone must ring, at the latest `within` seconds from now."""
        self._wait_for(lambda: self.handset.is_ringing, within, "does not ring")
        self.handset.decline()
        self._now()

    def presses(self, keys: str, every: float = SECONDS_BETWEEN_KEYS) -> None:
        """Press one key, or several with `every` seconds between them."""
        for place, key in enumerate(keys):
            if place:
                self.exchange.run_for(every)
            self.handset.press(key)
            self._now()

    def hangs_up(self) -> None:
        """Put the receiver down."""
        self.handset.hang_up()
        self._now()

    def texts(self, body: str, line_number: str = "", more: Mapping[str, str | None] | None = None) -> None:
        """Send a text; `more` fields of the webhook replace the usual ones, or are left out where None."""
        self.handset.text(body, line_number.replace(" ", ""), more)
        self._now()

    def text_arrives_again(self) -> None:
        """Let the last text come in once more: the same message, the same SID."""
        self.handset.text_arrives_again()
        self._now()

    def waits(self, seconds: float) -> None:
        """Do nothing for `seconds`."""
        self.exchange.run_for(seconds)

    def is_now(self, behaviour: Behaviour) -> None:
        """Change what the owner does from the next call on."""
        self.handset.behaviour = behaviour

    # What the owner notices

    def hears(self, text: str, within: float = 30.0) -> datetime:
        """Wait until `text` was spoken since the last `hears` of this call; return the moment.

        Case, punctuation and the limits between sentences do not matter; a word counts once spoken.
        """
        self._wait_for(lambda: self._found(text) is not None, within, f"did not hear «{text}»")
        self._cursor = self._found(text) or self._cursor
        return self.exchange.now()

    def hears_nothing_like(self, text: str, for_seconds: float = 0.0) -> None:
        """Fail if `text` was spoken in this call, or is within the next `for_seconds`."""
        self.exchange.run_for(for_seconds)
        if _position(self.handset.call_words(), text) is not None:
            self._fail(f"heard «{text}»")

    def heard(self) -> str:
        """Return everything heard so far in this call."""
        return " ".join(self.handset.call_words())

    def rings(self, within: float = 40.0) -> datetime:
        """Wait until the phone rings; return the moment at which it began to."""
        self._wait_for(lambda: self.handset.is_ringing, within, "does not ring")
        return self.handset.rang_at[-1]

    def is_ringing(self) -> bool:
        """Tell whether the phone rings."""
        return self.handset.is_ringing

    def times_rung(self) -> int:
        """Return how often the phone has rung."""
        return len(self.handset.rang_at)

    def stops_ringing(self, within: float = 10.0) -> None:
        """Wait until the phone is silent."""
        self._wait_for(lambda: not self.handset.is_ringing, within, "still rings")

    def never_rang(self) -> None:
        """Fail if the phone has ever rung."""
        if self.handset.rang_at:
            self._fail(f"rang {len(self.handset.rang_at)} times")

    def is_on_the_line(self) -> bool:
        """Tell whether a call is up on this phone."""
        return self.handset.is_on_the_line

    def hung_up(self, within: float = 10.0) -> None:
        """Wait until no call is left on this phone."""
        self._wait_for(lambda: self.handset.leg is None, within, "is still on the line")

    def talks_with(self, *others: "Phone", within: float = 10.0) -> datetime:
        """Wait until exactly these people can hear each other; return the moment."""
        wanted = frozenset(other.name for other in others)
        together = " and ".join(sorted(wanted))
        self._wait_for(lambda: self.talking_with() == wanted, within, f"does not talk with {together}")
        return self.exchange.now()

    def talking_with(self) -> frozenset[str]:
        """Return the names of those who can hear this phone now."""
        return self.exchange.talks.names_with(self.handset)

    def talks_with_nobody(self) -> None:
        """Fail if anybody can hear this phone."""
        if self.talking_with():
            self._fail(f"talks with {', '.join(sorted(self.talking_with()))}")

    def reads(self, text: str, within: float = 60.0) -> str:
        """Wait until a text containing `text` arrived; return its whole body."""
        self._wait_for(lambda: self._read(text) is not None, within, f"did not read «{text}»")
        return self._read(text) or ""

    def reads_nothing(self) -> None:
        """Fail if any text ever arrived."""
        if self.handset.inbox:
            self._fail(f"read «{self.handset.inbox[0].body}»")

    def texts_read(self) -> list[str]:
        """Return every text that has arrived, oldest first."""
        return [message.body for message in self.handset.inbox]

    def _read(self, text: str) -> str | None:
        bodies = (message.body for message in self.handset.inbox)
        return next((body for body in bodies if text.casefold() in body.casefold()), None)

    def _found(self, text: str) -> int | None:
        if self._cursor_call != self.handset.calls:
            self._cursor_call, self._cursor = self.handset.calls, 0
        return _position(self.handset.call_words(), text, self._cursor)

    def _now(self) -> None:
        self.exchange.run_for(0)

    def _wait_for(self, predicate: Predicate, within: float, complaint: str) -> None:
        if not self.exchange.run_until(predicate, within):
            self._fail(f"{complaint} within {within:g} s" if within else complaint)

    def _fail(self, complaint: str) -> None:
        play = self.exchange.transcript.as_text(self.exchange.now())
        raise AssertionError(f"{self.name} {complaint}.\n\n{play}\n{_troubles(self.exchange)}")


def _position(words: list[str], text: str, start: int = 0) -> int | None:
    """Return the index after the first occurrence of `text` in the heard words, or None.

    >>> _position("Prema uno, per favore. Prema due.".split(), "prema due")
    6
    >>> _position("Prema uno, per favore.".split(), "prema", start=1) is None
    True
    """
    plain = [(place, part) for place, word in enumerate(words) for part in plain_words(word)]
    later = [(place, part) for place, part in plain if place >= start]
    joined, wanted = " ".join(part for _, part in later), " ".join(plain_words(text))
    found = joined.find(wanted)
    if found < 0 or not wanted:
        return None
    last = joined[: found + len(wanted)].count(" ")
    return later[last][0] + 1


def _troubles(exchange: Exchange) -> str:
    lines = [f"violation: {complaint}" for complaint in exchange.violations]
    return "\n".join(lines + [f"trouble: {each.code} {each.reason} {each.url}" for each in exchange.troubles])


class Town:
    """The people of a story: each name has one telephone."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.phones: dict[str, Phone] = {}

    def phone(self, name: str, number: str, behaviour: Behaviour = manual) -> Phone:
        """Give somebody a telephone."""
        self.phones[name] = phone = Phone(self.exchange, name, number, behaviour)
        return phone

    def __getitem__(self, name: str) -> Phone:
        return self.phones[name]

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.exchange.run_for(seconds)

    def everybody_hung_up(self, within: float = 30.0) -> None:
        """Wait until no call is left anywhere."""
        legs = self.exchange.legs.values
        if not self.exchange.run_until(lambda: all(leg.over for leg in legs()), within):
            up = sorted({leg.name for leg in legs() if not leg.over})
            raise AssertionError(f"still on the line: {', '.join(up)}\n\n{self.play()}")

    def play(self) -> str:
        """Return the transcript of everything so far."""
        return self.exchange.transcript.as_text(self.exchange.now())

    def broke_no_rule(self) -> None:
        """Fail if the service ever broke one of Twilio's rules."""
        if self.exchange.violations:
            raise AssertionError("\n".join([*self.exchange.violations, "", self.play()]))
