"""How are texts sent by REST, and which numbers does the account own?"""

from typing import TYPE_CHECKING

from hotline.simulator.fields import rfc2822
from hotline.simulator.rest_calls import page_json
from hotline.simulator.rest_parameters import Asked, RestError
from hotline.simulator.texts import TextMessage
from hotline.simulator.twiml_rules import wrong_number

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

Answer = tuple[int, dict[str, object]]


class TextDesk:
    """Perform the operations on messages and numbers."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange

    def create(self, asked: Asked) -> Answer:
        """Send a text; refused to landlines and to people who opted out."""
        sender, recipient, body = asked.first("From"), asked.first("To"), asked.first("Body")
        if not sender or not recipient or not body:
            raise RestError(400, 21603, "To, From and Body are required", True)
        line = self.exchange.lines.get(sender)
        if line is None or not line.sends_texts:
            raise RestError(400, 21606, "From cannot send texts", True)
        wrong = wrong_number(recipient)
        if wrong:
            raise RestError(400, 21211, f"Invalid 'To' phone number: {wrong}", True)
        if recipient.startswith("+390"):
            raise RestError(400, 21614, "'To' number is not a mobile number")
        if (recipient, sender) in self.exchange.texts.opted_out:
            raise RestError(400, 21610, "Attempt to send to an unsubscribed recipient")
        message = self.exchange.texts.send(sender, recipient, body, asked.first("StatusCallback"))
        return 201, self._message_json(message)

    def fetch(self, asked: Asked) -> Answer:
        """Return one text."""
        message = self.exchange.texts.sent.get(asked.sid)
        if message is None:
            raise RestError(404, 20404, "The requested message was not found")
        return 200, self._message_json(message)

    def list_numbers(self, asked: Asked) -> Answer:
        """Return the account's numbers with the addresses they are set to."""
        found: list[dict[str, object]] = [
            {
                "sid": line.sid,
                "account_sid": self.exchange.account_sid,
                "phone_number": line.number,
                "friendly_name": line.name,
                "voice_url": line.voice.url,
                "voice_method": line.voice.method,
                "voice_fallback_url": line.fallback.url if line.fallback else "",
                "voice_fallback_method": line.fallback.method if line.fallback else "POST",
                "status_callback": line.status.url if line.status else "",
                "status_callback_method": line.status.method if line.status else "POST",
                "sms_url": line.sms.url if line.sms else "",
                "sms_method": line.sms.method if line.sms else "POST",
                "capabilities": {"voice": True, "sms": line.sends_texts, "mms": False, "fax": False},
            }
            for line in self.exchange.lines.values()
            if asked.first("PhoneNumber", line.number) == line.number
        ]
        return 200, page_json("incoming_phone_numbers", found)

    def _message_json(self, message: TextMessage) -> dict[str, object]:
        account = self.exchange.account_sid
        return {
            "sid": message.sid,
            "account_sid": account,
            "from": message.sender,
            "to": message.recipient,
            "body": message.body,
            "status": message.status,
            "direction": "outbound-api",
            "error_code": message.error_code,
            "error_message": None,
            "date_created": rfc2822(message.created_at),
            "date_updated": rfc2822(message.created_at),
            "date_sent": None,
            "num_segments": "1",
            "num_media": "0",
            "api_version": "2010-04-01",
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}.json",
        }
