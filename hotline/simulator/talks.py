"""Who can talk with whom at this moment?"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hotline.simulator.handset import Handset
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange


class Talks:
    """Keep the conversations of all Dials and rooms, and write their beginning and end down."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._now: dict[object, frozenset[Leg]] = {}

    def join(self, where: object, legs: Iterable[Leg]) -> None:
        """Record that exactly the people on `legs` can talk in a Dial or room."""
        together = frozenset(legs)
        if self._now.get(where, frozenset()) - together:
            self.part(where)
        if len(together) > 1:
            self._now[where] = together
            self._note("talk", together)

    def part(self, where: object) -> None:
        """Record that a conversation is over."""
        together = self._now.pop(where, None)
        if together is not None:
            self._note("part", together)

    def names_with(self, handset: Handset) -> frozenset[str]:
        """Return the names of those with whom a phone can talk now."""
        names: set[str] = set()
        for together in self._now.values():
            if any(leg.handset is handset for leg in together):
                names |= {leg.name for leg in together}
        return frozenset(names - {handset.name})

    def _note(self, kind: str, together: frozenset[Leg]) -> None:
        names = sorted(leg.name for leg in together)
        text = " and ".join(names)
        self._exchange.record(Entry(self._exchange.now(), kind, names[0], text, group=frozenset(names)))
