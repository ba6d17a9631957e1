"""When was somebody really on duty: their shifts without the time for which they could not? Pure."""

from collections import defaultdict
from collections.abc import Iterable

from hotline.oncall.cover import Withdrawal
from hotline.oncall.proof.spans import Span, parts_within, union, without
from hotline.oncall.shifts import Shift


def served(
    shifts: Iterable[Shift], withdrawals: Iterable[Withdrawal], window: Span
) -> dict[tuple[str, str], tuple[Span, ...]]:
    """Return the time on duty within a window, by person and role.

    Whoever said "I can't, now" was on duty until they said so; the time of their cover is the cover's own.
    """
    on: dict[tuple[str, str], list[Span]] = defaultdict(list)
    could_not: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for shift in shifts:
        on[shift.person_id, shift.role].append(Span(shift.starts_at, shift.ends_at))
    for said in withdrawals:
        until = said.until if said.back_at is None else min(said.back_at, said.until)
        if said.said_at < until:
            could_not[said.person_id, said.role].append(Span(said.said_at, until))
    return {
        pair: union(
            piece for span in parts_within(spans, window) for piece in without(span, could_not.get(pair, ()))
        )
        for pair, spans in on.items()
    }
