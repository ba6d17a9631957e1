"""Which telephone numbers may enter this system, and how are they written, masked and spoken?"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from hotline.errors import BadInput

_ORDINARY = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
_EMERGENCY = re.compile(r"11[0-9]|116\d{3}|1500|1515|1518|152[0-9]|1530|19[0-9]|19696|911|999")
_NO_COUNTRY = "001"
"""How the library names satellite and other networks of no country."""

_LEAST_DIGITS = 6
_LEAST_SUBSCRIBER_DIGITS = 4
_PUNCTUATION = " ().-/·\u2010\u2011\u2012\u2013\u2014"
_SAME_NUMBERING_PLAN = {"VA": "IT"}
"""The Vatican is reached inside Rome's 06; countries that share a plan but not a tariff are kept apart."""


def parse_phone_number(text: str, country: str = "IT") -> str:
    """Return an ordinary fixed or mobile number in E.164; numbers without `+` or `00` are of `country`.

    Raise `BadInput` for everything else: emergency and short numbers in any spelling, premium and
    free-phone numbers, extensions, letters. The message shows at most the last three digits.

    >>> parse_phone_number("0781 33000"), parse_phone_number("0039 340-0000001")
    ('+39078133000', '+393400000001')
    """
    plain = _plain(text)
    if _is_emergency(plain):
        raise BadInput("an emergency or service number is never called by this software; give another number")
    if len(plain.lstrip("+")) < _LEAST_DIGITS:
        raise BadInput("the number is too short; write it in full, with its area code")
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException as error:
        raise BadInput(f"{mask(plain)} is not a telephone number; check its digits") from error
    if _is_emergency(_national(number)) or _is_short_inside_area(number):
        raise BadInput("an emergency or service number is never called by this software; give another number")
    if not phonenumbers.is_valid_number(number) or phonenumbers.region_code_for_number(number) == _NO_COUNTRY:
        raise BadInput(f"{mask(plain)} is not a complete number of any country; check its digits")
    if phonenumbers.number_type(number) not in _ORDINARY:
        raise BadInput(
            f"{mask(plain)} is not a fixed or mobile number (premium, free-phone or other); give one"
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_dialable(number: str, allowed_countries: Iterable[str]) -> bool:
    """Tell whether we may ring or text an E.164 number: ordinary, and of an allowed country."""
    return _country_of(number) in set(allowed_countries)


def check_dialable(number: str, allowed_countries: Iterable[str]) -> None:
    """Raise `BadInput` for a number that nobody may ring or text: the last guard before the outside."""
    countries = tuple(allowed_countries)
    if not is_dialable(number, countries):
        raise BadInput(
            f"{mask(number)} is not an ordinary number of {', '.join(countries) or 'any allowed country'}; "
            "correct it, or HOTLINE_ALLOWED_COUNTRIES"
        )


def is_landline(number: str) -> bool:
    """Tell whether an E.164 number is certainly a fixed line, which takes and sends no texts.

    >>> is_landline("+39078133000"), is_landline("+393400000001")
    (True, False)
    """
    return phonenumbers.number_type(phonenumbers.parse(number)) == PhoneNumberType.FIXED_LINE


def mask(number: str) -> str:
    """Return what screens and logs may show of a number.

    >>> mask("+393400000001")
    '•••001'
    """
    digits = re.sub(r"\D", "", number)
    return f"•••{digits[-3:]}" if len(digits) >= _LEAST_DIGITS else "•••"


def spoken_digits(number: str) -> tuple[str, ...]:
    """Return the digits of an E.164 number in the groups in which a voice reads them: a prefix, then pairs.

    >>> spoken_digits("+393400000001"), spoken_digits("+39078133000")
    (('340', '000', '00', '01'), ('0781', '330', '00'))
    """
    parsed = phonenumbers.parse(number)
    national = _national(parsed)
    abroad = () if parsed.country_code == 39 else ("00", str(parsed.country_code))
    prefix = phonenumbers.length_of_national_destination_code(parsed) or 3
    rest = national[prefix:]
    first = 3 if len(rest) % 2 and len(rest) > 1 else 2
    cuts = [0, *range(first, len(rest), 2), len(rest)]
    pairs = tuple(rest[start:end] for start, end in pairwise(cuts) if end > start)
    return (*abroad, national[:prefix], *pairs)


@lru_cache(maxsize=1024)
def _country_of(number: str) -> str | None:
    """Return the country of an E.164 number that may be called; remembered, for a live call asks often."""
    try:
        if not number.startswith("+") or parse_phone_number(number) != number:
            return None
    except BadInput:
        return None
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return _SAME_NUMBERING_PLAN.get(region or "", region)


def _plain(text: str) -> str:
    """Return only `+` and ASCII digits; letters, extensions and pauses could hide a second number."""
    kept = []
    for sign in unicodedata.normalize("NFKC", text).strip().removeprefix("tel:"):
        if sign.isdecimal():
            kept.append(str(unicodedata.decimal(sign)))
        elif sign == "+" and not kept:
            kept.append(sign)
        elif sign not in _PUNCTUATION:
            raise BadInput(
                "a telephone number has digits only, and perhaps + in front; remove the other signs"
            )
    return "".join(kept)


def _is_emergency(digits: str) -> bool:
    return bool(_EMERGENCY.fullmatch(digits) or _EMERGENCY.fullmatch(re.sub(r"^(\+|00)?(39)?0?", "", digits)))


def _national(number: PhoneNumber) -> str:
    return phonenumbers.national_significant_number(number)


def _is_short_inside_area(number: PhoneNumber) -> bool:
    """Tell whether a fixed number is an area code and a service number, as 0781 112."""
    area = phonenumbers.length_of_geographical_area_code(number)
    subscriber = _national(number)[area:]
    return area > 0 and (len(subscriber) < _LEAST_SUBSCRIBER_DIGITS or _is_emergency(subscriber))
