"""How do we ask Twilio to ring, redirect, end and text? The `Line` over Twilio's REST API."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from hotline.errors import BadInput
from hotline.phone_number import check_dialable
from hotline.telephony.line import (
    AlreadyOver,
    IncomingCall,
    LineError,
    NotNow,
    NumberRefused,
    OutcomeUnknown,
    ProviderCall,
    Refused,
    WrongCredentials,
)

_TIMEOUT = httpx.Timeout(3.0, connect=1.0)
_CALL_IS_OVER = 21220
_WRONG_CREDENTIALS = 20003
_NEWEST = 50
_A_PAGE, _MOST_CALLS = 500, 5000
_EVENTS = ["initiated", "ringing", "answered", "completed"]


class _HttpxClient(HttpClient):  # type: ignore[misc]  # the SDK ships no types
    """Carry the SDK's requests over httpx, which has time-outs and no hidden retries."""

    def __init__(self, transport: httpx.BaseTransport | None) -> None:
        super().__init__(logger=logging.getLogger(__name__), is_async=False)
        self.client = httpx.Client(transport=transport, timeout=_TIMEOUT)

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the SDK's signature; our client has its own limits
        allow_redirects: bool = False,  # noqa: ARG002
    ) -> Response:
        answer = self.client.request(
            method, url, params=_without_none(params), data=_without_none(data), headers=headers, auth=auth
        )
        return Response(answer.status_code, answer.text)


