"""What is a call flow made of? Nodes, the keys that leave them, and what a key brings about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Position(StrEnum):
    """Where a leg is; the live call decides, the flow only says what is heard there."""

    GREETING = "greeting"
    HOLD = "hold"
    ROOM = "room"
    STAFF = "staff"
    OVER = "over"


@dataclass(frozen=True)
class StartRinging:
    """Begin to ring phones, if none has been rung yet."""


@dataclass(frozen=True)
class ChooseCategory:
    """Note what the call is about; it adds phones and stops none."""

    code: str


@dataclass(frozen=True)
class SpeakLanguage:
    """Speak this language from now on."""

    code: str


@dataclass(frozen=True)
class RaiseFlag:
    """Note a fact for whoever answers."""

    name: str


@dataclass(frozen=True)
class WidenPlan:
    """Ring everybody, also those whom the category alone would let sleep."""


@dataclass(frozen=True)
class AgreeCallBack:
    """Store that this caller wants to be called back; `shown`: they know that our number will show."""

    shown: bool = False


@dataclass(frozen=True)
class Decline:
    """Store that this caller must not be called."""


@dataclass(frozen=True)
class KeepNumber:
    """Note that a number was keyed in, and waits for its yes."""


@dataclass(frozen=True)
class ResumeRinging:
    """Begin to ring again after a conversation broke off."""


@dataclass(frozen=True)
class Accept:
    """Claim the call for this responder."""


@dataclass(frozen=True)
class PassOn:
    """Let others go on; the responder may still change their mind for a few seconds."""


@dataclass(frozen=True)
class Confirm:
    """Take over what an alarm speaks of."""


@dataclass(frozen=True)
class CallIn:
    """Ring somebody for a conversation that goes on; `errand` says who, and what for."""

    errand: str


@dataclass(frozen=True)
class EndCall:
    """Say goodbye to the caller, or after an offence that this call is closed, and end it."""

    offensive: bool = False


@dataclass(frozen=True)
class CallPerson:
    """Ring the person who was promised a call."""


@dataclass(frozen=True)
class Report:
    """Note how it went: of a call-back talked, again, wrong; of a call what the responder keys after it."""

    result: str


@dataclass(frozen=True)
class OpenDoor:
    """Let in a member of staff whose PIN was right."""


@dataclass(frozen=True)
class TakeOwed:
    """Go on to the most urgent thing that is owed to a caller."""


@dataclass(frozen=True)
class CallColleague:
    """Ring whoever comes after this member of staff, or was there before, to hand over by voice."""


@dataclass(frozen=True)
class StepDown:
    """Store that this member of staff cannot, now."""


@dataclass(frozen=True)
class CheckIn:
    """Confirm the shift that runs, or the next one."""


@dataclass(frozen=True)
class CheckOut:
    """Say what whoever goes off duty must know; early, that this is "I can't, now"."""


@dataclass(frozen=True)
class ChooseShift:
    """Note which of their coming shifts this member of staff means: the first, the second, the third."""

    place: int


@dataclass(frozen=True)
class OfferShift:
    """Offer the shift that was chosen to all who may take it."""


@dataclass(frozen=True)
class TakeShift:
    """Take the offered shift that this member of staff was asked for."""


Effect = (
    StartRinging
    | ChooseCategory
    | SpeakLanguage
    | RaiseFlag
    | WidenPlan
    | AgreeCallBack
    | Decline
    | KeepNumber
    | ResumeRinging
    | Accept
    | PassOn
    | Confirm
    | CallIn
    | EndCall
    | CallPerson
    | Report
    | OpenDoor
    | TakeOwed
    | StepDown
    | CallColleague
    | CheckIn
    | CheckOut
    | ChooseShift
    | OfferShift
    | TakeShift
)


@dataclass(frozen=True)
class Say:
    """Speak one prompt; `keys` fills its placeholders with digits, `language` overrides the caller's.

    `{category}` in the name is the chosen category; `MENU` stands for the spoken menu of categories.
    Where no category is chosen, `if_none` is said instead, or nothing; with `only`, it is said to callers of
    these categories and to nobody else.
    """

    prompt: str
    keys: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    only: frozenset[str] | None = None
    if_none: str = ""


MENU = "menu"
SCRIPT = "script"
"""Stands for the next sentence that is due in the hold, or the tone between sentences."""

TYPED, NO_NUMBER = "typed", "no number"
"""In place of a key where digits are keyed in: a number we may ring, or the right PIN, and anything else."""


@dataclass(frozen=True)
class Go:
    """Leave for another node, bringing something about; for a withheld number perhaps elsewhere."""

    to: str
    does: tuple[Effect, ...] = ()
    if_withheld: str = ""


@dataclass(frozen=True)
class Node:
    """One moment of a call: what is said, how long we listen after it, and where each key leads.

    Without exits the leg is ended after the last word; `room` nodes are left when the room ends, and `staff`
    nodes lead back to the caller's flow. `typing`: a whole number, or a PIN, may be keyed in, ended by `#` or
    by a pause of `seconds`.
    """

    name: str
    position: Position
    says: tuple[Say, ...] = ()
    seconds: int = 0
    keys: Mapping[str, Go] = field(default_factory=dict)
    otherwise: Go | None = None
    silence: Go | None = None
    typing: bool = False

    @property
    def exits(self) -> tuple[Go, ...]:
        """Return every way out."""
        return (*self.keys.values(), *(go for go in (self.otherwise, self.silence) if go is not None))


@dataclass(frozen=True)
class Sentence:
    """Say this prompt once, when the ringing is `after` seconds old; it may need a callable number."""

    after: int
    prompts: tuple[str, ...]
    needs_number: bool = False


@dataclass(frozen=True)
class HoldScript:
    """What a waiting caller is told, when; afterwards `every` seconds `then` is repeated."""

    sentences: tuple[Sentence, ...]
    then: str
    every: int
    tone: str


@dataclass(frozen=True)
class Flow:
    """A published call flow: calls store its name and version, so old ones can still be finished.

    `human` is where a leg goes that stands at a node we do not know, and `rescue` what comes about then;
    whoever must be careful waits at `quiet` instead. `entered` are the nodes that the live call chooses;
    at `redial` begins whoever called a short while ago, at `redial_quiet` if they had to be quiet then.
    """

    name: str
    version: int
    start: str
    nodes: Mapping[str, Node]
    human: str
    scripts: Mapping[str, HoldScript] = field(default_factory=dict)
    spoken_keys: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[tuple[str, str], ...] = ()
    quiet: str = ""
    rescue: tuple[Effect, ...] = ()
    entered: frozenset[str] = frozenset()
    redial: str = ""
    redial_quiet: str = ""

    def node(self, name: str) -> Node:
        """Return a node; an unknown one (from a newer or older flow) is the node that leads to a human."""
        return self.nodes.get(name) or self.nodes[self.human]


def table(*nodes: Node | None) -> dict[str, Node]:
    """Index nodes by name; None is a node that this profile does not need."""
    return {node.name: node for node in nodes if node is not None}
