"""Which parameters does each REST operation know, and which values may they take?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.simulator.twiml_rules import EVENTS, looks_like_address, one_of, whole

Values = dict[str, list[str]]


class RestError(Exception):
    """A request that is not performed; `violation` marks one that the service should never send."""

    def __init__(self, status: int, code: int, message: str, violation: bool = False) -> None:
        super().__init__(f"{code} {message}")
        self.status, self.code, self.message, self.violation = status, code, message, violation

    def as_answer(self) -> tuple[int, dict[str, object]]:
        """Return the error as Twilio writes it."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return self.status, {
            "code": self.code,
            "message": self.message,
            "more_info": more,
            "status": self.status,
        }


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 moment or day of a filter as UTC; raise ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = datetime.fromisoformat(text[:10] + "T00:00:00+00:00")
    return moment


def _moment(text: str) -> bool:
    try:
        read_moment(text)
    except ValueError:
        return False
    return True


def _absolute(text: str) -> bool:
    return "://" in text and looks_like_address(text)


def _some(text: str) -> bool:
    return bool(text)


def _call_sid(text: str) -> bool:
    return bool(re.match(r"CA[0-9a-fA-F]{32}\Z", text))


_METHOD = one_of("GET", "POST")
_STATUS = one_of("queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled")
_PAGE = {"PageSize": whole(1, 1000), "Page": whole(0, 10**6), "PageToken": _some}
_CALLBACK = {
    "StatusCallback": _absolute,
    "StatusCallbackMethod": _METHOD,
    "FallbackUrl": _absolute,
    "FallbackMethod": _METHOD,
}

PARAMETERS = {
    "create_call": {
        "To": _some,
        "From": _some,
        "Url": _absolute,
        "Twiml": lambda text: 0 < len(text) <= 4000,
        "Method": _METHOD,
        "StatusCallbackEvent": EVENTS.__contains__,
        "Timeout": whole(1, 600),
        "TimeLimit": whole(1, 14400),
        "SendDigits": _some,
        "CallReason": lambda text: 0 < len(text) <= 50,
        "MachineDetection": one_of("Enable", "DetectMessageEnd"),
        "AsyncAmd": one_of("true", "false"),
        "AsyncAmdStatusCallback": _absolute,
        "AsyncAmdStatusCallbackMethod": _METHOD,
        **_CALLBACK,
    },
    "update_call": {
        "Url": _absolute,
        "Twiml": lambda text: 0 < len(text) <= 4000,
        "Method": _METHOD,
        "Status": one_of("completed", "canceled"),
        "TimeLimit": whole(1, 14400),
        **_CALLBACK,
    },
    "fetch_call": {},
    "list_calls": {
        "To": _some,
        "From": _some,
        "ParentCallSid": _call_sid,
        "Status": _STATUS,
        "StartTime": _moment,
        "StartTime<": _moment,
        "StartTime>": _moment,
        "EndTime": _moment,
        "EndTime<": _moment,
        "EndTime>": _moment,
        **_PAGE,
    },
    "create_message": {
        "To": _some,
        "From": _some,
        "Body": lambda text: 0 < len(text) <= 1600,
        "StatusCallback": _absolute,
        "ValidityPeriod": whole(1, 36000),
    },
    "fetch_message": {},
    "list_numbers": {"PhoneNumber": _some, "FriendlyName": _some, **_PAGE},
    "list_conferences": {
        "FriendlyName": _some,
        "Status": one_of("init", "in-progress", "completed"),
        **_PAGE,
    },
    "fetch_conference": {},
    "update_conference": {
        "Status": one_of("completed"),
        "AnnounceUrl": _absolute,
        "AnnounceMethod": _METHOD,
    },
    "list_participants": dict(_PAGE),
    "remove_participant": {},
}


def checked(operation: str, pairs: Iterable[tuple[str, str]]) -> Values:
    """Return the parameters by name; raise RestError 400 for an unknown, repeated or impossible one."""
    rules = PARAMETERS[operation]
    values: Values = {}
    for name, value in pairs:
        rule = rules.get(name)
        if rule is None:
            raise RestError(400, 20001, f"unknown parameter {name}", True)
        if not rule(value):
            raise RestError(400, 20001, f"bad value of {name}: {value[:60]!r}", True)
        if name in values and name != "StatusCallbackEvent":
            raise RestError(400, 20001, f"{name} is given twice", True)
        values.setdefault(name, []).append(value)
    return values


@dataclass(frozen=True)
class Asked:
    """One request that passed the checks: the pieces of its path and its parameters."""

    parts: dict[str, str]
    values: Values

    def first(self, name: str, default: str = "") -> str:
        """Return the only value of a parameter."""
        return self.values.get(name, [default])[0]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    @property
    def sid(self) -> str:
        """Return the id of the thing that is meant."""
        return self.parts["sid"]
