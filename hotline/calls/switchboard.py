"""What does every turn of every call need at hand? The service's data, wording and addresses."""

from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex

from hotline.calls.call import Call
from hotline.ivr.flows.cover_v1 import cover_flow
from hotline.ivr.flows.handover_v1 import handover_flow
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.flows.presence_v1 import presence_flow
from hotline.ivr.flows.staff_v1 import staff_flow
from hotline.ivr.flows.telling_v1 import telling_flow
from hotline.ivr.nodes import Flow
from hotline.ivr.prompts import Wording
from hotline.profile import Profile

# Connect and read time-outs, and what Twilio may repeat: turns make repetition harmless.
_MANNERS = "#rt=4000&rc=2&rp=ct,rt,5xx"


@dataclass(frozen=True)
class Urls:
    """Our addresses as Twilio sees them; they carry ids and turns, never a number or a name."""

    public: str

    def caller(self, call: Call, turn: int | str, at: str, room: str = "") -> str:
        """Return where the caller's leg goes next; `room` names the one that it will have left.

        The language travels along, for the sentence that must be said when the call cannot be read.
        """
        own = f"call={call.id}&at={at}{_of(room)}&lang={call.language}"
        return f"{self.public}/twilio/caller?{own}&turn={turn}{_MANNERS}"

    def dialled(self, call: Call, turn: int | str, leg_id: str) -> str:
        """Return where the caller's leg goes on after its own Dial to a person."""
        own = f"call={call.id}&at=dialled&leg={leg_id}&lang={call.language}"
        return f"{self.public}/twilio/caller?{own}&turn={turn}{_MANNERS}"

    def come_in_again(self, language: str) -> str:
        """Return where a caller begins once more, under a turn that has no reply yet."""
        return f"{self.public}/twilio/voice?again={token_hex(4)}&lang={language}{_MANNERS}"

    def backstop(self, index: int, language: str) -> str:
        """Return where a caller goes on after a person of the backstop file."""
        return f"{self.public}/twilio/backstop?index={index}&lang={language}"

    def responder(self, leg_id: str, turn: int | str, at: str, room: str = "") -> str:
        """Return where a responder's leg goes next."""
        return f"{self.public}/twilio/responder?leg={leg_id}&at={at}{_of(room)}&turn={turn}{_MANNERS}"

    def leg_status(self, leg_id: str) -> str:
        """Return who hears how a responder's leg fares."""
        return f"{self.public}/twilio/leg-status?leg={leg_id}{_MANNERS}"

    def room_events(self, room: str) -> str:
        """Return who hears what happens in a room."""
        return f"{self.public}/twilio/room?room={room}{_MANNERS}"

    def room_wait(self, side: str) -> str:
        """Return what is heard alone in a room; `side` is caller or responder."""
        return f"{self.public}/twilio/room-wait?side={side}{_MANNERS}"

    def staff(self, call_id: str, turn: int | str, at: str) -> str:
        """Return where the leg of one of ours goes next who dialled the line."""
        return f"{self.public}/twilio/staff?call={call_id}&at={at}&turn={turn}{_MANNERS}"

    def notice(self, notice_id: str, turn: int | str, at: str) -> str:
        """Return where the leg of an alarm goes next."""
        return f"{self.public}/twilio/notice?notice={notice_id}&at={at}&turn={turn}{_MANNERS}"

    def cover(self, notice_id: str, turn: int | str, at: str) -> str:
        """Return where a leg goes next that asks for cover, or tells that somebody cannot."""
        return f"{self.public}/twilio/cover?notice={notice_id}&at={at}&turn={turn}{_MANNERS}"

    def handover(self, notice_id: str, turn: int | str, at: str) -> str:
        """Return where the leg of a hand-over, or of the morning's numbers, goes next."""
        return f"{self.public}/twilio/handover?notice={notice_id}&at={at}&turn={turn}{_MANNERS}"

    def presence(self, notice_id: str, turn: int | str, at: str) -> str:
        """Return where a leg goes next that asks somebody whether they are there."""
        return f"{self.public}/twilio/presence?notice={notice_id}&at={at}&turn={turn}{_MANNERS}"

    def telling(self, notice_id: str, turn: int | str, at: str) -> str:
        """Return where a leg goes next that tells something about the rota."""
        return f"{self.public}/twilio/telling?notice={notice_id}&at={at}&turn={turn}{_MANNERS}"

    def notice_status(self, notice_id: str) -> str:
        """Return who hears how a notice fares."""
        return f"{self.public}/twilio/notice-status?notice={notice_id}{_MANNERS}"

    def called_back(self, attempt_id: str, at: str) -> str:
        """Return where the leg of somebody who is called back goes next."""
        return f"{self.public}/twilio/called-back?attempt={attempt_id}&at={at}{_MANNERS}"

    def called_back_status(self, attempt_id: str) -> str:
        """Return who hears how the leg of somebody who is called back fares."""
        return f"{self.public}/twilio/called-back-status?attempt={attempt_id}{_MANNERS}"

    def called_back_wait(self) -> str:
        """Return the silence that is heard by somebody who is called back, alone for a moment in the room."""
        return f"{self.public}/twilio/called-back-wait{_MANNERS}"


def _of(room: str) -> str:
    return f"&room={room}" if room else ""


@dataclass(frozen=True)
class Switchboard:
    """The unchanging part of the service that the calls work with."""

    profile: Profile
    callers_wording: Wording
    staff_wording: Wording
    urls: Urls
    line_number: str
    sms_number: str
    ring_seconds: int
    hold_seconds: int
    max_wait_seconds: int
    countries: frozenset[str]

    @cached_property
    def own_numbers(self) -> frozenset[str]:
        """Return the numbers that end here, also the one that is only forwarded to us: never to be rung."""
        return frozenset({self.line_number, self.sms_number, self.profile.service.phone_number} - {""})

    @cached_property
    def caller_flow(self) -> Flow:
        """Return the flow of the caller's leg."""
        return caller_flow(self.profile)

    @cached_property
    def responder_flow(self) -> Flow:
        """Return the flow of a responder's leg."""
        return responder_flow(self.profile)

    @cached_property
    def notice_flow(self) -> Flow:
        """Return the flow of an alarm about what is owed to a caller."""
        return notice_flow(self.profile)

    @cached_property
    def cover_flow(self) -> Flow:
        """Return the flow of a call that asks for cover, or tells that somebody cannot."""
        return cover_flow(self.profile)

    @cached_property
    def handover_flow(self) -> Flow:
        """Return the flow of a hand-over by voice, and of the morning's numbers."""
        return handover_flow(self.profile)

    @cached_property
    def presence_flow(self) -> Flow:
        """Return the flow of a call that asks somebody whether they are there."""
        return presence_flow(self.profile)

    @cached_property
    def telling_flow(self) -> Flow:
        """Return the flow of a call that tells something about the rota."""
        return telling_flow(self.profile)

    @cached_property
    def staff_flow(self) -> Flow:
        """Return the flow of the staff door."""
        return staff_flow(self.profile)
