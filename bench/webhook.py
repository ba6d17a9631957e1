"""How does the bench knock at the service as Twilio would: signed, one request at a time, timed?"""

import html
import http.client
import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode, urlsplit

from hotline.clock import stopwatch
from hotline.simulator.signing import sign

PUBLIC_URL = "https://hotline.example.org"
ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = str(12345)  # made up
LINE = "+39078133000"

_NEXT = re.compile(r'(?:<Gather|<Dial)[^>]* action="([^"]*)"|<Redirect[^>]*>([^<]*)<')

_EVENTS = re.compile(r'<Conference[^>]* statusCallback="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What the service answered, after how many seconds."""

    seconds: float
    status: int
    body: str

    @property
    def then(self) -> str:
        """Return where the leg goes next."""
        found = _NEXT.search(self.body)
        if found is None:
            raise RuntimeError(f"the reply leads nowhere: {self.status} {self.body[:300]}")
        return html.unescape(found.group(1) or found.group(2))

    @property
    def room_events(self) -> str:
        """Return who hears what happens in the room that the leg enters."""
        return html.unescape(_EVENTS.findall(self.body)[0])

    @property
    def is_room(self) -> bool:
        """Tell whether the leg enters a room."""
        return "<Conference" in self.body


class Webhooks:
    """One kept-alive connection on which signed webhooks arrive at a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def post(self, url: str, **fields: str) -> Answer:
        """Deliver one webhook to a path or public address; signing is done before the clock starts."""
        path = url.removeprefix(PUBLIC_URL).partition("#")[0]
        form = {"AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01", "To": LINE, "Direction": "inbound"}
        form |= fields
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": sign(AUTH_TOKEN, PUBLIC_URL + path, form.items()),
        }
        body = urlencode(form).encode()
        began = stopwatch()
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        seconds = stopwatch() - began
        if answer.status >= 300:
            raise RuntimeError(f"{urlsplit(path).path} answered {answer.status}: {text[:300]}")
        return Answer(seconds, answer.status, text)

    def __enter__(self) -> "Webhooks":
        return self

    def __exit__(self, *_error: Any) -> None:
        self._connection.close()


def new_sid() -> str:
    """Return the SID of a leg."""
    return f"CA{token_hex(16)}"
