"""How are conferences looked at and ended by REST? By CF sid only, never by name."""

from typing import TYPE_CHECKING

from hotline.simulator.rest_calls import page_json
from hotline.simulator.rest_parameters import Asked, RestError
from hotline.simulator.rooms import Room

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

Answer = tuple[int, dict[str, object]]


class RoomDesk:
    """Perform the operations on conferences and their participants."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange

    def list(self, asked: Asked) -> Answer:
        """Return the conferences that pass the filters."""
        found = [
            room_json(room)
            for room in self.exchange.rooms.by_sid.values()
            if asked.first("FriendlyName", room.name) == room.name
            and asked.first("Status", room_status(room)) == room_status(room)
        ]
        return 200, page_json("conferences", found)

    def fetch(self, asked: Asked) -> Answer:
        """Return one conference."""
        return 200, room_json(self._room(asked.sid))

    def update(self, asked: Asked) -> Answer:
        """End a conference: every leg goes on at its own action."""
        room = self._room(asked.sid)
        if asked.first("Status") == "completed":
            room.end("conference-ended-via-api")
        return 200, room_json(room)

    def list_participants(self, asked: Asked) -> Answer:
        """Return who is in a conference."""
        room = self._room(asked.sid)
        return 200, page_json("participants", [_seat_json(room, seat.leg.sid) for seat in room.seats])

    def remove_participant(self, asked: Asked) -> Answer:
        """End one participant's call."""
        room = self._room(asked.sid)
        leg = self.exchange.legs.get(asked.parts["call"])
        if leg is None or room.seat_of(leg) is None:
            raise RestError(404, 20404, "The requested participant was not found")
        leg.finish("completed")
        return 204, {}

    def _room(self, sid: str) -> Room:
        room = self.exchange.rooms.by_sid.get(sid)
        if room is None:
            raise RestError(404, 20404, f"The requested resource /Conferences/{sid}.json was not found")
        return room


def room_status(room: Room) -> str:
    """Return a conference's status as Twilio names it."""
    return "completed" if room.ended else "in-progress" if room.started else "init"


def room_json(room: Room) -> dict[str, object]:
    """Return a conference as Twilio's JSON."""
    account = room.exchange.account_sid
    return {
        "sid": room.sid,
        "account_sid": account,
        "friendly_name": room.name,
        "status": room_status(room),
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{account}/Conferences/{room.sid}.json",
    }


def _seat_json(room: Room, call_sid: str) -> dict[str, object]:
    return {
        "account_sid": room.exchange.account_sid,
        "call_sid": call_sid,
        "conference_sid": room.sid,
        "status": "connected",
        "muted": False,
        "hold": False,
    }
