"""Whoever calls, whatever the network says about them: a number, or nobody we could ring back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callers.caller import parse_caller


def test_a_caller_who_shows_a_number_is_known_by_it() -> None:
    caller = parse_caller("+393400000001")
    assert caller.number == "+393400000001"
    assert not caller.withheld


@pytest.mark.parametrize(
    "from_field",
    [
        *(
            "anonymous",
            "Anonymous",
            "ANONYMOUS",
            "Restricted",
            "unavailable",
            "Unknown",
            "Blocked",
            "PRIVATE",
        ),
        *("+266696687", "+7378742833", "+86282452253", "+8656696", "+2562533", "+7748283"),
        *("", "   ", None, "sip:anna@example.org", "client:anna", "sip:+393400000001@example.org"),
        *("3400000001", "+0393400000001", "+39", "+", "+39340000000100000", "x" * 10_000, "+39٣٤٠٠٠٠٠٠٠١"),
        "+393400000001\n+390000000000",
    ],
)
def test_a_hidden_or_strange_caller_is_withheld_and_never_lost(from_field: str | None) -> None:
    caller = parse_caller(from_field)
    assert caller.withheld
    assert caller.number is None


@pytest.mark.parametrize("forged", ["+39112", "+391522", "+39116117", "+39899123456", "+39800290290"])
def test_a_forged_emergency_or_premium_number_is_nobody_to_call_back(forged: str) -> None:
    assert parse_caller(forged).withheld


@given(st.one_of(st.none(), st.text(), st.from_regex(r"\+?[0-9 ]{0,20}", fullmatch=True)))
def test_no_from_field_raises(from_field: str | None) -> None:
    caller = parse_caller(from_field)
    assert caller.withheld == (caller.number is None)
