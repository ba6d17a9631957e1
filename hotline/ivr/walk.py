"""Where can a leg be, and what can happen to it there? Every place and every move, found by playing them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.ivr.engine import CALLERS_KEYS, CANNOT_SPEAK, CAREFUL_FLAGS, Keys, Situation, Step, take_turn
from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    ChooseCategory,
    Effect,
    Flow,
    KeepNumber,
    RaiseFlag,
    ResumeRinging,
    StartRinging,
)
from hotline.profile import Profile

UNKNOWN_NODE = "(a node that this flow does not know)"
NO_KEY, NOBODY_REACHED, EMERGENCY = "silence", "silence when nobody was reached", "1 1 2"
_NO_SUCH_KEY = "?"
_SPELLED = Keys((("1", 2.0), ("1", 1.0), ("2", 0.0)))


@dataclass(frozen=True)
class Place:
    """A node, and what is true of a leg that stands there as far as the flow can tell."""

    node: str
    category: str | None = None
    careful: bool = False
    cannot_speak: bool = False
    ringing: bool = False
    number_known: bool = True
    number_keyed: bool = False


@dataclass(frozen=True)
class Move:
    """What a key, or none, does at a place: what comes about, and where it leads."""

    here: Place
    key: str
    does: tuple[Effect, ...]
    there: Place


@dataclass(frozen=True)
class Walk:
    """Every move that a leg can make in a flow, and every place where it can be."""

    places: tuple[Place, ...]
    moves: tuple[Move, ...]

    def categories_at(self, node: str) -> tuple[str | None, ...]:
        """Return the categories that a caller can have chosen when they are at a node; None: none yet."""
        return tuple(dict.fromkeys(place.category for place in self.places if place.node == node))


def walk(flow: Flow, profile: Profile) -> Walk:
    """Play every key in every place that a leg can reach, also those where the live call puts it."""
    found = dict.fromkeys(Place(flow.start, number_known=known) for known in (True, False))
    found |= {Place(flow.redial): None} if flow.redial else {}
    found |= {Place(flow.redial_quiet, careful=True): None} if flow.redial_quiet else {}
    moves: list[Move] = []
    waiting = list(found)
    while waiting:
        here = waiting.pop()
        made = list(_moves(flow, profile, here))
        moves += made
        reached = dict.fromkeys(move.there for move in made)
        fresh = [place for place in (*reached, *_put(flow, here)) if place not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return Walk(tuple(found), tuple(moves))


def _put(flow: Flow, here: Place) -> Iterator[Place]:
    """The live call may move a leg at any time; whether phones still ring for it is then not sure."""
    if here.node not in flow.entered:
        for name in (*sorted(flow.entered), UNKNOWN_NODE):
            yield replace(here, node=name, ringing=False)


def _moves(flow: Flow, profile: Profile, here: Place) -> Iterator[Move]:
    if not flow.node(here.node).exits:
        return
    now = Situation(category=here.category, careful=here.careful, number_known=here.number_known)
    typed = (TYPED, NO_NUMBER) if flow.node(here.node).typing else ()
    for key in (*CALLERS_KEYS, _NO_SUCH_KEY, *typed):
        yield _move(here, key, take_turn(flow, here.node, key, now), profile)
    yield _move(here, NO_KEY, take_turn(flow, here.node, None, now), profile)
    if here.ringing:
        unreached = take_turn(flow, here.node, None, replace(now, nobody_reached=True))
        yield _move(here, NOBODY_REACHED, unreached, profile)
        asked = replace(now, nobody_reached=True, asked_before=True)
        yield _move(here, NOBODY_REACHED, take_turn(flow, here.node, None, asked), profile)
    if flow.scripts:
        danger = profile.danger_category
        spelled = replace(now, danger_category=danger.code if danger else None, keys=_SPELLED)
        yield _move(here, EMERGENCY, take_turn(flow, here.node, "2", spelled), profile)


def _move(here: Place, key: str, step: Step, profile: Profile) -> Move:
    there = here if step.node.name == here.node else replace(here, node=step.node.name)
    for effect in step.does:
        match effect:
            case ChooseCategory(code):
                category = profile.category(code)
                careful = here.careful or (category is not None and category.careful)
                there = replace(there, category=code, careful=careful)
            case RaiseFlag(name) if name in CAREFUL_FLAGS:
                there = replace(there, careful=True, cannot_speak=name == CANNOT_SPEAK)
            case KeepNumber():
                there = replace(there, number_keyed=True)
            case StartRinging() | ResumeRinging():
                there = replace(there, ringing=True)
    return Move(here, key, step.does, there)
