"""Who is on the other side of a change of shift, whichever way shifts are cut?"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.handovers.talk import Change, Side, change_near
from hotline.oncall.shifts import Shift

ROME = ZoneInfo("Europe/Rome")
EIGHT = datetime(2026, 11, 22, 20, 0, tzinfo=ROME)


def shift(who: str, begins: float, ends: float, role: str = "volunteer") -> Shift:
    """Return a shift from so many hours after eight in the evening to so many."""
    return Shift(who, role, EIGHT + timedelta(hours=begins), EIGHT + timedelta(hours=ends))


ANNA, BRUNO = shift("anna", -4, 0), shift("bruno", 0, 4)


@pytest.mark.parametrize(
    ("shifts", "who", "minutes", "expected"),
    [
        ([ANNA, BRUNO], "anna", -59, Change(Side.NEXT, ("bruno",))),
        ([ANNA, BRUNO], "anna", 60, Change(Side.NEXT, ("bruno",))),
        ([ANNA, BRUNO], "anna", -61, None),
        ([ANNA, BRUNO], "anna", 61, None),
        ([ANNA, BRUNO], "bruno", 0, Change(Side.BEFORE, ("anna",))),
        ([ANNA, BRUNO], "somebody", 0, None),
        # Somebody beside her, with the same hours, is on the same side.
        ([ANNA, shift("dora", -4, 0), BRUNO], "anna", 0, Change(Side.NEXT, ("bruno",))),
        # The own role first; another where nobody of it comes.
        ([ANNA, BRUNO, shift("lucia", 0, 12, "social_worker")], "anna", 0, Change(Side.NEXT, ("bruno",))),
        ([ANNA, shift("lucia", 0, 12, "social_worker")], "anna", 0, Change(Side.NEXT, ("lucia",))),
        # A turn that was cut into pieces has no change of shift where it was cut.
        ([ANNA, shift("anna", 0, 4), shift("bruno", 4, 8)], "anna", 0, None),
        ([ANNA, shift("bruno", -8, 0), shift("bruno", 0, 8)], "anna", 0, None),
        ([ANNA, replace(BRUNO, withdrawn=True)], "anna", 0, None),
    ],
)
def test_who_is_on_the_other_side(
    shifts: list[Shift], who: str, minutes: int, expected: Change | None
) -> None:
    assert change_near(shifts, who, EIGHT + timedelta(minutes=minutes)) == expected
