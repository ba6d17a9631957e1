"""Which overrides put somebody in the place of somebody who is not on then any more? Pure."""

from collections.abc import Iterable, Sequence

from hotline.oncall.overrides.override import Override
from hotline.oncall.proof.spans import Span, without
from hotline.oncall.shifts import Shift


def idle(made: Sequence[Override], shifts: Iterable[Shift], window: Span) -> tuple[Override, ...]:
    """Return the replacements of whose time in a window some is nobody's to give: two may be on for one.

    A new version that gives a swapped night to a third person does that: the swap holds, and so does the
    version. `shifts` are not cut by overrides; whom overrides put on, others may replace in their turn.
    """
    on: dict[tuple[str, str], list[Span]] = {}
    for shift in (*shifts, *(one.addition for one in made if one.addition)):
        on.setdefault((shift.person_id, shift.role), []).append(Span(shift.starts_at, shift.ends_at))

    def is_idle(one: Override) -> bool:
        if not (one.off_id and one.on_id):
            return False
        meant = Span(one.starts_at, one.ends_at).within(window)
        return meant is not None and bool(without(meant, on.get((one.off_id, one.role), ())))

    return tuple(filter(is_idle, made))
