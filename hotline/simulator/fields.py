"""Which form fields does each webhook carry (twilio-contract §2 and §5)?"""

import math
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from hotline.simulator.wire import Fields

if TYPE_CHECKING:
    from hotline.simulator.leg import Leg

_COUNTRIES = {"+39": "IT", "+40": "RO", "+33": "FR", "+44": "GB", "+49": "DE", "+34": "ES", "+1": "US"}


def country_of(number: str) -> str:
    """Return the country of a number as Twilio fills it, or nothing.

    >>> country_of("+393400000001"), country_of("anonymous")
    ('IT', '')
    """
    return next((code for prefix, code in _COUNTRIES.items() if number.startswith(prefix)), "")


def _geography(side: str, number: str) -> dict[str, str]:
    country = country_of(number) if len(number) > 8 and number not in _SPELT else ""
    return {f"{side}City": "", f"{side}State": "", f"{side}Zip": "", f"{side}Country": country}


_SPELT = frozenset({"+266696687", "+7378742833", "+86282452253", "+8656696", "+2562533"})


def call_fields(leg: "Leg", status: str | None = None) -> dict[str, str]:
    """Return the fields that every call webhook carries; a bare leg sends only the indispensable ones."""
    fields = {
        "AccountSid": leg.exchange.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": status or leg.status,
        "Direction": leg.direction,
        "From": leg.from_field,
        "To": leg.to_field,
    }
    if leg.bare:
        return fields
    fields |= {"Caller": leg.from_field, "Called": leg.to_field}
    for side, number in (("From", leg.from_field), ("Caller", leg.from_field)):
        fields |= _geography(side, number)
    for side, number in (("To", leg.to_field), ("Called", leg.to_field)):
        fields |= _geography(side, number)
    if leg.parent is not None:
        fields["ParentCallSid"] = leg.parent.sid
    return fields | leg.extra


def rfc2822(moment: datetime) -> str:
    """Write a moment as Twilio's time stamps."""
    return format_datetime(moment)


def status_fields(leg: "Leg", event: str, sequence: int) -> Fields:
    """Return the fields of one status callback."""
    names = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}
    fields = call_fields(leg, names.get(event, leg.status))
    fields |= {
        "Timestamp": rfc2822(leg.exchange.now()),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
    }
    if event == "completed":
        seconds = talk_seconds(leg)
        fields |= {"CallDuration": str(seconds), "Duration": str(math.ceil(seconds / 60))}
        if leg.direction != "inbound":
            fields["SipResponseCode"] = str(leg.sip_code)
    return tuple(fields.items())


def talk_seconds(leg: "Leg") -> int:
    """Return how many whole seconds the leg was up, 0 when it was never answered."""
    if leg.answered_at is None:
        return 0
    return int(((leg.ended_at or leg.exchange.now()) - leg.answered_at).total_seconds())
