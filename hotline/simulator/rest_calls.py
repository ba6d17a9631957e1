"""How are calls created, listed, moved and ended by REST?"""

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.simulator.fields import rfc2822, talk_seconds
from hotline.simulator.leg import OVER, Address, Leg, StatusCallback, Step
from hotline.simulator.rest_parameters import Asked, RestError, read_moment
from hotline.simulator.twiml_rules import wrong_number

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

Answer = tuple[int, dict[str, object]]
SECONDS_BETWEEN_STARTS = 1.0
"""A fresh account starts one REST call a second; the others queue in order (twilio-contract §8)."""


class CallDesk:
    """Perform the operations on calls, and start queued ones one a second."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange
        self._queue: deque[tuple[Leg, float]] = deque()
        self._draining = False

    def create(self, asked: Asked) -> Answer:
        """Create a call: queued, and started within the account's rate."""
        recipient, sender = asked.first("To"), asked.first("From")
        _check_numbers(self.exchange, recipient, sender)
        leg = self.exchange.new_leg("outbound-api", sender, recipient)
        leg.program = self.exchange.life_from(leg, _first_step(asked))
        leg.time_limit = int(asked.first("TimeLimit", "14400"))
        if "StatusCallback" in asked:
            address = Address(asked.first("StatusCallback"), asked.first("StatusCallbackMethod", "POST"))
            leg.callback = StatusCallback(
                address, frozenset(asked.values.get("StatusCallbackEvent", ["completed"]))
            )
        if "FallbackUrl" in asked:
            leg.fallback = Address(asked.first("FallbackUrl"), asked.first("FallbackMethod", "POST"))
        self._queue.append((leg, float(asked.first("Timeout", "60"))))
        if not self._draining:
            self._draining = True
            self.exchange.agenda.after(0, self._start_next)
        return 201, call_json(leg)

    def _start_next(self) -> None:
        while self._queue and self._queue[0][0].over:
            self._queue.popleft()
        if not self._queue:
            self._draining = False
            return
        leg, timeout = self._queue.popleft()
        leg.queue_seconds = (self.exchange.now() - leg.created_at).total_seconds()
        self.exchange.agenda.after(SECONDS_BETWEEN_STARTS, self._start_next)
        self.exchange.ring(leg, timeout)

    def fetch(self, asked: Asked) -> Answer:
        """Return one call."""
        return 200, call_json(self._leg(asked.sid))

    def list(self, asked: Asked) -> Answer:
        """Return the calls that pass every filter, newest first."""
        found = [leg for leg in reversed(self.exchange.legs.values()) if _passes(leg, asked)]
        size = int(asked.first("PageSize", "50"))
        page = int(asked.first("Page", "0"))
        shown = found[page * size : (page + 1) * size]
        return 200, page_json("calls", [call_json(leg) for leg in shown], page, size)

    def update(self, asked: Asked) -> Answer:
        """Move a live call to another document, or end it."""
        leg = self._leg(asked.sid)
        if "Url" in asked and "Twiml" in asked:
            raise RestError(400, 21220, "Url and Twiml together", True)
        if leg.over:
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        status = asked.first("Status")
        if status == "canceled" and leg.status == "in-progress":
            raise RestError(400, 21220, "Call is in progress. Cannot cancel.", True)
        if status:
            leg.finish("completed" if leg.status == "in-progress" else "canceled", 487)
        elif "Url" in asked or "Twiml" in asked:
            if leg.status != "in-progress":
                raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
            leg.redirect(_first_step(asked))
        return 200, call_json(leg)

    def _leg(self, sid: str) -> Leg:
        leg = self.exchange.legs.get(sid)
        if leg is None:
            raise RestError(404, 20404, f"The requested resource /Calls/{sid}.json was not found")
        return leg


def _check_numbers(exchange: "Exchange", recipient: str, sender: str) -> None:
    if not recipient or not sender:
        raise RestError(400, 21201 if not recipient else 21213, "To and From are required", True)
    wrong = wrong_number(recipient)
    if wrong:
        raise RestError(400, 21211, f"Invalid 'To' phone number: {wrong}", True)
    if sender not in exchange.owned_numbers():
        raise RestError(400, 21210, "From is not a number of the account", True)


def _first_step(asked: Asked) -> Step:
    if "Url" in asked:
        return Step(Address(asked.first("Url"), asked.first("Method", "POST")))
    if "Twiml" in asked:
        return Step(twiml=asked.first("Twiml").encode())
    raise RestError(400, 21205, "Url or Twiml is required", True)


def _passes(leg: Leg, asked: Asked) -> bool:
    wanted = {"To": leg.to_field, "From": leg.from_field, "Status": leg.status}
    wanted["ParentCallSid"] = leg.parent.sid if leg.parent else ""
    for name, actual in wanted.items():
        if name in asked and asked.first(name) != actual:
            return False
    times = {"StartTime": leg.started_at, "EndTime": leg.ended_at}
    return all(_in_time(name, moment, asked) for name, moment in times.items())


def _in_time(name: str, moment: datetime | None, asked: Asked) -> bool:
    for mark in ("", "<", ">"):
        if name + mark not in asked:
            continue
        wanted = read_moment(asked.first(name + mark))
        if moment is None:
            return False
        if mark and (moment - wanted).total_seconds() * {"<": 1, ">": -1}[mark] > 0:
            return False
        if not mark and moment.date() != wanted.date():
            return False
    return True


def _stamp(moment: datetime | None) -> str | None:
    return rfc2822(moment) if moment is not None else None


def call_json(leg: Leg) -> dict[str, object]:
    """Return a call as Twilio's JSON."""
    account = leg.exchange.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Calls/{leg.sid}"
    return {
        "sid": leg.sid,
        "account_sid": account,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "to": leg.to_field,
        "from": leg.from_field,
        "status": leg.status,
        "direction": leg.direction,
        "start_time": _stamp(leg.started_at),
        "end_time": _stamp(leg.ended_at),
        "duration": str(talk_seconds(leg)) if leg.status in OVER else None,
        "date_created": _stamp(leg.created_at),
        "date_updated": _stamp(leg.ended_at or leg.answered_at or leg.created_at),
        "queue_time": str(int(leg.queue_seconds * 1000)),
        "answered_by": None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {},
    }


def page_json(name: str, items: list[dict[str, object]], page: int = 0, size: int = 50) -> dict[str, object]:
    """Return a list as one of Twilio's pages."""
    return {
        name: items,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(0, len(items) - 1),
        "next_page_uri": None,
        "previous_page_uri": None,
        "first_page_uri": "",
        "uri": "",
    }
