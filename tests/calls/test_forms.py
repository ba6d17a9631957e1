"""Which call needs a form, and who of those who spoke writes it?"""

from datetime import timedelta

import pytest

from hotline.calls.forms.form import Spoke, who_owes
from tests.conftest import NIGHT_IN_NOVEMBER


def spoke(who: str, since: int, until: int, role: str = "volunteer") -> Spoke:
    """Let somebody speak from one minute to another."""
    began, ended = (NIGHT_IN_NOVEMBER + timedelta(minutes=minute) for minute in (since, until))
    return Spoke("call", who, role, began, ended)


@pytest.mark.parametrize(
    ("talks", "owes"),
    [
        ([], None),
        ([spoke("anna", 0, 5)], "anna"),
        # Handed over: the three of them, then Bruno alone.
        ([spoke("anna", 0, 5), spoke("bruno", 4, 5), spoke("bruno", 5, 9)], "bruno"),
        # The line was lost, and somebody else went on.
        ([spoke("anna", 0, 20), spoke("bruno", 21, 22)], "bruno"),
        # Joined: both were there to the end, and the last room began for both at once.
        ([spoke("lucia", 6, 9), spoke("anna", 6, 9), spoke("lucia", 3, 6), spoke("anna", 0, 6)], "anna"),
        # Somebody came to hear the address, and left to dial 112.
        ([spoke("anna", 0, 9), spoke("carla", 3, 4)], "anna"),
        # Whoever answered went first, and only the interpreter was left for a moment.
        ([spoke("anna", 0, 8), spoke("ines", 3, 9, "interpreter")], "anna"),
        ([spoke("ines", 3, 9, "interpreter")], None),
    ],
)
def test_whoever_spoke_last_writes_the_form_and_the_first_of_those_who_stayed(
    talks: list[Spoke], owes: str | None
) -> None:
    assert who_owes(talks) == owes
    assert who_owes(reversed(talks)) == owes
