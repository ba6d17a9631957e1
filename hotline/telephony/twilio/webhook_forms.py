"""What did Twilio tell us? Forms read so that no odd or missing field ever raises."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BeforeValidator
from starlette.datastructures import FormData

LARGEST_BODY = 64 * 1024
_MOST_FIELDS = 500

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def _plain(text: str) -> str:
    return "".join(sign for sign in text[:40] if sign.isascii() and (sign.isalnum() or sign in "._-"))


Ours = Annotated[str, AfterValidator(_plain)]
"""An id or a turn in one of our own addresses, rid of what we never put there."""


def _whole(text: object) -> int:
    return _count(str(text)[:4])


OurNumber = Annotated[int, BeforeValidator(_whole)]
"""A number in one of our own addresses; one that we never put there counts as 0."""


@dataclass(frozen=True)
class VoiceForm:
    """The fields of a voice webhook that we use; absent ones are empty."""

    call_sid: str
    account_sid: str
    caller: str
    called: str
    call_status: str
    digits: str
    dial_call_status: str
    dial_bridged: bool
    error_code: str

    @property
    def is_over(self) -> bool:
        """Tell whether this leg has ended."""
        return self.call_status in OVER


@dataclass(frozen=True)
class RoomForm:
    """The fields of a conference callback that we use."""

    event: str
    call_sid: str


@dataclass(frozen=True)
class TextForm:
    """The fields of a message webhook that we use."""

    message_sid: str
    sender: str
    body: str
    pictures: int


def read_form(body: bytes) -> FormData:
    """Parse a form body, keeping blanks and repetitions; an unreadable one counts as empty."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
            errors="replace",
        )
    except ValueError:
        pairs = []
    return FormData([(name, value) for name, value in pairs])


def voice_form(form: FormData) -> VoiceForm:
    """Read a voice webhook."""
    return VoiceForm(
        call_sid=_text(form, "CallSid", 64),
        account_sid=_text(form, "AccountSid", 64),
        caller=_text(form, "From", 120),
        called=_text(form, "To", 120),
        call_status=_text(form, "CallStatus", 20),
        digits=_text(form, "Digits", 32),
        dial_call_status=_text(form, "DialCallStatus", 20),
        dial_bridged=_text(form, "DialBridged", 8) == "true",
        error_code=_text(form, "ErrorCode", 12),
    )


def room_form(form: FormData) -> RoomForm:
    """Read a conference callback."""
    return RoomForm(event=_text(form, "StatusCallbackEvent", 32), call_sid=_text(form, "CallSid", 64))


def text_form(form: FormData) -> TextForm:
    """Read a message webhook."""
    sids = (_text(form, name, 64) for name in ("MessageSid", "SmsMessageSid", "SmsSid"))
    return TextForm(
        message_sid=next(filter(None, sids), ""),
        sender=_text(form, "From", 120),
        body=_text(form, "Body", 1600),
        pictures=_count(_text(form, "NumMedia", 3)),
    )


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _text(form: FormData, name: str, longest: int) -> str:
    value = form.get(name, "")
    return value.replace("\x00", "").strip()[:longest] if isinstance(value, str) else ""
