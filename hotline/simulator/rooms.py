"""Who is in which room, when does it start and end, and where do those who are left go on?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.simulator.dialing import Follow, action_of, ask_and_ignore, callback_of
from hotline.simulator.fields import rfc2822
from hotline.simulator.leg import Address, Leg, Redirected, StatusCallback, Step
from hotline.simulator.program import HungUp, Program, Task, sleep
from hotline.simulator.twiml_reader import Document, Verb
from hotline.simulator.webhook_client import ApplicationError

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

LEFT = "participant-with-end-conference-on-exit-left"
SILENCE = 1.0


@dataclass(eq=False)
class Seat:
    """One leg's place in a room, with the settings of its own Dial."""

    leg: Leg
    noun: Verb
    document: Document
    callback: StatusCallback | None
    out: bool = False
    dropped: bool = False
    music: Task | None = None

    @property
    def starts(self) -> bool:
        """Tell whether the room may start with this participant."""
        return self.noun.flag("startConferenceOnEnter", True)

    @property
    def ends(self) -> bool:
        """Tell whether the room ends when this participant leaves."""
        return self.noun.flag("endConferenceOnExit")

    def stop_music(self) -> None:
        """End what the waiting participant hears."""
        if self.music is not None:
            self.music.stop()
            self.music = None


class Room:
    """One conference from its first participant to its end."""

    def __init__(self, exchange: "Exchange", name: str) -> None:
        self.exchange, self.name = exchange, name
        self.sid = exchange.random_id("CF")
        self.seats: list[Seat] = []
        self.started = False
        self.ended = False
        self.callback: StatusCallback | None = None
        self._first = True
        self._sequence = 0

    def enter(self, seat: Seat) -> None:
        """Take a participant in; the second one starts the room if one of them may."""
        if self._first:
            self.callback, self._first = seat.callback, False
        self.seats.append(seat)
        self._tell("join", "participant-join", seat)
        if not self.started and len(self.seats) >= 2 and any(each.starts for each in self.seats):
            self.started = True
            for each in self.seats:
                each.stop_music()
            self._tell("start", "conference-start", None)
        if self.started:
            self.exchange.talks.join(self, [each.leg for each in self.seats])
        else:
            self.exchange.note("wait", seat.leg.name)

    def leave(self, seat: Seat, why: str) -> None:
        """Let a participant go; whoever has endConferenceOnExit takes the room down."""
        if seat not in self.seats:
            return
        self._release(seat)
        reason = {"ReasonParticipantLeft": why}
        self._tell("leave", "participant-leave", seat, reason)
        if seat.ends:
            self.end(LEFT, seat)
        elif not self.seats:
            self.end("last-participant-left", seat)
        elif self.started:
            self.exchange.talks.join(self, [each.leg for each in self.seats])

    def end(self, why: str, by: Seat | None = None) -> None:
        """Close the room and send every remaining leg to its own action."""
        if self.ended:
            return
        self.ended = True
        self.exchange.rooms.forget(self)
        self.exchange.talks.part(self)
        for seat in list(self.seats):
            self._release(seat)
            self._tell("leave", "participant-leave", seat, {"ReasonParticipantLeft": "conference_ended"})
        by_whom = {"CallSidEndingConference": by.leg.sid} if by else {}
        self._tell("end", "conference-end", None, {"ReasonConferenceEnded": why} | by_whom)

    def seat_of(self, leg: Leg) -> Seat | None:
        """Return a leg's place in this room, or None."""
        return next((seat for seat in self.seats if seat.leg is leg), None)

    def _release(self, seat: Seat) -> None:
        self.seats.remove(seat)
        seat.stop_music()
        seat.out = True
        if seat.leg.task is not None:
            seat.leg.task.nudge()

    def _tell(self, event: str, name: str, seat: Seat | None, more: dict[str, str] | None = None) -> None:
        if self.callback is None or event not in self.callback.events:
            return
        fields = {
            "AccountSid": self.exchange.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": name,
            "SequenceNumber": str(self._sequence),
            "Timestamp": rfc2822(self.exchange.now()),
        }
        self._sequence += 1
        if seat is not None:
            fields |= {
                "CallSid": seat.leg.sid,
                "Muted": str(seat.noun.flag("muted")).lower(),
                "Hold": "false",
                "Coaching": "false",
                "EndConferenceOnExit": str(seat.ends).lower(),
                "StartConferenceOnEnter": str(seat.starts).lower(),
            }
        self.exchange.client.post_and_forget(self.callback.address, tuple((fields | (more or {})).items()))


class Rooms:
    """Find rooms by name while they live, and by CF sid for ever."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._open: dict[str, Room] = {}
        self.by_sid: dict[str, Room] = {}

    def named(self, name: str) -> Room:
        """Return the live room of that name; a new one is opened when there is none."""
        if name not in self._open:
            room = self._open[name] = Room(self._exchange, name)
            self.by_sid[room.sid] = room
        return self._open[name]

    def forget(self, room: Room) -> None:
        """Free the name of a room that ended."""
        self._open.pop(room.name, None)

    @property
    def live(self) -> list[Room]:
        """Return the rooms that have not ended."""
        return list(self._open.values())


def dial_conference(leg: Leg, verb: Verb, document: Document, follow: Follow) -> Program[Step | None]:
    """Sit in a room until it ends or this leg leaves; return the action to ask, or None without one."""
    noun = verb.children[0]
    action = action_of(verb, document)
    seat = Seat(leg, noun, document, callback_of(noun, document, "start end"))
    room = leg.exchange.rooms.named(noun.text)
    leg.keys_are_air = True
    if verb.flag("hangupOnStar"):
        leg.on_star = lambda: room.leave(seat, "participant_pressed_star")
    limit = leg.exchange.agenda.after(verb.number("timeLimit", 14400), lambda: room.leave(seat, "time_limit"))
    room.enter(seat)
    if not room.started:
        seat.music = Task(leg.exchange.agenda, leg.exchange.send, _waiting(seat, room, follow)).start()
    try:
        while not seat.out:
            yield from sleep(None)
        if seat.dropped:
            leg.finish("completed")
            raise HungUp
    except (HungUp, Redirected) as gone:
        room.leave(seat, "participant_hung_up" if isinstance(gone, HungUp) else "participant_updated_via_api")
        ask_and_ignore(leg, action, _RESULT)
        raise
    finally:
        leg.keys_are_air, leg.on_star = False, None
        limit.cancel()
    return Step(action, _RESULT) if action else None


_RESULT = (("DialCallStatus", "answered"),)


def _waiting(seat: Seat, room: Room, follow: Follow) -> Program[None]:
    """Play the waiting document again and again; one that fails drops the waiting leg."""
    url = seat.noun.attributes.get("waitUrl")
    if not url:
        seat.leg.exchange.note("tone", seat.leg.name, "silence" if url == "" else "Twilio's music")
        return
    address = Address(seat.document.resolve(url), seat.noun.value("waitMethod", "POST"))
    fields = (("ConferenceSid", room.sid), ("FriendlyName", room.name))
    while True:
        began = seat.leg.exchange.now()
        try:
            yield from follow(seat.leg, Step(address, fields), "wait")
        except ApplicationError:
            seat.dropped = True
            room.leave(seat, "wait_url_failed")
            return
        if seat.leg.exchange.now() == began:
            seat.leg.exchange.violate("a waitUrl document that takes no time")
            yield from sleep(SILENCE)
