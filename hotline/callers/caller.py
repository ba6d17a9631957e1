"""Who is calling, as far as the network lets us know?"""

import re
from dataclasses import dataclass

from hotline.errors import BadInput
from hotline.phone_number import parse_phone_number

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SPELT_ON_A_KEYPAD = {
    "+266696687",  # anonymous
    "+7378742833",  # restricted
    "+86282452253",  # unavailable
    "+8656696",  # unknown
    "+2562533",  # blocked
    "+7748283",  # private
}


@dataclass(frozen=True)
class Caller:
    """The calling number in E.164, or None when it is withheld or cannot be a telephone."""

    number: str | None

    @property
    def withheld(self) -> bool:
        """Tell whether we do not know the number."""
        return self.number is None


def parse_caller(from_field: str | None) -> Caller:
    """Read the `From` of a call: whatever is not surely a number we could ring back is withheld.

    Never raise: a strange field must not cost a caller the call. Variants: Twilio sends words in any
    case, words spelt on a keypad, `sip:` and `client:` addresses, nothing at all.

    >>> parse_caller("+393400000001").number, parse_caller("Anonymous").withheld
    ('+393400000001', True)
    """
    text = (from_field or "").strip()
    if not _E164.fullmatch(text) or text in _SPELT_ON_A_KEYPAD:
        return Caller(None)
    try:
        return Caller(parse_phone_number(text))
    except BadInput:
        return Caller(None)
