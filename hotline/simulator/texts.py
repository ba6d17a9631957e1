"""What becomes of texts, in both directions?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from hotline.simulator.fields import country_of
from hotline.simulator.handset import Handset, ReceivedText
from hotline.simulator.leg import Address
from hotline.simulator.program import Program, Task
from hotline.simulator.twiml_reader import FetchFailed, parse_xml
from hotline.simulator.wire import WebResponse

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

Fields = tuple[tuple[str, str], ...]
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START_WORDS = frozenset({"START", "UNSTOP"})
_STEP_SECONDS = 1.0


@dataclass(eq=False)
class TextMessage:
    """One text from the service, as REST shows it."""

    sid: str
    sender: str
    recipient: str
    body: str
    created_at: datetime
    callback: Address | None
    status: str = "queued"
    error_code: int | None = None


class Texts:
    """Deliver texts, keep who opted out."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange
        self.sent: dict[str, TextMessage] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self._last: dict[str, tuple[Handset, Address, str, Fields]] = {}

    def send(self, sender: str, recipient: str, body: str, callback: str) -> TextMessage:
        """Accept a text from the service; it is sent, then delivered, a second apart."""
        message = TextMessage(
            self.exchange.random_id("SM"),
            sender,
            recipient,
            body,
            self.exchange.now(),
            Address(callback) if callback else None,
        )
        self.sent[message.sid] = message
        self.exchange.agenda.after(_STEP_SECONDS, lambda: self._step(message, "sent"))
        self.exchange.agenda.after(2 * _STEP_SECONDS, lambda: self._deliver(message))
        return message

    def _deliver(self, message: TextMessage) -> None:
        handset = self.exchange.handset_at(message.recipient)
        off = handset is not None and (handset.behaviour.unreachable() or ("", 0))[0] == "failed"
        if handset is None or off:
            message.error_code = 30005 if handset is None else 30003
            self._step(message, "undelivered")
            return
        handset.inbox.append(ReceivedText(self.exchange.now(), message.sender, message.body))
        self.exchange.note("text", handset.name, message.body)
        self._step(message, "delivered")

    def _step(self, message: TextMessage, status: str) -> None:
        message.status = status
        if message.callback is None:
            return
        fields = {
            "AccountSid": self.exchange.account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.sender,
            "To": message.recipient,
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
        }
        if message.error_code is not None:
            fields["ErrorCode"] = str(message.error_code)
        self.exchange.client.post_and_forget(message.callback, tuple(fields.items()))

    def arrive(
        self, handset: Handset, line_number: str, body: str, more: Mapping[str, str | None] | None = None
    ) -> None:
        """Bring a text from a phone to the service; reserved words opt the sender out or in.

        Without `line_number` it goes to the number that takes texts; `more` fields replace the usual ones, or
        leave them out where they are None.
        """
        takers = [line.number for line in self.exchange.lines.values() if line.sms is not None]
        line = self.exchange.line(line_number or next(iter(takers), ""))
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.opted_out.add((handset.number, line.number))
        elif word in START_WORDS:
            self.opted_out.discard((handset.number, line.number))
        if line.sms is not None:
            fields = self._fields(handset, line.number, body)
            fields |= more or {}
            kept = {name: value for name, value in fields.items() if value is not None}
            self._last[handset.number] = (handset, line.sms, line.number, tuple(kept.items()))
            self.arrive_again(handset)

    def arrive_again(self, handset: Handset) -> None:
        """Bring the last text of a phone once more, as after a lost answer: the same SID."""
        program = self._ask(*self._last[handset.number])
        Task(self.exchange.agenda, self.exchange.send, program).start()

    def _fields(self, handset: Handset, line_number: str, body: str) -> dict[str, str | None]:
        sid = self.exchange.random_id("SM")
        return {
            "AccountSid": self.exchange.account_sid,
            "ApiVersion": "2010-04-01",
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "SmsStatus": "received",
            "From": handset.number,
            "To": line_number,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": str(1 + len(body) // 160),
            "FromCity": "",
            "FromState": "",
            "FromZip": "",
            "FromCountry": country_of(handset.number),
            "ToCity": "",
            "ToState": "",
            "ToZip": "",
            "ToCountry": country_of(line_number),
        }

    def _ask(self, handset: Handset, address: Address, line_number: str, fields: Fields) -> Program[None]:
        try:
            response, _ = yield from self.exchange.client.fetch(address, fields, "text")
        except FetchFailed as failed:
            self.exchange.fail(None, failed)
            return
        self._reply(response, handset, line_number)

    def _reply(self, response: WebResponse, handset: Handset, line_number: str) -> None:
        if response.status == 204 or not response.body.strip():
            return
        try:
            root = parse_xml(response.body)
        except ExpatError:
            self.exchange.violate("the answer to a text is no XML")
            return
        if root.tag != "Response":
            self.exchange.violate(f"the answer to a text is <{root.tag}>")
        for child in root:
            if child.tag != "Message" or child.attrib or len(child) or not child.text:
                self.exchange.violate(f"<{child.tag}> in the answer to a text")
            elif (handset.number, line_number) not in self.opted_out:
                self.send(line_number, handset.number, child.text, "")
