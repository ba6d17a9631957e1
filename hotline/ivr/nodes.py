"""What is a call flow made of? Nodes, the keys that leave them, and what a key brings about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Position(StrEnum):
    """Where a leg is; the live call decides, the flow only says what is heard there."""

    GREETING = "greeting"
    HOLD = "hold"
    ROOM = "room"
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
    """Store that this caller wants to be called back on this number."""


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
    """Note that a notice was heard and understood."""


Effect = (
    StartRinging
    | ChooseCategory
    | SpeakLanguage
    | RaiseFlag
    | WidenPlan
    | AgreeCallBack
    | ResumeRinging
    | Accept
    | PassOn
    | Confirm
)


@dataclass(frozen=True)
class Say:
    """Speak one prompt; `keys` fills its placeholders with digits, `language` overrides the caller's.

    `{category}` in the name is the chosen category; `MENU` stands for the spoken menu of categories.
    """

    prompt: str
    keys: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


MENU = "menu"
SCRIPT = "script"
"""Stands for the next sentence that is due in the hold, or the tone between sentences."""


@dataclass(frozen=True)
class Go:
    """Leave for another node, bringing something about; `needs_number`: only if we know the caller's."""

    to: str
    does: tuple[Effect, ...] = ()
    needs_number: bool = False


@dataclass(frozen=True)
class Node:
    """One moment of a call: what is said, how long we listen after it, and where each key leads.

    Without exits the leg is ended after the last word; `room` nodes are left when the room ends.
    """

    name: str
    position: Position
    says: tuple[Say, ...] = ()
    seconds: int = 0
    keys: Mapping[str, Go] = field(default_factory=dict)
    otherwise: Go | None = None
    silence: Go | None = None

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
    """A published call flow: calls store its name and version, so old ones can still be finished."""

    name: str
    version: int
    start: str
    nodes: Mapping[str, Node]
    human: str
    scripts: Mapping[str, HoldScript] = field(default_factory=dict)
    spoken_keys: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[tuple[str, str], ...] = ()

    def node(self, name: str) -> Node:
        """Return a node; an unknown one (from a newer or older flow) is the node that leads to a human."""
        return self.nodes.get(name) or self.nodes[self.human]


def table(*nodes: Node) -> dict[str, Node]:
    """Index nodes by name."""
    return {node.name: node for node in nodes}