class TwilioLine:
    """Ring, redirect, end and text through one Twilio account; refuse numbers nobody may dial.

    `refuses` tells of a number whether its owner has said no.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str,
        number: str,
        sms_number: str,
        countries: frozenset[str],
        transport: httpx.BaseTransport | None = None,
        *,
        refuses: Callable[[str], bool],
    ) -> None:
        self._refuses = refuses
        self._http = _HttpxClient(transport)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._client.api.base_url = api_url
        self._number = number
        self._sms_number = sms_number
        self._countries = countries

    def ring(self, number: str, answer_url: str, status_url: str, seconds: int, duty: bool = False) -> str:
        """Ring `number` for `seconds`; return the leg's SID; raise BadInput for a number nobody may dial."""
        self._check(number, duty)
        call = self._ask(
            lambda: self._client.calls.create(
                to=number,
                from_=self._number,
                url=answer_url,
                status_callback=status_url,
                status_callback_event=_EVENTS,
                timeout=seconds,
            )
        )
        return str(call.sid)

    def redirect(self, sid: str, url: str) -> None:
        """Make the live leg continue at `url`; raise AlreadyOver when it has ended."""
        self._ask(lambda: self._client.calls(sid).update(url=url, method="POST"))

    def hang_up(self, sid: str) -> str:
        """End the leg; return its status as Twilio then gives it."""
        try:
            return str(self._ask(lambda: self._client.calls(sid).update(status="completed")).status)
        except AlreadyOver:
            return "completed"

    def text(self, number: str, body: str, status_url: str, duty: bool = False) -> str:
        """Send an SMS valid for ten minutes; return its SID; raise BadInput for a number nobody may text."""
        self._check(number, duty)
        message = self._ask(
            lambda: self._client.messages.create(
                to=number, from_=self._sms_number, body=body, status_callback=status_url, validity_period=600
            )
        )
        return str(message.sid)

    def look_up(self, sid: str) -> ProviderCall | None:
        """Return what Twilio knows of a leg; nothing of what a webhook without a true SID spoke of."""
        if not (sid.isascii() and sid.isalnum()):
            return None
        try:
            call = self._ask(lambda: self._client.calls(sid).fetch())
        except Refused as error:
            if error.code == 20404:
                return None
            raise
        return ProviderCall(str(call.sid), str(call.status))

    def live_children(self, sid: str) -> tuple[str, ...]:
        """Return the SIDs of the legs that the leg `sid` is ringing or talking with now, by a Dial."""
        found = self._ask(lambda: self._client.calls.list(parent_call_sid=sid, limit=20))
        return tuple(
            str(call.sid) for call in found if not ProviderCall(str(call.sid), str(call.status)).is_over
        )

    def has_dialled(self, sid: str) -> bool:
        """Tell whether the leg `sid` has ever rung a phone by a Dial, its own or that of another host."""
        return bool(self._ask(lambda: self._client.calls.list(parent_call_sid=sid, limit=1)))

    def room_is_on(self, room: str) -> bool:
        """Tell whether two people are together in the room now.

        A room is "completed" also when somebody has waited there alone: afterwards nobody can tell.
        """
        found = self._ask(lambda: self._client.conferences.list(friendly_name=room, limit=1))
        return bool(found) and str(found[0].status) == "in-progress"

    def calls_that_came_in(self, since: datetime) -> tuple[IncomingCall, ...]:
        """Return the calls to our number that began since a moment and are over, oldest first."""
        # Not asked for by number either: see find_ring.
        found = self._ask(
            lambda: self._client.calls.list(start_time_after=since, page_size=_A_PAGE, limit=_MOST_CALLS)
        )
        ours = [
            # The SDK itself calls it so.
            IncomingCall(str(call.sid), str(call._from), call.start_time, call.end_time)  # noqa: SLF001
            for call in found
            if call.direction == "inbound" and call.to == self._number and call.start_time and call.end_time
        ]
        return tuple(sorted(ours, key=lambda one: (one.began_at, one.sid)))

    def find_ring(self, number: str, since: datetime) -> ProviderCall | None:
        """Return the first leg that we rung to `number` since `since`, also one that is still queued.

        Not the newest: whose alarm makes way for a caller is rung again at the same moment.
        Nor what a caller's own Dial rings.
        """
        # Not asked for by number: an address is written down in too many places on its way.
        found = self._ask(lambda: self._client.calls.list(page_size=_NEWEST, limit=_NEWEST))
        # Twilio writes whole seconds; a filter by start time would pass over a queued leg, which has none.
        recent = [
            call
            for call in found
            if call.to == number
            and call.direction == "outbound-api"
            and call.date_created
            and call.date_created >= since.replace(microsecond=0)
        ]
        return ProviderCall(str(recent[-1].sid), str(recent[-1].status)) if recent else None

    def number_settings(self, number: str = "") -> list[dict[str, str]]:
        """Return the webhook addresses set on a number of ours, the line's, for the preflight check."""
        wanted = number or self._number
        found = self._ask(lambda: self._client.incoming_phone_numbers.list(phone_number=wanted, limit=1))
        return [
            {
                "voice_url": str(item.voice_url or ""),
                "voice_fallback_url": str(item.voice_fallback_url or ""),
                "status_callback": str(item.status_callback or ""),
                "sms_url": str(item.sms_url or ""),
            }
            for item in found
        ]

    def close(self) -> None:
        """Close the connections."""
        self._http.client.close()

    def _check(self, number: str, duty: bool) -> None:
        if number in (self._number, self._sms_number):
            raise BadInput("this is a number of the line itself: it would ring itself")
        check_dialable(number, self._countries)
        if not duty and self._refuses(number):
            raise NumberRefused("this number has been refused: nothing here may ring or text it")

    def _ask(self, request: Any) -> Any:
        try:
            return request()
        except TwilioRestException as error:
            raise _translated(error) from None
        except TwilioException:
            # A list that could not be fetched; nothing else raises it, and its text may carry a number.
            raise NotNow("the provider's REST API could not list what was asked for") from None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise NotNow("the provider's REST API could not be reached") from None
        except httpx.HTTPError:
            raise OutcomeUnknown("the provider's answer was lost") from None


def _translated(error: TwilioRestException) -> LineError:
    # The exception's own text may carry a number: only the codes are kept.
    summary = f"the provider answered {error.status}, code {error.code}"
    if error.code == _CALL_IS_OVER:
        return AlreadyOver(summary, error.code)
    if error.status == 429:
        return NotNow(summary, error.code)
    if error.status >= 500:
        return OutcomeUnknown(summary, error.code)
    if error.status == 401 or error.code == _WRONG_CREDENTIALS:
        return WrongCredentials(summary, error.code)
    return Refused(summary, error.code)


def _without_none(values: dict[str, object] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value is not None}
