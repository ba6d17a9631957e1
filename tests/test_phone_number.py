"""No emergency, short or premium number gets in, however it is written; ordinary numbers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import BadInput
from hotline.phone_number import check_dialable, is_dialable, mask, parse_phone_number, spoken_digits

NEVER_CALLED = (
    *("112", "113", "114", "115", "116000", "116117", "116123", "117", "118"),
    *("1500", "1515", "1518", "1522", "1525", "1530", "196", "19696", "187", "911", "999"),
)
SIGNS = st.sampled_from(["", " ", "-", ".", "/", "(", ")", "\u00a0", "\u2011", "\u2013", "  "])
DIGIT_FAMILIES = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0781 33000", "+39078133000"),
        ("+39 0781-33000", "+39078133000"),
        ("0039 0781 33000", "+39078133000"),
        ("(0781) 33000", "+39078133000"),
        ("340 0000001", "+393400000001"),
        ("+39 340 0000001", "+393400000001"),
        ("tel:+39-340-0000001", "+393400000001"),
        ("٣٤٠٠٠٠٠٠٠١", "+393400000001"),
        ("050 0000000", "+390500000000"),
        ("+40 721 000001", "+40721000001"),
    ],
)
def test_ordinary_numbers_are_understood_as_people_write_them(written: str, meant: str) -> None:
    assert parse_phone_number(written) == meant


@given(
    number=st.sampled_from(NEVER_CALLED),
    prefix=st.sampled_from(
        ["", "+39", "0039", "39", "+", "00", "+390", "00390", "0", "tel:", "tel:+39", "0781", "055"]
    ),
    signs=st.lists(SIGNS, min_size=16, max_size=16),
    family=DIGIT_FAMILIES,
)
def test_no_emergency_number_gets_in_however_it_is_spelt(
    number: str, prefix: str, signs: list[str], family: str
) -> None:
    scheme, digits = ("tel:", prefix[4:]) if prefix.startswith("tel:") else ("", prefix)
    spelt = scheme + "".join(
        (family[int(sign)] if sign.isdigit() else sign) + between
        for sign, between in zip(digits + number, signs, strict=False)
    )
    with pytest.raises(BadInput):
        parse_phone_number(spelt)
    assert not is_dialable(spelt, ["IT"])


@given(st.text(max_size=30))
def test_whatever_is_written_either_becomes_an_ordinary_number_or_is_refused(text: str) -> None:
    try:
        number = parse_phone_number(text)
    except BadInput:
        return
    assert number.startswith("+")
    assert 8 <= len(number) <= 16
    assert parse_phone_number(number) == number


@given(st.from_regex(r"\+39[0-9]{1,9}", fullmatch=True))
def test_every_italian_number_let_in_begins_like_a_fixed_mobile_or_internet_line(text: str) -> None:
    try:
        number = parse_phone_number(text)
    except BadInput:
        return
    assert number[3] in "035"
    assert len(number) > len("+39") + 5


@pytest.mark.parametrize(
    "special",
    [
        *("144 123456", "166 123456", "178 123456", "199 123456", "892 424", "895 123456", "899 123456"),
        *("800 290 290", "803 116", "840 123456", "848 123456", "+39 899 123456", "0039 144 123456"),
        *("+44 900 0000000", "+882 16 0000000", "+870 773 000000"),
    ],
)
def test_premium_free_phone_and_satellite_numbers_are_refused(special: str) -> None:
    with pytest.raises(BadInput):
        parse_phone_number(special)


@pytest.mark.parametrize(
    "hiding",
    [
        "340 0000001 ext 112",
        "340 0000001;ext=112",
        "340 0000001,,112",
        "340 0000001p112",
        "340VANITY",
        "+39+112",
        "*31#112",
    ],
)
def test_nothing_can_hide_behind_a_number(hiding: str) -> None:
    with pytest.raises(BadInput):
        parse_phone_number(hiding)


def test_a_refusal_never_repeats_the_number() -> None:
    for text in ("340 00000012345", "899 123456", "+39 0781 3"):
        with pytest.raises(BadInput) as refused:
            parse_phone_number(text)
        assert text not in str(refused.value)
        assert text.replace(" ", "") not in str(refused.value)


def test_only_numbers_of_allowed_countries_are_dialled() -> None:
    assert is_dialable("+393400000001", ["IT"])
    assert is_dialable("+40721000001", ["IT", "RO"])
    assert not is_dialable("+40721000001", ["IT"])
    assert not is_dialable("+18765550123", ["US"])  # Jamaica shares +1, not the tariff
    assert not is_dialable("3400000001", ["IT"])  # only E.164 leaves us
    assert not is_dialable("+39112", ["IT"])
    assert not is_dialable("", ["IT"])


def test_the_last_guard_before_the_outside_names_the_countries_and_hides_the_number() -> None:
    check_dialable("+393400000001", ["IT"])
    for number in ("+40721000001", "+39112", "0781 33000", "+39899123456"):
        with pytest.raises(BadInput, match="not an ordinary number of IT") as refused:
            check_dialable(number, ["IT"])
        assert number not in str(refused.value)


def test_a_number_is_shown_by_its_last_three_digits_and_a_short_one_not_at_all() -> None:
    assert mask("+393400000001") == "•••001"
    assert mask("112") == "•••"
    assert mask("") == "•••"


@pytest.mark.parametrize("number", ["+393400000001", "+39078133000", "+390223272327", "+40721000001"])
def test_a_spoken_number_loses_no_digit(number: str) -> None:
    spoken = "".join(spoken_digits(number))
    assert spoken == number.replace("+39", "").replace("+", "00")
    assert all(len(group) <= 4 for group in spoken_digits(number))
