"""Does somebody prefer a slot, or is its time impossible for them? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hotline.oncall.proof.spans import ONE_DAY, Span, days_of
from hotline.oncall.rota.bands import moment_of
from hotline.people.terms import Wish, Wishes


@dataclass(frozen=True)
class Wished:
    """What everybody said of times of the week, on the wall of one zone."""

    wishes: tuple[Wish, ...]
    zone: ZoneInfo

    def is_impossible(self, person_id: str, span: Span) -> bool:
        """Tell whether somebody cannot at some moment of a stretch."""
        return any(said.within(span) for said in self._said(person_id, Wishes.IMPOSSIBLE, span))

    def is_preferred(self, person_id: str, span: Span) -> bool:
        """Tell whether a whole stretch is within a time that somebody prefers."""
        return any(said.within(span) == span for said in self._said(person_id, Wishes.PREFERRED, span))

    def _said(self, person_id: str, what: Wishes, near: Span) -> Iterator[Span]:
        for wish in self.wishes:
            if wish.person_id == person_id and wish.wish == what:
                yield from _times(wish, near, self.zone)


def _times(wish: Wish, near: Span, zone: ZoneInfo) -> Iterable[Span]:
    """Yield the times of a wish that may touch a stretch: what began on the day before may still run."""
    for day in days_of(Span(near.starts_at - ONE_DAY, near.ends_at), zone):
        if day.weekday() in wish.days:
            ends_on = day if wish.ends > wish.starts else day + ONE_DAY
            starts_at, ends_at = moment_of(day, wish.starts, zone), moment_of(ends_on, wish.ends, zone)
            if starts_at < ends_at:
                yield Span(starts_at, ends_at)
